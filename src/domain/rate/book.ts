import { asked, closed, drawn, earliest, FULL, isFull, told, type Asker, type Bucket, type Pace } from "./bucket";
import {
  afterCall,
  afterReturn,
  hasLine,
  linedUp,
  NO_LINES,
  seenFrom,
  stillWaiting,
  withoutBucket,
  type Lines,
  type NamedBucket,
} from "./lines";

/** The buckets that calls of one kind draw on, and the calls that may leave. Changed as a whole. */
export interface Book {
  readonly buckets: Readonly<Record<string, Bucket>>;
  /** By the key of the call. */
  readonly grants: Readonly<Record<string, Grant>>;
  /** The turns of those who were sent away: two numbers a bucket, however many wait. Absent while nobody does. */
  readonly lines?: Lines;
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
  /** The same call may come again and is drawn for again: its grant is gone once it is used, and it has no place in a line. */
  readonly repeatable: boolean;
  /** 0 to 1, from a hash: who is sent away looks again at a time of its own. */
  readonly spread: number;
  /** The turn that this call was sent away with. */
  readonly turnAt?: number;
}

export type Answer =
  | { readonly kind: "granted"; readonly at: number }
  /** Too many are before it: nothing is granted so far ahead. `turnAt` is its place in the line, and `at` no later. */
  | { readonly kind: "askAgain"; readonly at: number; readonly turnAt?: number };

/**
 * Nothing is granted further ahead. A sweep reaches less far, so that a single run never waits for long behind one:
 * its reserve outlasts most of this.
 */
const AHEAD_MS: Readonly<Record<Asker, number>> = { single: 60_000, sweep: 30_000 };
/** A grant that is not used by then is void. Timers and busy workers may be late; what all are late by adds up to a burst. */
const VOID_AFTER_MS = 30_000;
/** Whoever waits looks again after this or half of it, each at a time of its own: those before it may have gone. */
const LONGEST_ABSENCE_MS = 4 * 60_000;
/**
 * Tokens that lay there for longer were somebody's who did not come: timers and workers are less late. In a bucket that
 * holds less than twice as much, those that filled half of it.
 */
const UNCLAIMED_MS = 5_000;

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
  const page = new Page(book, now);
  const answers = asks.map((ask) => page.answer(ask));
  const next = page.book();
  return next ? { answers, book: next } : { answers };
}

/** The book while it is written in. */
class Page {
  readonly #now: number;
  readonly #buckets: Map<string, Bucket>;
  readonly #grants: Map<string, Grant>;
  #lines: Lines;
  #changed = false;

  constructor({ buckets, grants, lines = NO_LINES }: Book, now: number) {
    this.#now = now;
    this.#buckets = new Map(Object.entries(buckets).filter(([, bucket]) => !isFull(bucket, now)));
    this.#grants = new Map(Object.entries(grants).filter(([, grant]) => isValid(grant, now)));
    this.#lines = lines;
  }

  /** Undefined when it is as before. */
  book(): Book | undefined {
    if (!this.#changed) return undefined;
    const lines = stillWaiting(this.#lines, (name) => this.#named(name).bucket, this.#now);
    return {
      buckets: Object.fromEntries(this.#buckets),
      grants: Object.fromEntries(this.#grants),
      ...linesOf(lines),
    };
  }

  answer(ask: Ask): Answer {
    const { key, repeatable, asker, turnAt } = ask;
    const known = this.#grants.get(key);
    if (known) {
      if (repeatable && known.at <= this.#now) this.#changed = this.#grants.delete(key);
      return { kind: "granted", at: known.at };
    }
    if (asker === "single") this.#noteSingle(ask);
    const free = earliestOf(ask, this.#now, (bucket) => this.#named(bucket).bucket);
    if (this.#isNear(free, asker)) {
      // Somebody before it did not come: it takes that place.
      if (this.#isUnclaimed(ask)) return this.#grant(ask, free, turnAt !== undefined || this.#waits(ask));
      if (turnAt !== undefined && turnAt <= this.#now) return this.#grant(ask, free, true);
    }
    if (turnAt !== undefined && turnAt > this.#now) return this.#sendAway(ask, turnAt);

    const at = earliestOf(ask, this.#now, (bucket) => seenFrom(this.#lines, asker, this.#named(bucket)));
    if (this.#isNear(at, asker)) return this.#grant(ask, at, false);
    if (repeatable) return { kind: "askAgain", at: comeBackAt(ask, at, this.#now) };
    this.#changed = true;
    for (const { bucket, pace } of ask.draws) {
      this.#lines = linedUp(this.#lines, asker, this.#named(bucket), { pace, at, now: this.#now });
    }
    return this.#sendAway(ask, at);
  }

  #grant({ key, asker, draws, repeatable }: Ask, from: number, hadTurn: boolean): Answer {
    const at = Math.max(from, this.#now);
    this.#changed = true;
    for (const { bucket, pace } of draws) {
      const named = this.#named(bucket);
      this.#lines = afterCall(this.#lines, asker, hadTurn, named, { pace, at, now: this.#now });
      this.#buckets.set(bucket, drawn(named.bucket, pace, at, this.#now));
    }
    if (!repeatable || at > this.#now) this.#grants.set(key, { at, buckets: draws.map(({ bucket }) => bucket) });
    return { kind: "granted", at };
  }

  /** Kept with what changes anyway: one who is granted nothing and has no place in a line leaves no trace. */
  #noteSingle({ draws }: Ask): void {
    for (const { bucket, pace } of draws) {
      if (pace.reserve > 0) this.#buckets.set(bucket, asked(this.#named(bucket).bucket, this.#now));
    }
  }

  #sendAway({ spread }: Ask, turnAt: number): Answer {
    const lookAt = this.#now + Math.floor(LONGEST_ABSENCE_MS * (1 - spread / 2));
    return { kind: "askAgain", at: Math.min(turnAt, lookAt), turnAt };
  }

  #named(name: string): NamedBucket {
    return { name, bucket: this.#buckets.get(name) ?? FULL };
  }

  /** By the bucket that is slowest in the long run, for it is the one that all wait for. */
  #isUnclaimed({ draws, asker }: Ask): boolean {
    const slowest = draws.reduce((one, other) => (other.pace.intervalMs > one.pace.intervalMs ? other : one));
    const holdsMs = (slowest.pace.burst - 1) * slowest.pace.intervalMs;
    const laySince = earliest(this.#named(slowest.bucket).bucket, slowest.pace, asker, this.#now);
    return laySince <= this.#now - Math.min(UNCLAIMED_MS, holdsMs / 2);
  }

  #isNear(at: number, asker: Asker): boolean {
    return at - this.#now <= AHEAD_MS[asker];
  }

  /** Whether others of its kind are to come before it. */
  #waits({ asker, draws }: Ask): boolean {
    return draws.some(({ bucket }) => hasLine(this.#lines, asker, bucket));
  }
}

const linesOf = (lines: Lines) => Object.keys(lines).length > 0 && { lines };

const earliestOf = ({ draws, asker }: Ask, now: number, of: (bucket: string) => Bucket): number =>
  Math.max(...draws.map(({ bucket, pace }) => earliest(of(bucket), pace, asker, now)));

/** When there may be room for it: not all at once, and not before half of what is granted now is used. */
function comeBackAt({ asker, spread }: Ask, at: number, now: number): number {
  const half = AHEAD_MS[asker] / 2;
  return Math.max(now + half, at - AHEAD_MS[asker]) + Math.floor(spread * half);
}

/** The call does not leave: others may have its tokens. Undefined when it has no grant. */
export function afterUnused(book: Book, draws: readonly Draw[], key: string): Book | undefined {
  const { [key]: unused, ...grants } = book.grants;
  if (!unused) return undefined;
  const drawnOn = draws.filter(({ bucket }) => unused.buckets.includes(bucket));
  const buckets = drawnOn.flatMap(({ bucket, pace }) => {
    const known = book.buckets[bucket];
    return known ? [[bucket, { ...known, fullAt: known.fullAt - pace.intervalMs }] as const] : [];
  });
  const lines = drawnOn.reduce((left, { bucket, pace }) => afterReturn(left, bucket, pace), book.lines ?? NO_LINES);
  return { buckets: { ...book.buckets, ...Object.fromEntries(buckets) }, grants, ...linesOf(lines) };
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

/**
 * Azure refused a call until then. The calls that were to leave before are to ask anew, and so are those that wait in
 * the bucket's lines. Undefined when that is no news.
 */
export function afterRefusal(book: Book, { bucket, pace }: Draw, until: number, now: number): Book | undefined {
  const known = book.buckets[bucket] ?? FULL;
  if (until <= known.closedUntil + SAME_REFUSAL_MS) return undefined;
  const outstanding = grantsOf(book, bucket).filter(([, { at }]) => at > now);
  const withdrawn = new Set(outstanding.filter(([, { at }]) => at < until).map(([key]) => key));
  return {
    buckets: { ...book.buckets, [bucket]: closed(known, pace, until, outstanding.length - withdrawn.size) },
    grants: Object.fromEntries(Object.entries(book.grants).filter(([key]) => !withdrawn.has(key))),
    ...linesOf(withoutBucket(book.lines ?? NO_LINES, bucket)),
  };
}

const grantsOf = (book: Book, bucket: string): [string, Grant][] =>
  Object.entries(book.grants).filter(([, { buckets }]) => buckets.includes(bucket));
