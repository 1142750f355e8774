import { nearestName } from "../nearest";
import { sameText } from "../text";
import { weekdays, type Weekday } from "../window/calendar";
import { weeksOfMonth, type WeekOfMonth } from "../window/schedule";
import { SHORTEST_REPEAT_HOURS } from "./limits";

/** `recurEvery` of a maintenance window (Maintenance REST API: maintenance configurations), read. */
export type Recurrence =
  /** Counted from the window's own start. */
  | { readonly unit: "hour"; readonly every: number }
  | { readonly unit: "day"; readonly every: number }
  /** On these days; on the weekday of the start when none is named. */
  | { readonly unit: "week"; readonly every: number; readonly on: readonly Weekday[] }
  /** On these days of the month, 1 to 31; on the start's own when none is named. */
  | { readonly unit: "month"; readonly every: number; readonly days: readonly number[] }
  /** So many days after a weekday of the month, or before it. */
  | {
      readonly unit: "month";
      readonly every: number;
      readonly week: WeekOfMonth;
      readonly on: Weekday;
      readonly offset: number;
    };

export type RecurrenceReading =
  | { readonly kind: "read"; readonly recurrence: Recurrence }
  /** The rule that it breaks, and what to write instead; continues `recurEvery "…": `. */
  | { readonly kind: "refused"; readonly rule: string };

const FORMS =
  'write it as "Day", "3Days", "6Hours", "Week Saturday,Sunday", "2Weeks", "Month", "Month day23,day24", "Month Last Sunday" or "Month Second Tuesday Offset4"';
/** No longest repeat of schedules in the guest is known; beyond this it is a mistake (assumed). */
const MOST_EVERY = 999;
/** Days that an offset may move a monthly start (Maintenance REST API). */
const MOST_OFFSET = 6;
/** In no month is there a later one. */
const MOST_MONTH_DAYS = 31;

const FORM = /^(\d{0,6})(hour|day|week|month)s?(?: (.+))?$/i;

/** Words in any case, and blanks around commas, are taken; Azure's own spelling is what `recurrenceText` writes. */
export function parseRecurrence(text: string): RecurrenceReading {
  const tidy = text
    .trim()
    .replaceAll(/\s*,\s*/g, ",")
    .replaceAll(/\s+/g, " ");
  const [, digits = "", unit = "", rest] = FORM.exec(tidy) ?? [];
  if (unit === "") return refused(FORMS);
  const every = digits === "" ? 1 : Number(digits);
  if (every < 1 || every > MOST_EVERY) return refused(`repeats every 1 to ${MOST_EVERY} units: ${FORMS}`);
  const word = unit.toLowerCase();
  if (word === "week") return weekly(every, rest);
  if (word === "month") return monthly(every, rest);
  if (rest !== undefined) return refused(`"${rest}" goes with Week or Month only: ${FORMS}`);
  if (word === "day") return read({ unit: "day", every });
  return every < SHORTEST_REPEAT_HOURS
    ? refused(`a schedule repeats after ${SHORTEST_REPEAT_HOURS} hours at the earliest: write "6Hours" or more`)
    : read({ unit: "hour", every });
}

const read = (recurrence: Recurrence): RecurrenceReading => ({ kind: "read", recurrence });
const refused = (rule: string): RecurrenceReading => ({ kind: "refused", rule });

const named = <T extends string>(words: readonly T[], text: string | undefined): T | undefined =>
  words.find((word) => sameText(text, word));

function weekly(every: number, rest: string | undefined): RecurrenceReading {
  if (rest === undefined) return read({ unit: "week", every, on: [] });
  const on: Weekday[] = [];
  for (const part of rest.split(",")) {
    const day = named(weekdays, part);
    if (day === undefined) return refused(unknownDay(part));
    if (on.includes(day)) return refused(`${day} is named twice: name it once`);
    on.push(day);
  }
  return read({ unit: "week", every, on });
}

function monthly(every: number, rest: string | undefined): RecurrenceReading {
  if (rest === undefined) return read({ unit: "month", every, days: [] });
  if (/^day/i.test(rest) || /^\d/.test(rest)) return daysOfMonth(every, rest);
  const [first, day = "", offset, ...more] = rest.split(" ");
  const week = named(weeksOfMonth, first);
  if (week === undefined) {
    return refused(`"${rest}" names no week of the month: use one of First, Second, Third, Fourth, Last`);
  }
  const on = named(weekdays, day);
  if (on === undefined) return refused(unknownDay(day));
  if (offset === undefined) return read({ unit: "month", every, week, on, offset: 0 });
  const days = /^offset([+-]?\d{1,3})$/i.exec(offset)?.[1];
  if (days === undefined || more.length > 0) {
    return refused(
      `"${[offset, ...more].join(" ")}" is no offset: write Offset4, without a blank, for four days later`,
    );
  }
  const moved = Number(days);
  return Math.abs(moved) > MOST_OFFSET
    ? refused(`an offset lies between -${MOST_OFFSET} and ${MOST_OFFSET} days: "${offset}" does not`)
    : read({ unit: "month", every, week, on, offset: moved });
}

function daysOfMonth(every: number, rest: string): RecurrenceReading {
  const days: number[] = [];
  for (const part of rest.split(",")) {
    const day = Number(/^day(\d{1,3})$/i.exec(part)?.[1] ?? Number.NaN);
    if (!(day >= 1 && day <= MOST_MONTH_DAYS)) {
      return refused(`"${part}" is no day of a month: write day1 to day${MOST_MONTH_DAYS}, such as day23,day24`);
    }
    if (days.includes(day)) return refused(`day${day} is named twice: name it once`);
    days.push(day);
  }
  return read({ unit: "month", every, days });
}

function unknownDay(word: string): string {
  const meant = nearestName(word, weekdays);
  return `"${word}" is no weekday: use ${meant === undefined ? "Monday to Sunday, in English and in full" : `"${meant}"`}`;
}

const UNITS = { hour: "Hour", day: "Day", week: "Week", month: "Month" } as const;

/** The recurrence in Azure's own spelling. */
export function recurrenceText(recurrence: Recurrence): string {
  const { unit, every } = recurrence;
  const rate = every === 1 ? UNITS[unit] : `${every}${UNITS[unit]}s`;
  const days = daysText(recurrence);
  return days === "" ? rate : `${rate} ${days}`;
}

function daysText(recurrence: Recurrence): string {
  if (recurrence.unit === "week") return recurrence.on.join(",");
  if (recurrence.unit !== "month") return "";
  if ("days" in recurrence) return recurrence.days.map((day) => `day${day}`).join(",");
  const { week, on, offset } = recurrence;
  const base = `${week.charAt(0).toUpperCase()}${week.slice(1)} ${on}`;
  return offset === 0 ? base : `${base} Offset${offset}`;
}
