import { nextPoll, TIMER_EARLY_MS, type OperationTiming } from "./operation";

/** Fewer durations than these say too little. */
export const FEWEST = 8;
/** So many looks are planned; an operation that outlasts them is looked at as if nothing were known. */
const MOST_LOOKS = 12;
/**
 * A look finds the end in two cases of five: some two and a half looks an operation, of which the last comes late by a small part
 * of its duration. Runs differ by their spread, so that those which began together do not look together.
 */
const LEAST_CHANCE = 0.32;
const CHANCE_SPREAD = 0.17;

/**
 * When to look at an operation, in milliseconds after it was accepted, by how long operations of its kind took.
 *
 * @param durations milliseconds, in any order
 * @param spread 0 to 1, from a hash of the run
 * @returns nothing when too few durations are known
 */
export function plannedLooks(durations: readonly number[], { pollEveryMs }: OperationTiming, spread: number): number[] {
  if (durations.length < FEWEST) return [];
  const sorted = durations.toSorted((one, other) => one - other);
  const chance = LEAST_CHANCE + CHANCE_SPREAD * spread;
  const looks: number[] = [];
  for (let last = 0; looks.length < MOST_LOOKS;) {
    const longer = sorted.filter((duration) => duration > last);
    const end = longer[Math.ceil(longer.length * chance) - 1];
    if (end === undefined) break;
    last = Math.max(end, last + pollEveryMs);
    looks.push(last);
  }
  return looks;
}

/** Half as long again each time: some seven looks at an installation of 8 to 25 minutes, where one a minute takes sixteen. */
const GROWTH = 1.5;
/** Runs differ by as much, so that those which began together do not look together. */
const GROWING_SPREAD = 0.25;

/**
 * When to look at one operation of many of which nothing is known yet: nobody waits for this one, so that its end may be
 * seen late by a part of the time that it took.
 *
 * @returns milliseconds after it was accepted
 */
export function growingLooks({ pollEveryMs }: OperationTiming, spread: number): number[] {
  const first = 2 * pollEveryMs * (1 + GROWING_SPREAD * spread);
  return Array.from({ length: MOST_LOOKS }, (_, index) => Math.round(first * GROWTH ** index));
}

/** When to look next: at the next planned time, or as if nothing were known. Azure's `Retry-After` may only slow it down. */
export function nextLook(
  now: number,
  followed: { readonly since: number; readonly looks: readonly number[] },
  everyMs: number,
  spread: number,
  retryAfterMs = 0,
): number {
  const planned = followed.looks.map((look) => followed.since + look).find((instant) => instant > now + TIMER_EARLY_MS);
  return planned === undefined
    ? nextPoll(now, everyMs, spread, retryAfterMs)
    : Math.max(planned, nextPoll(now, 0, 0, retryAfterMs));
}
