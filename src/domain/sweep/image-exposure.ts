import { amountOf } from "../policy/amount";
import { rampSteps } from "../policy/exposure";
import type { Policy } from "../policy/policy";

/** What the sweep's VMs of one image version have shown so far. */
export interface ImageProof {
  /** VMs known to be well with the policy's patches. */
  readonly verified: number;
  /** VMs that were harmed (harm.ts). */
  readonly failed: number;
}

export type ImageRoom =
  /** So many more of its VMs may be in flight. */
  { readonly kind: "room"; readonly most: number } | { readonly kind: "holdBack"; readonly detail: string };

export const noProof: ImageProof = { verified: 0, failed: 0 };

/** The step of the ramp that an image version is at; undefined: it has climbed them all. @param steps rampSteps of its VMs */
export const imageStep = (steps: readonly number[], vms: number, verified: number): number | undefined =>
  steps.find((step) => step > verified && step < vms);

/**
 * How far a sweep may go with the VMs of one image version, beside what it may do in all.
 *
 * A patch that hurts mostly hurts machines that are alike, and VMs of other image versions prove nothing about it. So the
 * ramp of exposure counts for each image version too, with its own VMs, up to the last step; and no more of its VMs
 * may fail than the failure budget is of them. One that fails at an earlier step keeps the next from beginning: the
 * others are held back at once, while other image versions go on.
 *
 * @param vms of the image version in the current stage
 * @param inFlight of the image version
 */
export function imageRoom(
  { mode, exposure, failureBudget }: Pick<Policy, "mode" | "exposure" | "failureBudget">,
  vms: number,
  { verified, failed }: ImageProof,
  inFlight: number,
): ImageRoom {
  if (mode === "assess") return { kind: "room", most: Number.POSITIVE_INFINITY };
  const allowed = amountOf(failureBudget, vms);
  const upTo = imageStep(rampSteps(exposure, vms), vms, verified);
  if (failed > (upTo === undefined ? allowed : 0)) {
    const which = `${failed} of its image version failed`;
    return {
      kind: "holdBack",
      detail:
        upTo === undefined
          ? `${which}, failureBudget ${failureBudget} of ${vms} VMs allows ${allowed}`
          : `${which} at the step of ${upTo} VMs of exposure.ramp`,
    };
  }
  return {
    kind: "room",
    most: upTo === undefined ? Number.POSITIVE_INFINITY : Math.max(0, upTo - verified - inFlight),
  };
}
