import { isPoint, type Entry, type Point } from "./journal";
import type { Past } from "./past";

export const sides = ["before", "after"] as const;
export type Side = (typeof sides)[number];

/** A crash just before or just after one point of a journal. */
export interface Cut {
  /** Counts the journal's points from 1. */
  readonly point: number;
  readonly side: Side;
  readonly label: string;
  /** So many entries happened. */
  readonly length: number;
  readonly at: number;
}

/** Two crashes for every point of the journal's entries from the index on. */
export function cutsOf(journal: readonly Entry[], fromIndex: number): Cut[] {
  const points = journal.flatMap((entry, index) => (isPoint(entry) ? [{ entry, index }] : []));
  return points.flatMap(({ entry, index }, order) =>
    index < fromIndex ? [] : sides.map((side) => cutAt(entry, index, order + 1, side)),
  );
}

const cutAt = ({ label, t }: Point, index: number, point: number, side: Side): Cut => ({
  point,
  side,
  label,
  length: side === "before" ? index : index + 1,
  at: t,
});

/** Just after one point and just before the next, at the same time, is the same crash: each group is played once. */
export function distinct(cuts: readonly Cut[]): Cut[] {
  return [...new Map(cuts.map((cut) => [`${cut.length} ${cut.at}`, cut])).values()];
}

export const pastOf = (journal: readonly Entry[], { length, at }: Cut, downSeconds: number): Past => ({
  entries: journal.slice(0, length),
  crashedAt: at,
  downMs: downSeconds * 1000,
});
