import { policyDurationMs } from "../../policy/duration";
import { plannedState, type StageTally } from "../state";
import { TICK_MS } from "../tick";
import type { ReleaseTimes } from "./open-times";
import { vmsOf, type PlannedSweep } from "./plan";
import { Images } from "./images";
import { StagePlay, type PlayedStage } from "./stage-play";

export interface Play {
  /** As far as it came: a sweep whose windows never open again ends nowhere. */
  readonly stages: readonly PlayedStage[];
  /** Lanes that were looked at: a measure of the work. */
  readonly looks: number;
}

/**
 * One course that the sweep may take, by the planner's own rules: stage after stage with their waits, windows, ramp,
 * exposure, concurrency, groups, verdicts of image versions, rate. It ticks as a sweep does, once a minute.
 *
 * @param grain VMs of a lane that go and end together: more of them is less work, and a coarser course
 */
export function playSweep(sweep: PlannedSweep, times: ReleaseTimes, random: () => number, grain: number): Play {
  const { policy } = sweep;
  const sizes = sweep.stages.map(vmsOf);
  const tallies: StageTally[] = [...plannedState(sizes, sweep.now).stages];
  const images = new Images(sweep);
  const stages: PlayedStage[] = [];
  let now = sweep.now;
  let looks = 0;
  for (const [index, lanes] of sweep.stages.entries()) {
    if (sizes[index] === 0) {
      stages.push({ heldBack: 0 });
      continue;
    }
    const stage = new StagePlay({ sweep, index, lanes, tallies, images, random, grain });
    const played = stage.play(now, times);
    looks += stage.looks;
    stages.push(played);
    if (played.ends === undefined) break;
    const wait = policyDurationMs(policy.stages[index]?.wait ?? "") ?? 0;
    now = played.ends + Math.ceil(wait / TICK_MS) * TICK_MS;
  }
  return { stages, looks };
}
