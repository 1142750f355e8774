import { ArmError } from "../arm-message";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../timestamps";

/** The zones that simulated Azure knows of those that Windows names. */
const ZONES: Readonly<Record<string, string>> = {
  UTC: "UTC",
  "GMT Standard Time": "Europe/London",
  "W. Europe Standard Time": "Europe/Berlin",
  "Eastern Standard Time": "America/New_York",
  "Pacific Standard Time": "America/Los_Angeles",
  "Tokyo Standard Time": "Asia/Tokyo",
};
const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const WEEKS = ["first", "second", "third", "fourth"];
/** Of schedules in the guest: [DOC] maintenance-configurations, 2026-09-25. */
const SHORTEST_MS = 90 * MINUTE_MS;
const LONGEST_MS = 235 * MINUTE_MS;
const SHORTEST_REPEAT_HOURS = 6;

export interface Window {
  readonly durationMs: number;
  /** Starts between two instants, the first included. */
  starts(from: number, until: number): readonly number[];
}

/** Reads `maintenanceWindow`: [SPEC] maintenance configurations. @throws ArmError 400 */
export function parseWindow(input: unknown): Window {
  const window = typeof input === "object" && input !== null ? (input as Readonly<Record<string, unknown>>) : {};
  const text = (name: string): string => {
    const value = window[name];
    if (typeof value === "string") return value;
    throw invalid(name, value);
  };
  const zone = ZONES[text("timeZone")];
  if (zone === undefined) throw invalid("timeZone", window["timeZone"]);
  const [, hours, minutes] = /^(\d\d):(\d\d)$/.exec(text("duration")) ?? [];
  const durationMs = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS;
  if (!(durationMs >= SHORTEST_MS && durationMs <= LONGEST_MS)) throw invalid("duration", window["duration"]);
  // A local reading is kept as if it were UTC: the calendar's arithmetic needs no zone.
  const first = Date.parse(`${text("startDateTime").replace(" ", "T")}:00Z`);
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d$/.test(text("startDateTime")) || Number.isNaN(first))
    throw invalid("startDateTime", window["startDateTime"]);
  const recurrence = text("recurEvery");
  const [, count, unit = "", rest] = /^(\d*)(hour|day|week|month)s?(?: (.+))?$/.exec(recurrence.toLowerCase()) ?? [];
  const every = Number(count === undefined || count === "" ? 1 : count);
  const begins = instantIn(zone, first);
  if (unit === "hour" && every >= SHORTEST_REPEAT_HOURS && rest === undefined) {
    return { durationMs, starts: (from, until) => hourly(begins, every * HOUR_MS, from, until) };
  }
  const isStart = every < 1 ? undefined : dayRule(unit, every, rest, first);
  if (!isStart) throw invalid("recurEvery", recurrence);
  const starts = (from: number, until: number): number[] => {
    const found: number[] = [];
    for (let day = startOfDay(Math.max(first, from - 2 * DAY_MS)); day < until + 2 * DAY_MS; day += DAY_MS) {
      if (!isStart(day)) continue;
      const at = instantIn(zone, day + (first - startOfDay(first)));
      if (at >= Math.max(from, begins) && at < until) found.push(at);
    }
    return found;
  };
  return { durationMs, starts };
}

const startOfDay = (instant: number): number => Math.floor(instant / DAY_MS) * DAY_MS;

function hourly(begins: number, every: number, from: number, until: number): number[] {
  const found: number[] = [];
  for (let at = begins + Math.max(0, Math.ceil((from - begins) / every)) * every; at < until; at += every)
    found.push(at);
  return found;
}

/** Whether a schedule starts on a day, given as the midnight of a calendar without zone; undefined for no rule. */
function dayRule(
  unit: string,
  every: number,
  rest: string | undefined,
  first: number,
): ((day: number) => boolean) | undefined {
  const from = startOfDay(first);
  const words = rest?.split(/ *, */) ?? [];
  if (unit === "day") return rest === undefined ? (day) => ((day - from) / DAY_MS) % every === 0 : undefined;
  if (unit === "week") {
    const days = rest === undefined ? [new Date(from).getUTCDay()] : words.map((word) => WEEKDAYS.indexOf(word));
    // The first day of the epoch was a Thursday; weeks begin on Monday.
    const weekOf = (day: number) => Math.floor((day / DAY_MS + 3) / 7);
    if (days.includes(-1)) return undefined;
    return (day) => days.includes(new Date(day).getUTCDay()) && (weekOf(day) - weekOf(from)) % every === 0;
  }
  if (unit !== "month") return undefined;
  const monthOf = (day: number) => new Date(day).getUTCFullYear() * 12 + new Date(day).getUTCMonth();
  const fits = (day: number) => (monthOf(day) - monthOf(from)) % every === 0;
  const [, week, weekday, offset] =
    /^(first|second|third|fourth|last) (\w+day)(?: offset(-?[0-6]))?$/.exec(rest ?? "") ?? [];
  if (week !== undefined && weekday !== undefined) {
    return (day) => {
      const base = day - Number(offset ?? 0) * DAY_MS;
      if (new Date(base).getUTCDay() !== WEEKDAYS.indexOf(weekday) || !fits(base)) return false;
      const isLast = monthOf(base + 7 * DAY_MS) !== monthOf(base);
      return week === "last" ? isLast : Math.ceil(new Date(base).getUTCDate() / 7) === WEEKS.indexOf(week) + 1;
    };
  }
  const days =
    rest === undefined ? [new Date(from).getUTCDate()] : words.map((word) => Number(/^day(\d+)$/.exec(word)?.[1]));
  if (days.some((day) => !(day >= 1 && day <= 31))) return undefined;
  return (day) => days.includes(new Date(day).getUTCDate()) && fits(day);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function offsetAt(zone: string, instant: number): number {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium", hourCycle: "h23" });
  formats.set(zone, format);
  return Date.parse(`${format.format(instant).replace(" ", "T")}Z`) - instant;
}

/** When clocks in the zone show a reading; after the change when they never do. */
function instantIn(zone: string, reading: number): number {
  const guess = reading - offsetAt(zone, reading - offsetAt(zone, reading));
  return guess + offsetAt(zone, guess) === reading ? guess : reading - offsetAt(zone, reading - DAY_MS);
}

/** The texts are ours. */
const invalid = (name: string, value: unknown): ArmError =>
  new ArmError(
    400,
    "InvalidMaintenanceConfiguration",
    `The value '${typeof value === "string" ? value : JSON.stringify(value ?? null)}' of maintenanceWindow.${name} is invalid.`,
    { target: `maintenanceWindow.${name}` },
  );
