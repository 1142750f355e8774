import { daysInMonth, isOn, plusDays, weekdays, type CalendarDay } from "../window/calendar";
import { isInWeek } from "../window/schedule";
import { DAY_MS, HOUR_MS, instantOf, localTimeAt, type LocalTime } from "../window/time-zone";
import type { Recurrence } from "./recurrence";

/** Where a schedule's starts are counted from: its startDateTime, on the clocks of its zone. */
export interface Anchor {
  readonly start: LocalTime;
  /** IANA zone. */
  readonly zone: string;
}

/**
 * The first `count` starts at or after the anchor, and after another instant if one is given, in milliseconds since the epoch; fewer when none comes for 40 years.
 * A start shows the anchor's time of day on the zone's clocks, whatever they are set to: at the first of two such
 * times, and at the moment of the change when they are set forward over it. Hours are counted as they pass.
 *
 * Azure does not document these (assumed): weeks are counted from the Monday of the anchor's own, months without a
 * named day are left out, and an offset may lead out of its month.
 */
export function startsOf(recurrence: Recurrence, { start, zone }: Anchor, count: number, after: number): number[] {
  const first = instantOf(zone, start);
  if (recurrence.unit === "hour") {
    const everyMs = recurrence.every * HOUR_MS;
    const from = after < first ? 0 : Math.floor((after - first) / everyMs) + 1;
    return Array.from({ length: count }, (_, index) => first + (from + index) * everyMs);
  }
  const starts: number[] = [];
  // A little less than has passed: what is too early is left out below.
  const passedDays = Math.max(0, Math.floor((after - first) / DAY_MS) - SLACK_DAYS);
  for (const day of daysOf(recurrence, start, passedDays)) {
    const at = instantOf(zone, { ...day, hour: start.hour, minute: start.minute });
    // Days before the anchor's belong to its week or month; two days have one start where a zone left out a whole day.
    if (at >= first && at > after && at !== starts.at(-1)) starts.push(at);
    if (starts.length === count) break;
  }
  return starts;
}

/** More than an offset, a longer month or a change of clocks makes up. */
const SLACK_DAYS = 70;
const LONGEST_MONTH_DAYS = 31;
const LOOK_AHEAD_MONTHS = 40 * 12;
const LOOK_AHEAD_DAYS = 40 * 366;

/** Days on which it starts, in order, from a little before the anchor's. */
function daysOf(
  recurrence: Exclude<Recurrence, { unit: "hour" }>,
  start: LocalTime,
  passedDays: number,
): Iterable<CalendarDay> {
  const anchor: CalendarDay = { year: start.year, month: start.month, day: start.day };
  if (recurrence.unit === "day") return daily(recurrence.every, anchor, passedDays);
  return recurrence.unit === "week"
    ? weekly(recurrence, anchor, passedDays)
    : monthly(recurrence, anchor, Math.floor(passedDays / LONGEST_MONTH_DAYS));
}

const turnsBefore = (passed: number, every: number): number => Math.floor(passed / every) * every;

function* daily(every: number, anchor: CalendarDay, passedDays: number): Generator<CalendarDay> {
  const from = turnsBefore(passedDays, every);
  for (let passed = from; passed < from + LOOK_AHEAD_DAYS; passed += every) yield plusDays(anchor, passed);
}

function* weekly(
  recurrence: Extract<Recurrence, { unit: "week" }>,
  anchor: CalendarDay,
  passedDays: number,
): Generator<CalendarDay> {
  const from = turnsBefore(passedDays, 7 * recurrence.every);
  const monday = plusDays(anchor, -weekdayFromMonday(anchor));
  const on = recurrence.on.length > 0 ? recurrence.on : weekdays.filter((weekday) => isOn(anchor, weekday));
  for (let passed = from; passed < from + LOOK_AHEAD_DAYS; passed += 7 * recurrence.every) {
    for (let day = 0; day < 7; day++) {
      const candidate = plusDays(monday, passed + day);
      if (on.some((weekday) => isOn(candidate, weekday))) yield candidate;
    }
  }
}

function* monthly(
  recurrence: Extract<Recurrence, { unit: "month" }>,
  anchor: CalendarDay,
  passedMonths: number,
): Generator<CalendarDay> {
  // The month before: its start may have been moved into the anchor's.
  const from = turnsBefore(passedMonths, recurrence.every) - (recurrence.every === 1 ? 1 : 0);
  for (let passed = from; passed < from + LOOK_AHEAD_MONTHS; passed += recurrence.every) {
    const month = monthAfter(anchor, passed);
    const days = Array.from({ length: daysInMonth(month) }, (_, index): CalendarDay => ({ ...month, day: index + 1 }));
    yield* startDays(recurrence, days, anchor);
  }
}

/** Those of a month's days on which it starts. */
function startDays(
  recurrence: Extract<Recurrence, { unit: "month" }>,
  days: readonly CalendarDay[],
  anchor: CalendarDay,
): CalendarDay[] {
  if ("week" in recurrence) {
    const { week, on, offset } = recurrence;
    return days.filter((day) => isOn(day, on) && isInWeek(day, week)).map((day) => plusDays(day, offset));
  }
  const named = recurrence.days.length > 0 ? recurrence.days : [anchor.day];
  return days.filter(({ day }) => named.includes(day));
}

const weekdayFromMonday = (day: CalendarDay): number => (weekdays.findIndex((weekday) => isOn(day, weekday)) + 6) % 7;

function monthAfter({ year, month }: CalendarDay, months: number): CalendarDay {
  const index = year * 12 + (month - 1) + months;
  return { year: Math.floor(index / 12), month: (index % 12) + 1, day: 1 };
}

/** Clocks of the zone at an instant, as ISO 8601 with their offset: `2026-12-12T22:00:00+01:00`. */
export function localIso(zone: string, instant: number, offsetMs: number): string {
  const { year, month, day, hour, minute } = localTimeAt(zone, instant);
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const offset = `${offsetMs < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:00${offset}`;
}

const two = (number: number): string => String(number).padStart(2, "0");
