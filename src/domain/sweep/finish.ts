import { outcomeOf } from "../outcome/table";
import { MOST_FINISHED, without } from "./lanes";
import { tallied, type SweepState } from "./state";
import type { Finish, SweepVm } from "./tick";

/** As many as one tick ends. */
export function firstOf(finishes: readonly Finish[]): Finish[] {
  let left = MOST_FINISHED;
  return finishes.flatMap(({ keys, ...why }) => {
    const taken = keys.slice(0, left);
    left -= taken.length;
    return taken.length === 0 ? [] : [{ ...why, keys: taken }];
  });
}

/** The state after VMs of the queue ended without a run: no patch has reached them. */
export function finished(state: SweepState, queued: readonly SweepVm[], finishes: readonly Finish[]): SweepState {
  const vms = finishes.flatMap(({ keys, code }) => {
    const names = new Set(keys);
    const { outcome } = outcomeOf(code);
    return queued
      .filter(({ key }) => names.has(key))
      .map(({ stage, lane }) => ({ stage, lane, code, outcome, failed: false, verified: false }));
  });
  return { ...without(state, vms), stages: tallied(state.stages, vms) };
}
