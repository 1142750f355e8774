import type { Truth } from "./fleet";
import { Heap } from "./heap";

/** The bucket's 600 less one minute's refill, and its refill (DESIGN: rate). */
export const BURST = 400;
export const REFILL_PER_SECOND = 200 / 60;

interface Request {
  readonly vm: Truth;
  readonly install: boolean;
  /** Seconds from the start at which it could leave but for tokens. */
  readonly since: number;
  /** The contender's order. */
  readonly rank: number;
}

/**
 * Seconds until the last installation ends if every request leaves as soon as it is wanted and the bucket has a token:
 * nothing is polled, and nothing waits for anything but tokens and Azure. `before` says who is served first.
 */
function makespan(vms: readonly Truth[], before: (one: Request, other: Request) => boolean): number {
  const waiting = new Heap<Request>(before);
  const coming = new Heap<Request>((one, other) => one.since < other.since);
  for (const [rank, vm] of vms.entries()) waiting.push({ vm, install: false, since: 0, rank });
  let tokens = BURST;
  let now = 0;
  let last = 0;
  const passes = (seconds: number) => {
    now += seconds;
    tokens = Math.min(BURST, tokens + seconds * REFILL_PER_SECOND);
  };
  for (;;) {
    for (let due = coming.first; due && due.since <= now; due = coming.first) {
      coming.pop();
      waiting.push(due);
    }
    const untilNext = (coming.first?.since ?? Number.POSITIVE_INFINITY) - now;
    const untilToken = waiting.size > 0 ? Math.max(0, (1 - tokens) / REFILL_PER_SECOND) : Number.POSITIVE_INFINITY;
    const wait = Math.min(untilNext, untilToken);
    if (wait === Number.POSITIVE_INFINITY) return last;
    if (wait > 0) passes(wait);
    const served = tokens < 1 - 1e-9 ? undefined : waiting.pop();
    if (!served) continue;
    const { vm, install, rank } = served;
    tokens -= 1;
    if (install) last = Math.max(last, now + vm.install);
    else coming.push({ vm, install: true, since: now + vm.assess + vm.lag, rank });
  }
}

/** First come, first served, in the contender's order. */
export const ideal = (order: readonly Truth[]): number =>
  makespan(order, (one, other) => one.since - other.since < 0 || (one.since === other.since && one.rank < other.rank));

/** Knows every duration, and serves whoever has the most left to do. */
export const clairvoyant = (vms: readonly Truth[]): number => makespan(vms, (one, other) => left(one) > left(other));

const left = ({ vm, install }: Request): number => vm.install + (install ? 0 : vm.assess + vm.lag);
