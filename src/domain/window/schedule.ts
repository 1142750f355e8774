import { dayAt, isOn, daysInMonth, instantOn, minutesOf, plusDays, type CalendarDay, type Weekday } from "./calendar";

export const weeksOfMonth = ["first", "second", "third", "fourth", "last"] as const;
export type WeekOfMonth = (typeof weeksOfMonth)[number];

/** When sweeps start. `at` is `HH:MM` on the clocks of the policy's zone. */
export type Schedule =
  | { readonly every: "day"; readonly at: string }
  | { readonly every: "week"; readonly on: readonly Weekday[]; readonly at: string }
  /** A day of the month: 1 to 28, or its last. */
  | { readonly every: "month"; readonly day: number | "last"; readonly at: string }
  /** A weekday of the month, or so many days after it: the second Tuesday is the day on which Microsoft releases. */
  | {
      readonly every: "month";
      readonly week: WeekOfMonth;
      readonly on: Weekday;
      readonly plusDays: number;
      readonly at: string;
    };

/**
 * The next `count` starts after an instant, in milliseconds since the epoch.
 * A start comes once on each of its days: when clocks are set back at its first time, when they are set forward over it
 * at the moment at which they are.
 */
export function nextStarts(schedule: Schedule, zone: string, after: number, count: number): number[] {
  const starts: number[] = [];
  // The day before: its start may have been moved behind this instant's midnight when clocks were set forward.
  let day = plusDays(dayAt(zone, after), -1);
  while (starts.length < count) {
    if (startsOn(schedule, day)) {
      const start = instantOn(zone, day, minutesOf(schedule.at));
      // Two days have one start where a zone left out a whole day.
      if (start > (starts.at(-1) ?? after)) starts.push(start);
    }
    day = plusDays(day, 1);
  }
  return starts;
}

function startsOn(schedule: Schedule, day: CalendarDay): boolean {
  if (schedule.every === "day") return true;
  if (schedule.every === "week") return schedule.on.some((weekday) => isOn(day, weekday));
  if ("day" in schedule) return day.day === (schedule.day === "last" ? daysInMonth(day) : schedule.day);
  const base = plusDays(day, -schedule.plusDays);
  return isOn(base, schedule.on) && isInWeek(base, schedule.week);
}

export const isInWeek = (day: CalendarDay, week: WeekOfMonth): boolean =>
  week === "last" ? day.day > daysInMonth(day) - 7 : Math.ceil(day.day / 7) === weeksOfMonth.indexOf(week) + 1;
