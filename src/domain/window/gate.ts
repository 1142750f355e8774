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
  /** `leftMs`: until a window ends or a blackout begins, as far as is looked ahead: eight days at least. */
  | { readonly kind: "open"; readonly leftMs: number }
  /** `opensAt`: when it fits next; absent if not within 400 days. */
  | { readonly kind: "closed"; readonly by: "window" | "blackout" | "tooLittleLeft"; readonly opensAt?: number };

/** Days that are looked ahead, one after the other: most windows open within a week, a freeze may last for long. */
const LOOK_AHEAD_DAYS = [8, 60, 400];

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
  let by: "window" | "blackout" | "tooLittleLeft" = "window";
  for (const days of LOOK_AHEAD_DAYS) {
    const open = openTimesBetween(times, { from: instant, until: instant + days * DAY_MS });
    const now = spanAt(open, instant);
    if (now && now.until - instant >= durationMs) return { kind: "open", leftMs: now.until - instant };
    if (now) by = "tooLittleLeft";
    else if (spanAt(closedSpans(times.blackouts, times.timeZone), instant)) by = "blackout";
    const next = open.find(({ from, until }) => from > instant && until - from >= durationMs);
    if (next) return { kind: "closed", by, opensAt: next.from };
  }
  return { kind: "closed", by };
}
