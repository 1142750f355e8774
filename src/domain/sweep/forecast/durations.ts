import { FEWEST, growingLooks, plannedLooks } from "../../operation/looks";
import type { OperationTiming } from "../../operation/operation";
import { quantile } from "./random";

const MINUTE_MS = 60_000;

export interface Range {
  /** Milliseconds. */
  readonly least: number;
  readonly most: number;
}

/** Of fewer durations nothing is learned. */
export const FEWEST_LEARNED = 3;

/**
 * How long an operation takes where nothing is learned: a first assessment 4 to 11 minutes, an installation that has
 * something to install 8 to 25 (recordings and third parties; docs/simulated-azure.md).
 */
export const ASSUMED: Readonly<Record<"assess" | "install", Range>> = {
  assess: { least: 4 * MINUTE_MS, most: 11 * MINUTE_MS },
  install: { least: 8 * MINUTE_MS, most: 25 * MINUTE_MS },
};

/**
 * What a run takes beside its operation (assumed): its looks at the VM; after an assessment the time until Resource
 * Graph has the row, after an installation the look whether the VM is well.
 */
export const AROUND: Readonly<Record<"assess" | "install", Range>> = {
  assess: { least: 45_000, most: 150_000 },
  install: { least: 15_000, most: 120_000 },
};

/** VMs of a kind differ by so much from what is assumed for the kind. */
const ASSUMED_SPREAD = 0.25;

export const within = ({ least, most }: Range, random: () => number): number => least + (most - least) * random();

/**
 * Durations of one kind of operation in one play.
 *
 * - Learned: the durations that were seen, drawn anew from themselves for each play, so that a few that were seen say
 *   less than many; between them by proportion.
 * - Not learned: somewhere in the assumed range for all VMs of the kind, differently in each play.
 */
export function durationsOf(learned: readonly number[], assumed: Range, random: () => number): () => number {
  if (learned.length < FEWEST_LEARNED) {
    const usual = within(assumed, random);
    return () => usual * (1 - ASSUMED_SPREAD + 2 * ASSUMED_SPREAD * random());
  }
  const drawn = learned.map(() => quantile(learned, random())).sort((a, b) => a - b);
  return () => quantile(drawn, random());
}

/** When a run sees the end of an operation: runs look by what is known of its kind. In milliseconds after its acceptance. */
export function untilSeen(
  learned: readonly number[],
  timing: OperationTiming,
  random: () => number,
): (durationMs: number) => number {
  const spread = random();
  const looks = learned.length < FEWEST ? growingLooks(timing, spread) : plannedLooks(learned, timing, spread);
  return (durationMs) => looks.find((look) => look >= durationMs) ?? durationMs;
}
