import { closedSpans, type Blackout } from "./blackout";
import { spanAt, without, type Span } from "./span";
import { DAY_MS } from "./time-zone";
import { openSpans, type Window } from "./window";

/** When a policy lets operations run. Without windows: always, but for the blackouts. */
export interface OpenTimes {
  readonly timeZone: string;
  readonly windows: readonly Window[];
  readonly blackouts: readonly Blackout[];
}

export type WindowGate =
  /** `leftMs`: until a window ends or a blackout begins; at most the days that are looked ahead. */
  | { readonly kind: "open"; readonly leftMs: number }
  /** `opensAt`: when it fits next; undefined if not within the days that are looked ahead. */
  | { readonly kind: "closed"; readonly by: "window" | "blackout" | "tooLittleLeft"; readonly opensAt?: number };

/** A year and a month: the longest that anybody plans a freeze for, and looked through in milliseconds. */
const LOOK_AHEAD_MS = 400 * DAY_MS;

/** The times between two instants at which operations may run, in their order. */
export function openTimesBetween({ timeZone, windows, blackouts }: OpenTimes, between: Span): Span[] {
  const open = windows.length === 0 ? [between] : openSpans(windows, timeZone, between);
  return without(open, closedSpans(blackouts, timeZone));
}

/**
 * Whether an operation that lasts so long may start at an instant: it must end before the window does and before the
 * next blackout begins. Ask with an installation's `maximumDuration`, and with 0 for what has no length.
 */
export function windowGateAt(times: OpenTimes, instant: number, durationMs: number): WindowGate {
  const open = openTimesBetween(times, { from: instant, until: instant + LOOK_AHEAD_MS });
  const now = spanAt(open, instant);
  if (now && now.until - instant >= durationMs) return { kind: "open", leftMs: now.until - instant };
  const next = open.find(({ from, until }) => from > instant && until - from >= durationMs);
  const inBlackout = spanAt(closedSpans(times.blackouts, times.timeZone), instant) !== undefined;
  const by = now ? "tooLittleLeft" : inBlackout ? "blackout" : "window";
  return { kind: "closed", by, ...(next && { opensAt: next.from }) };
}
