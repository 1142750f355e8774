import { amountOf } from "./amount";
import type { Policy } from "./policy";

type Exposure = Policy["exposure"];

/**
 * Up to how many of a sweep's VMs may be verified, failed or in flight at each step of the ramp, in its order: never
 * fewer than at the step before, at least one, at most all. Shares are rounded down.
 */
export function rampSteps({ ramp }: Exposure, vms: number): number[] {
  let before = Math.min(1, vms);
  return ramp.map((step) => {
    const wanted = step === "rest" ? vms : amountOf(step, vms);
    before = Math.max(before, Math.min(wanted, vms));
    return before;
  });
}

/** The most VMs that may be in flight and not yet verified; at least one, for a sweep would never begin otherwise. */
export const exposureCap = ({ cap }: Exposure, vms: number): number => Math.min(vms, Math.max(1, amountOf(cap, vms)));

/**
 * How many of a sweep's VMs may be in flight, or failed, and not verified now.
 * The next step of the ramp begins when as many VMs are verified as the steps before hold. A VM that ended untouched
 * gives its place to another and lets nothing climb: where only such VMs end, VMs go as the first step says.
 *
 * @param vms all that the sweep has
 * @param verified those of them that are known to be well (domain/sweep/verified.ts)
 */
export function exposureLimit(exposure: Exposure, vms: number, verified: number): number {
  const step = rampSteps(exposure, vms).find((upTo) => upTo > verified) ?? vms;
  return Math.max(0, Math.min(exposureCap(exposure, vms), step - verified));
}
