import { DAY_MS, instantOf, localTimeAt, type LocalTime } from "./time-zone";

/** In the order of the calendar's own numbers: Sunday is 0. */
export const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
export type Weekday = (typeof weekdays)[number];

/** A day of the calendar, in no zone; `month` is 1 to 12. */
export type CalendarDay = Pick<LocalTime, "year" | "month" | "day">;

/** `HH:MM` as minutes since midnight; 24:00 ends a day. */
export const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

const asUtc = ({ year, month, day }: CalendarDay): number => Date.UTC(year, month - 1, day);

export const isOn = (day: CalendarDay, weekday: Weekday): boolean =>
  new Date(asUtc(day)).getUTCDay() === weekdays.indexOf(weekday);

export function plusDays(day: CalendarDay, days: number): CalendarDay {
  const moved = new Date(asUtc(day) + days * DAY_MS);
  return { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
}

export const daysInMonth = ({ year, month }: CalendarDay): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** The calendar's day in a zone at an instant (milliseconds since the epoch). */
export function dayAt(zone: string, instant: number): CalendarDay {
  const { year, month, day } = localTimeAt(zone, instant);
  return { year, month, day };
}

/** When a day's clocks show so many minutes since midnight; 1440 is the next day's midnight. */
export function instantOn(zone: string, day: CalendarDay, minutes: number, which?: "first" | "second"): number {
  const at = plusDays(day, Math.floor(minutes / (24 * 60)));
  const rest = minutes % (24 * 60);
  return instantOf(zone, { ...at, hour: Math.floor(rest / 60), minute: rest % 60 }, which);
}
