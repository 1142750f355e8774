import { daysInMonth } from "../window/calendar";
import { HOUR_MS, MINUTE_MS, offsetAt, type LocalTime } from "../window/time-zone";
import { LONGEST_WINDOW_MS, SHORTEST_WINDOW_MS } from "./limits";
import { parseRecurrence, recurrenceText, type Recurrence } from "./recurrence";
import { localIso, startsOf } from "./starts";
import { readWindowsZone } from "./windows-zone";

/** `maintenanceWindow` as Azure takes it: local times as `YYYY-MM-DD HH:MM`, a duration as `HH:MM`. */
export interface WindowText {
  readonly recurEvery: string;
  readonly startDateTime: string;
  readonly timeZone: string;
  readonly duration: string;
}

export interface MaintenanceWindow {
  readonly recurrence: Recurrence;
  readonly start: LocalTime;
  /** The Windows name, in Azure's spelling, and its IANA zone. */
  readonly timeZone: string;
  readonly zone: string;
  readonly durationMs: number;
  /** In Azure's own spelling. */
  readonly text: WindowText;
}

/** A field of the window that Azure would refuse, with the rule: continues `field "value": `. */
export interface WindowProblem {
  readonly field: keyof WindowText;
  readonly value: string;
  readonly rule: string;
}

export type WindowReading =
  | { readonly kind: "read"; readonly window: MaintenanceWindow }
  | { readonly kind: "refused"; readonly problems: readonly WindowProblem[] };

/** Reads a maintenance window, or says all that is wrong with it. */
export function readWindow(text: WindowText): WindowReading {
  const recurrence = parseRecurrence(text.recurEvery);
  const start = parseLocalTime(text.startDateTime);
  const zone = readWindowsZone(text.timeZone);
  const durationMs = parseWindowDuration(text.duration);
  const problems: WindowProblem[] = [];
  const refuse = (field: keyof WindowText, rule: string) => problems.push({ field, value: text[field], rule });
  if (recurrence.kind === "refused") refuse("recurEvery", recurrence.rule);
  if (start === undefined) refuse("startDateTime", 'write a day and time that the calendar has, as "2026-12-01 22:00"');
  if (zone.kind === "unknown") refuse("timeZone", unknownZone(zone.nearest));
  if (durationMs === undefined) refuse("duration", 'write hours and minutes, as "02:00"');
  else if (durationMs < SHORTEST_WINDOW_MS) refuse("duration", "a window lasts 01:30 at least");
  else if (durationMs > LONGEST_WINDOW_MS) refuse("duration", "a window lasts 03:55 at most");
  if (recurrence.kind === "refused" || !start || zone.kind === "unknown" || durationMs === undefined || problems.length)
    return { kind: "refused", problems };
  return {
    kind: "read",
    window: {
      recurrence: recurrence.recurrence,
      start,
      timeZone: zone.name,
      zone: zone.iana,
      durationMs,
      text: {
        recurEvery: recurrenceText(recurrence.recurrence),
        startDateTime: localText(start),
        timeZone: zone.name,
        duration: clockText(durationMs),
      },
    },
  };
}

function unknownZone(nearest: readonly string[]): string {
  const meant = nearest.map((name) => `"${name}"`).join(" or ");
  return nearest.length > 0
    ? `is no Windows time zone; did you mean ${meant}?`
    : 'is no Windows time zone; write one such as "W. Europe Standard Time", "Eastern Standard Time" or "UTC"';
}

const LOCAL_TIME = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})$/;

/** `YYYY-MM-DD HH:MM`, or undefined when it is none that the calendar has. */
export function parseLocalTime(text: string): LocalTime | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = (LOCAL_TIME.exec(text.trim()) ?? [])
    .slice(1)
    .map(Number);
  const isDay = year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth({ year, month, day });
  return isDay && hour < 24 && minute < 60 ? { year, month, day, hour, minute } : undefined;
}

function parseWindowDuration(text: string): number | undefined {
  const [, hours, minutes] = /^(\d{1,2}):([0-5]\d)$/.exec(text.trim()) ?? [];
  return hours === undefined ? undefined : Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS;
}

const two = (number: number): string => String(number).padStart(2, "0");
const clockText = (ms: number): string => `${two(Math.floor(ms / HOUR_MS))}:${two((ms % HOUR_MS) / MINUTE_MS)}`;
const localText = ({ year, month, day, hour, minute }: LocalTime): string =>
  `${String(year).padStart(4, "0")}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`;

export interface StartView {
  /** ISO 8601 with the zone's offset, and in UTC. */
  readonly local: string;
  readonly utc: string;
}

/** The first starts at or after the window's own, or after an instant. */
export function nextWindowStarts(
  window: MaintenanceWindow,
  count: number,
  after = Number.NEGATIVE_INFINITY,
): StartView[] {
  const { recurrence, start, zone } = window;
  const anchor = { start, zone };
  return startsOf(recurrence, anchor, count, after).map((at) => viewOf(zone, at));
}

const viewOf = (zone: string, at: number): StartView => ({
  local: localIso(zone, at, offsetAt(zone, at)),
  utc: new Date(at).toISOString().replace(".000Z", "Z"),
});
