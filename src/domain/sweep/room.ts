import { exposureLimit } from "../policy/exposure";
import type { Policy } from "../policy/policy";
import { sumOf, type SweepState } from "./state";
import type { InFlight } from "./tick";

/** How many more VMs may be in flight. Negative: fewer than are. */
export interface Room {
  readonly concurrency: number;
  readonly exposure: number;
  /** As many as get their turn to assess soon: whoever is released earlier waits, and holds its VM for nothing. */
  readonly turns: number;
}

/**
 * VMs that may wait for their first turn. More than the rate limits let begin until the next tick (azure/limits.ts: 200 a
 * minute of a region), and few enough that each comes within some two minutes.
 */
const MOST_WAITING = 250;

/** Room beside so many VMs in flight. An assessment changes nothing on a VM, so it is no exposure. */
export function roomOf(
  policy: Policy,
  { stages, current }: Pick<SweepState, "stages" | "current">,
  active: readonly Pick<InFlight, "waits">[],
): Room {
  const concurrency = Math.min(policy.concurrency, policy.stages[current]?.concurrency ?? policy.concurrency);
  const failed = sumOf(stages, "failed");
  const limit = exposureLimit(policy.exposure, sumOf(stages, "vms"), sumOf(stages, "verified"));
  const inFlight = active.length;
  return {
    concurrency: concurrency - inFlight,
    exposure: policy.mode === "assess" ? Number.POSITIVE_INFINITY : limit - failed - inFlight,
    turns: MOST_WAITING - active.filter(({ waits }) => waits).length,
  };
}

/** VMs that may be released now. */
export const freeOf = ({ concurrency, exposure, turns }: Room): number =>
  Math.max(0, Math.min(concurrency, exposure, turns));
