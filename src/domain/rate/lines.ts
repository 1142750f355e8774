import { drawn, isFull, type Asker, type Bucket, type Pace } from "./bucket";

/**
 * Calls that were told when to come back, as if they had drawn already: by asker and bucket, when that bucket is full
 * again. A line counts the turns of those who are served before its asker too, and nothing where nobody waits.
 */
export type Lines = Readonly<Record<string, number>>;

export const NO_LINES: Lines = {};

/** In the order in which they are served: a sweep's calls stand behind those of single runs, never before. */
const ASKERS: readonly Asker[] = ["single", "sweep"];

const nameOf = (asker: Asker, bucket: string): string => `${asker} ${bucket}`;

/** A bucket by its name, with what was drawn so far. */
export interface NamedBucket {
  readonly name: string;
  readonly bucket: Bucket;
}

/** A call for an instant. */
export interface Call {
  readonly pace: Pace;
  readonly at: number;
  readonly now: number;
}

export const hasLine = (lines: Lines, asker: Asker, name: string): boolean => nameOf(asker, name) in lines;

/** The bucket as it will be once all have drawn whose turn comes before the asker's. */
export function seenFrom(lines: Lines, asker: Asker, { name, bucket }: NamedBucket): Bucket {
  return { ...bucket, fullAt: Math.max(bucket.fullAt, lines[nameOf(asker, name)] ?? 0) };
}

/** The lines with one more turn in that of the asker and in those behind it. */
export const linedUp = (lines: Lines, asker: Asker, named: NamedBucket, call: Call): Lines =>
  withCall(lines, ASKERS.slice(ASKERS.indexOf(asker)), named, call);

/** The lines after a call that leaves: one without a turn goes before all that wait, one with its turn is in its own line. */
export function afterCall(lines: Lines, asker: Asker, hadTurn: boolean, named: NamedBucket, call: Call): Lines {
  const others = hadTurn ? ASKERS.slice(0, ASKERS.indexOf(asker)) : ASKERS;
  const waiting = others.filter((other) => hasLine(lines, other, named.name));
  return withCall(lines, waiting, named, call);
}

function withCall(lines: Lines, askers: readonly Asker[], named: NamedBucket, { pace, at, now }: Call): Lines {
  const later = askers.map((asker) => {
    const { fullAt } = drawn(seenFrom(lines, asker, named), pace, at, now);
    return [nameOf(asker, named.name), fullAt] as const;
  });
  return { ...lines, ...Object.fromEntries(later) };
}

/** The lines in which somebody may still wait. */
export function stillWaiting(lines: Lines, bucketOf: (name: string) => Bucket, now: number): Lines {
  const waiting = Object.entries(lines).filter(([line, fullAt]) => {
    const { fullAt: drawnUntil } = bucketOf(line.slice(line.indexOf(" ") + 1));
    return fullAt > drawnUntil && !isFull({ fullAt, closedUntil: 0 }, now);
  });
  return Object.fromEntries(waiting);
}

/** The lines without those before one bucket: all in them ask anew. */
export const withoutBucket = (lines: Lines, name: string): Lines =>
  Object.fromEntries(Object.entries(lines).filter(([line]) => !ASKERS.some((asker) => line === nameOf(asker, name))));

/** The lines after a call that left its tokens unused. */
export const afterReturn = (lines: Lines, name: string, { intervalMs }: Pace): Lines =>
  Object.fromEntries(
    Object.entries(lines).map(([line, fullAt]) => [
      line,
      ASKERS.some((asker) => line === nameOf(asker, name)) ? fullAt - intervalMs : fullAt,
    ]),
  );
