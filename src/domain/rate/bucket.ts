/** A token bucket as Azure documents one: starts full, and `refill` tokens come at once every `everyMs`. */
export interface Limit {
  readonly capacity: number;
  readonly refill: number;
  readonly everyMs: number;
}

/** How we draw on a bucket of Azure's: so many calls at once, and then one each interval. */
export interface Pace {
  readonly burst: number;
  readonly intervalMs: number;
  /** So many of the burst are kept for single runs, and lent to sweeps while none has come for a while. */
  readonly reserve: number;
  /** For so long Azure's bucket has room for a token beside the whole burst, and keeps it for a call to come. */
  readonly headroomMs: number;
}

/** What was drawn so far. Instants are our clock, milliseconds since the epoch. */
export interface Bucket {
  /** The theoretical arrival time of the generic cell rate algorithm: when the bucket is full again. */
  readonly fullAt: number;
  /** Azure refused a call and takes none before this. */
  readonly closedUntil: number;
  /** When a single run last asked. */
  readonly singleAt?: number;
}

export const FULL: Bucket = { fullAt: 0, closedUntil: 0 };

/** Who asks: a run that somebody waits for, or one of a sweep's many. */
export type Asker = "single" | "sweep";

/**
 * The pace that never empties a bucket with this limit. New tokens come in lumps, up to an interval later than a steady
 * flow would bring them, so one refill of the capacity is never drawn on (azure-addenda A13).
 * @param share how much of the rest is drawn at once, and what of it is kept for single runs
 */
export function paceOf(limit: Limit, share: { readonly burst?: number; readonly reserve?: number } = {}): Pace {
  const drawable = limit.capacity - limit.refill;
  const { burst = drawable, reserve = 0 } = share;
  const intervalMs = limit.everyMs / limit.refill;
  return { burst, intervalMs, reserve, headroomMs: (drawable - burst) * intervalMs };
}

/** Where one single run came, more may follow. */
const RESERVED_FOR_MS = 5 * 60_000;

/** When the asker may draw next; an instant that has passed means now. */
export function earliest({ fullAt, closedUntil, singleAt }: Bucket, pace: Pace, asker: Asker, now: number): number {
  const isReserved = asker === "sweep" && singleAt !== undefined && now < singleAt + RESERVED_FOR_MS;
  const depth = isReserved ? pace.burst - pace.reserve : pace.burst;
  return Math.max(closedUntil, fullAt - (depth - 1) * pace.intervalMs);
}

/** After a single run asked. */
export const asked = (bucket: Bucket, now: number): Bucket => ({ ...bucket, singleAt: now });

/** After a call is granted now for an instant, now or later, at which the bucket allows it. */
export const drawn = (bucket: Bucket, { intervalMs, headroomMs }: Pace, at: number, now: number): Bucket => ({
  ...bucket,
  fullAt: Math.max(bucket.fullAt, now, at - headroomMs) + intervalMs,
});

/**
 * After Azure told how many tokens it has. They are never fewer than we think, unless others draw too; then we draw
 * that much less. More of them say nothing: they may be others' next calls.
 * @param outstanding calls that were granted and not sent yet: their tokens are among the remaining
 */
export const told = (bucket: Bucket, pace: Pace, remaining: number, outstanding: number, now: number): Bucket => ({
  ...bucket,
  fullAt: Math.max(bucket.fullAt, now + (pace.burst + outstanding - remaining) * pace.intervalMs),
});

/**
 * After Azure refused a call for want of tokens: empty until then, and drawn on one by one from then.
 * @param outstanding calls that were granted for then or later: they go first
 */
export const closed = (bucket: Bucket, pace: Pace, until: number, outstanding: number): Bucket => ({
  ...bucket,
  fullAt: until + (pace.burst - 1 + outstanding) * pace.intervalMs,
  closedUntil: until,
});

/** Whether nothing need be remembered of the bucket. */
export const isFull = ({ fullAt, closedUntil, singleAt = -RESERVED_FOR_MS }: Bucket, now: number): boolean =>
  Math.max(fullAt, closedUntil, singleAt + RESERVED_FOR_MS) <= now;
