import { amountOf } from "./amount";
import type { Policy } from "./policy";

type Exposure = Policy["exposure"];

/**
 * Up to how many of a sweep's VMs may have been begun at each step of the ramp, in its order: never fewer than at the
 * step before, at least one, at most all. Shares are rounded down.
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
 * How many of a sweep's VMs may be in flight and not yet verified now.
 * The next step of the ramp begins when every VM of the steps before is settled: verified, or ended untouched.
 *
 * @param vms all that the sweep has
 * @param settled those of them that are no exposure any more
 */
export function exposureLimit(exposure: Exposure, vms: number, settled: number): number {
  const step = rampSteps(exposure, vms).find((upTo) => upTo > settled) ?? vms;
  return Math.max(0, Math.min(exposureCap(exposure, vms), step - settled));
}
