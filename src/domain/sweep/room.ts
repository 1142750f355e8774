import { exposureLimit } from "../policy/exposure";
import type { Policy } from "../policy/policy";
import { sumOf, type SweepState } from "./state";

/** How many more VMs may be in flight. Negative: fewer than are. */
export interface Room {
  readonly concurrency: number;
  readonly exposure: number;
}

/** Room beside so many VMs in flight. An assessment changes nothing on a VM, so it is no exposure. */
export function roomOf(
  policy: Policy,
  { stages, current }: Pick<SweepState, "stages" | "current">,
  inFlight: number,
): Room {
  const concurrency = Math.min(policy.concurrency, policy.stages[current]?.concurrency ?? policy.concurrency);
  const failed = sumOf(stages, "failed");
  const limit = exposureLimit(policy.exposure, sumOf(stages, "vms"), sumOf(stages, "verified"));
  return {
    concurrency: concurrency - inFlight,
    exposure: policy.mode === "assess" ? Number.POSITIVE_INFINITY : limit - failed - inFlight,
  };
}

/** VMs that may be released now. */
export const freeOf = ({ concurrency, exposure }: Room): number => Math.max(0, Math.min(concurrency, exposure));
