import { dayAt, instantOn, isOn, minutesOf, plusDays, weekdays, type Weekday } from "./calendar";
import { merged, type Span } from "./span";

/**
 * When operations may run: on these days from one time to another, `HH:MM` on the clocks of the policy's zone.
 * A window whose end is not after its start ends on the next day.
 */
export interface Window {
  readonly days: readonly Weekday[];
  readonly from: string;
  readonly to: string;
}

const DAY_MINUTES = 24 * 60;

/** Minutes since the midnight of the window's own day. */
function minutesOfWindow({ from, to }: Window): { readonly from: number; readonly until: number } {
  const [start, end] = [minutesOf(from), minutesOf(to)];
  return { from: start, until: end > start ? end : end + DAY_MINUTES };
}

/**
 * The windows that meet the time between two instants, as spans; windows that touch or overlap are one.
 * Opening and end are read like a schedule's start: a time that comes twice means the first, one that never comes the
 * moment at which clocks are set forward.
 */
export function openSpans(windows: readonly Window[], zone: string, { from, until }: Span): Span[] {
  const spans: Span[] = [];
  const last = dayAt(zone, until);
  // Two days before: yesterday's window may reach into today, and one that touches it further back.
  for (let day = plusDays(dayAt(zone, from), -2); ; day = plusDays(day, 1)) {
    for (const window of windows.filter(({ days }) => days.some((weekday) => isOn(day, weekday)))) {
      const minutes = minutesOfWindow(window);
      spans.push({ from: instantOn(zone, day, minutes.from), until: instantOn(zone, day, minutes.until) });
    }
    if (day.year === last.year && day.month === last.month && day.day === last.day) break;
  }
  return merged(spans).filter((span) => span.until > from && span.from < until);
}

/**
 * How long each window is open, in minutes, together with those that touch it, where no clock is changed.
 * In the windows' order; a window that is never closed counts a week.
 */
export function windowMinutes(windows: readonly Window[]): number[] {
  const week = 7 * DAY_MINUTES;
  const startsOf = (window: Window, turn: number) =>
    window.days.map((day) => turn * week + weekdays.indexOf(day) * DAY_MINUTES + minutesOfWindow(window).from);
  const lengthOf = (window: Window) => minutesOfWindow(window).until - minutesOfWindow(window).from;
  const spans = merged(
    [0, 1, 2].flatMap((turn) =>
      windows.flatMap((window) =>
        startsOf(window, turn).map((start) => ({ from: start, until: start + lengthOf(window) })),
      ),
    ),
  );
  return windows.map((window) => {
    const lengths = startsOf(window, 1).map((start) => {
      const around = spans.filter(({ from, until }) => from <= start && start < until);
      return Math.max(...around.map(({ from, until }) => until - from));
    });
    return Math.min(week, ...lengths);
  });
}
