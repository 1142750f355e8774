import type { Requests } from "./requests";

/** What a contender leaves behind, for one judge to measure. Instants are milliseconds since the epoch. */
export interface Played {
  readonly startedAt: number;
  /** When the last VM's outcome was known. */
  readonly endedAt: number;
  /** How many VMs ended with each outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** What simulated Azure wrote down. */
  readonly requests: Requests;
  /** Starts, activities, timers and events of the durable engine; none for a plain loop. */
  readonly workItems: number;
}

export const tally = (outcomes: Iterable<string>): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).toSorted(([one], [other]) => (one < other ? -1 : 1)));
};
