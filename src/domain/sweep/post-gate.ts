import type { OutcomeCode } from "../outcome/table";
import { amountOf } from "../policy/amount";
import type { Policy } from "../policy/policy";
import { failureBudgetsOf } from "../policy/failure-budget";
import { closedTimes } from "./closed-times";
import { imageRoom, noProof } from "./image-exposure";
import type { SweepControl, SweepState } from "./state";

/** A VM of a sweep that failed (harm.ts). */
export interface FailedVm {
  /** Index of its stage. */
  readonly stage: number;
  readonly imageId: string | null;
}

/** A request that a run of a sweep is about to send. */
export interface SweepPost {
  readonly policy: Policy;
  readonly control: SweepControl;
  readonly state: SweepState;
  readonly operation: "assess" | "install";
  /** The VMs that failed so far, whether the sweep's last tick knew of them or not. */
  readonly failed: readonly FailedVm[];
  /** The run's image version, with its VMs of the run's stage; absent when there is none, or nothing harmed it. */
  readonly image?: { readonly id: string; readonly vms: number };
  readonly now: number;
}

export interface ClosedGate {
  readonly code: OutcomeCode;
  readonly detail: string;
}

/** Why a run of a sweep may send nothing now; undefined when it may. */
export function closedSweepGate(post: SweepPost): ClosedGate | undefined {
  const { policy, control, state, operation, now } = post;
  if (control.cancelled) return { code: "SweepCancelled", detail: "the sweep was cancelled" };
  if (state.stop) return { code: "SweepStopped", detail: state.stop.detail };
  const spent = spentBudget(
    policy,
    state,
    post.failed.map(({ stage }) => stage),
  );
  if (spent !== undefined) return { code: "SweepStopped", detail: spent };
  const heldBack = whyHeldBack(post);
  if (heldBack !== undefined) return { code: "ImageHeldBack", detail: heldBack };
  if (control.paused) return { code: "SweepPaused", detail: "the sweep is paused" };
  const detail = closedTimes(policy, operation, now);
  return detail === undefined ? undefined : { code: "OutsideWindow", detail };
}

/** Which failure budget is overdrawn, in words; undefined when none is. */
export function spentBudget(
  policy: Pick<Policy, "failureBudget" | "stages">,
  { stages }: Pick<SweepState, "stages">,
  failedStages: readonly number[],
): string | undefined {
  const budgets = failureBudgetsOf(
    policy,
    stages.map(({ vms }) => vms),
  );
  if (failedStages.length > budgets.overall) {
    return `${failedStages.length} VMs failed, failureBudget ${policy.failureBudget} allows ${budgets.overall}`;
  }
  for (const [index, stage] of policy.stages.entries()) {
    const failed = failedStages.filter((each) => each === index).length;
    const budget = amountOf(stage.failureBudget, stages[index]?.vms ?? 0);
    if (failed > budget) {
      return `${failed} VMs of stage ${stage.name} failed, its failureBudget ${stage.failureBudget} allows ${budget}`;
    }
  }
  return undefined;
}

/** How often VMs of an image version failed: what the last tick counted, or what failed since as well. */
export const failuresOf = (imageId: string, { state, failed }: Pick<SweepPost, "state" | "failed">): number =>
  Math.max(state.proofs[imageId]?.failed ?? 0, failed.filter((vm) => vm.imageId === imageId).length);

/** A VM of the image version was hurt after the run was released: the planner would not release it any more. */
function whyHeldBack(post: SweepPost): string | undefined {
  const { policy, state, image } = post;
  if (!image) return undefined;
  const { verified } = state.proofs[image.id] ?? noProof;
  const room = imageRoom(policy, image.vms, { verified, failed: failuresOf(image.id, post) }, 0);
  return room.kind === "holdBack" ? room.detail : undefined;
}
