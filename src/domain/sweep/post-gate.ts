import type { OutcomeCode } from "../outcome/table";
import { amountOf } from "../policy/amount";
import type { Policy } from "../policy/policy";
import { failureBudgetsOf } from "../policy/failure-budget";
import { closedTimes } from "./closed-times";
import type { SweepControl, SweepState } from "./state";

/** A request that a run of a sweep is about to send. */
export interface SweepPost {
  readonly policy: Policy;
  readonly control: SweepControl;
  readonly state: SweepState;
  readonly operation: "assess" | "install";
  /** The stage of each VM that failed so far, whether the sweep's last tick knew of it or not. */
  readonly failedStages: readonly number[];
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
  const spent = spentBudget(policy, state, post.failedStages);
  if (spent !== undefined) return { code: "SweepStopped", detail: spent };
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
