import { closed, drawn, earliest, FULL, isFull, told, type Asker, type Bucket, type Pace } from "./bucket";

/** The buckets that calls of one kind draw on, and the calls that may leave. Changed as a whole. */
export interface Book {
  readonly buckets: Readonly<Record<string, Bucket>>;
  /** By the key of the call. */
  readonly grants: Readonly<Record<string, Grant>>;
}

export interface Grant {
  /** Our clock: the call may leave from then on, until the grant is void. */
  readonly at: number;
  /** The names of the buckets that were drawn on. */
  readonly buckets: readonly string[];
}

export const EMPTY_BOOK: Book = { buckets: {}, grants: {} };

/** A bucket that a call draws on. */
export interface Draw {
  readonly bucket: string;
  readonly pace: Pace;
}

export interface Ask {
  /** The same for the same call, however often it is asked for. */
  readonly key: string;
  readonly asker: Asker;
  readonly draws: readonly Draw[];
  /** The same call may come again and is drawn for again: its grant is gone once it is used. */
  readonly repeatable: boolean;
  /** 0 to 1, from a hash: who is sent away comes back at a time of its own. */
  readonly spread: number;
}

export type Answer =
  | { readonly kind: "granted"; readonly at: number }
  /** Too many are before it: nothing is granted so far ahead. */
  | { readonly kind: "askAgain"; readonly at: number };

/**
 * Nothing is granted further ahead. A sweep reaches less far, so that a single run never waits for long behind one:
 * its reserve outlasts most of this.
 */
const AHEAD_MS: Readonly<Record<Asker, number>> = { single: 60_000, sweep: 30_000 };
/** A grant that is not used by then is void. Timers and busy workers may be late; what all are late by adds up to a burst. */
const VOID_AFTER_MS = 30_000;

/** The grant that the call has, until it is void. */
export function grantIn(book: Book, key: string, now: number): Grant | undefined {
  const grant = book.grants[key];
  return grant && isValid(grant, now) ? grant : undefined;
}

const isValid = ({ at }: Grant, now: number): boolean => now < at + VOID_AFTER_MS;

export interface Answered {
  readonly answers: readonly Answer[];
  /** Absent when it is as before. */
  readonly book?: Book;
}

/** Answers all asks, in their order. A call that was granted already keeps its grant until that is void. */
export function answerAll(book: Book, asks: readonly Ask[], now: number): Answered {
  const buckets = new Map(Object.entries(book.buckets).filter(([, bucket]) => !isFull(bucket, now)));
  const grants = new Map(Object.entries(book.grants).filter(([, grant]) => isValid(grant, now)));
  const answers: Answer[] = [];
  let changed = false;
  for (const ask of asks) {
    const known = grants.get(ask.key);
    if (known) {
      answers.push({ kind: "granted", at: known.at });
      if (ask.repeatable && known.at <= now) changed = grants.delete(ask.key);
      continue;
    }
    const times = ask.draws.map(({ bucket, pace }) => earliest(buckets.get(bucket) ?? FULL, pace, ask.asker));
    const at = Math.max(now, ...times);
    if (at - now > AHEAD_MS[ask.asker]) {
      answers.push({ kind: "askAgain", at: comeBackAt(ask, at, now) });
      continue;
    }
    answers.push({ kind: "granted", at });
    changed = true;
    for (const { bucket, pace } of ask.draws) buckets.set(bucket, drawn(buckets.get(bucket) ?? FULL, pace, at, now));
    if (!ask.repeatable || at > now) grants.set(ask.key, { at, buckets: ask.draws.map(({ bucket }) => bucket) });
  }
  return changed
    ? { answers, book: { buckets: Object.fromEntries(buckets), grants: Object.fromEntries(grants) } }
    : { answers };
}

/** When there may be room for it: not all at once, and not before half of what is granted now is used. */
function comeBackAt({ asker, spread }: Ask, at: number, now: number): number {
  const half = AHEAD_MS[asker] / 2;
  return Math.max(now + half, at - AHEAD_MS[asker]) + Math.floor(spread * half);
}

/** Azure told how many tokens are left. Undefined when that is no news. */
export function afterRemaining(book: Book, { bucket, pace }: Draw, remaining: number, now: number): Book | undefined {
  const known = book.buckets[bucket] ?? FULL;
  const outstanding = grantsOf(book, bucket).filter(([, { at }]) => at > now).length;
  const next = told(known, pace, remaining, outstanding, now);
  // Less than one token is how the lumps of the refill look from here.
  if (next.fullAt - Math.max(known.fullAt, now) < pace.intervalMs) return undefined;
  return { ...book, buckets: { ...book.buckets, [bucket]: next } };
}

/** Several calls that left together are refused with almost the same time to come back. */
const SAME_REFUSAL_MS = 2_000;

/** Azure refused a call until then. The calls that were to leave before are to ask anew. Undefined when that is no news. */
export function afterRefusal(book: Book, { bucket, pace }: Draw, until: number, now: number): Book | undefined {
  const known = book.buckets[bucket] ?? FULL;
  if (until <= known.closedUntil + SAME_REFUSAL_MS) return undefined;
  const outstanding = grantsOf(book, bucket).filter(([, { at }]) => at > now);
  const withdrawn = new Set(outstanding.filter(([, { at }]) => at < until).map(([key]) => key));
  return {
    buckets: { ...book.buckets, [bucket]: closed(pace, until, outstanding.length - withdrawn.size) },
    grants: Object.fromEntries(Object.entries(book.grants).filter(([key]) => !withdrawn.has(key))),
  };
}

const grantsOf = (book: Book, bucket: string): [string, Grant][] =>
  Object.entries(book.grants).filter(([, { buckets }]) => buckets.includes(bucket));
