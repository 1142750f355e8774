import { ReleaseTimes } from "./open-times";
import { vmsOf, type PlannedSweep } from "./plan";
import { playSweep, type Play } from "./play";
import { quantile, randomOf } from "./random";

/** When something is expected. Milliseconds since the epoch. */
export interface Expected {
  /** As likely earlier as later. */
  readonly at: number;
  /** Between these in half of all plays, and in nine of ten. */
  readonly within50: readonly [number, number];
  readonly within90: readonly [number, number];
}

export interface StageForecast {
  readonly vms: number;
  /** VMs that are expected to be held back with their image version. */
  readonly heldBack: number;
  /** Null for a stage without VMs, and for one that is not reached within 400 days. */
  readonly begins: Expected | null;
  readonly ends: Expected | null;
}

/** What a sweep is expected to do. */
export interface SweepForecast {
  readonly madeAt: number;
  /** How many courses were played. */
  readonly plays: number;
  readonly stages: readonly StageForecast[];
  /** Null for a sweep without VMs, and for one that does not end within 400 days. */
  readonly ends: Expected | null;
}

const MOST_PLAYS = 120;
const FEWEST_PLAYS = 10;
/** Looks at lanes, after which there are no more plays than are needed: about a second's work. */
const ENOUGH_LOOKS = 1_000_000;
/** More VMs than these go in batches, of which one play has about so many. */
const BATCHES = 2000;

/** Plays the sweep many times and tells between which times its stages begin and end. The same for the same seed. */
export function forecast(sweep: PlannedSweep, seed: number): SweepForecast {
  const random = randomOf(seed);
  const times = new ReleaseTimes(sweep.policy);
  const sizes = sweep.stages.map(vmsOf);
  const grain = Math.max(1, Math.ceil(sizes.reduce((sum, vms) => sum + vms, 0) / BATCHES));
  const plays: Play[] = [];
  let looks = 0;
  while (plays.length < FEWEST_PLAYS || (plays.length < MOST_PLAYS && looks < ENOUGH_LOOKS)) {
    const play = playSweep(sweep, times, random, grain);
    plays.push(play);
    looks += play.looks;
  }
  const stages = sizes.map((vms, index) => ({
    vms,
    heldBack: plays[0]?.stages[index]?.heldBack ?? 0,
    begins: expectedOf(plays.map(({ stages }) => stages[index]?.begins)),
    ends: expectedOf(plays.map(({ stages }) => stages[index]?.ends)),
  }));
  const last = sizes.findLastIndex((vms) => vms > 0);
  return { madeAt: sweep.now, plays: plays.length, stages, ends: stages[last]?.ends ?? null };
}

/** Null when it does not come in each play. */
function expectedOf(instants: readonly (number | undefined)[]): Expected | null {
  const inOrder = instants.filter((instant) => instant !== undefined).sort((a, b) => a - b);
  if (inOrder.length < instants.length) return null;
  const at = (share: number): number => Math.round(quantile(inOrder, share));
  return { at: at(0.5), within50: [at(0.25), at(0.75)], within90: [at(0.05), at(0.95)] };
}
