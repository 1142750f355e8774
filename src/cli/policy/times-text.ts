import type { Policy } from "../../domain/policy/policy";
import { localTimeAt, DAY_MS } from "../../domain/window/time-zone";
import { dayAt, isOn, weekdays } from "../../domain/window/calendar";
import { openTimesBetween, windowGateAt } from "../../domain/window/gate";
import { nextStarts, type Schedule } from "../../domain/window/schedule";
import type { Window } from "../../domain/window/window";
import { parseDuration } from "../../domain/install/duration";
import { counted, listed } from "./words";

const STARTS_TOLD = 3;
const WINDOWS_TOLD = 3;
const LOOK_AHEAD_DAYS = 60;

export interface NextStart {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** The same on the policy's clocks. */
  readonly local: string;
  /** Why installations wait, and until when; absent when they need not, `opensAt` when they would wait for over a year. */
  readonly waitsFor?: "window" | "blackout" | "tooLittleLeft";
  readonly opensAt?: string;
}

export interface NextWindow {
  readonly from: string;
  readonly until: string;
}

const two = (number: number): string => String(number).padStart(2, "0");

/** `Tuesday 2026-12-08 22:00`, on the clocks of a zone. */
export function localText(zone: string, instant: number): string {
  const { year, month, day, hour, minute } = localTimeAt(zone, instant);
  const [today = ""] = weekdays.filter((weekday) => isOn(dayAt(zone, instant), weekday));
  return `${today} ${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`;
}

export const utcText = (instant: number): string => new Date(instant).toISOString().replace(".000Z", "Z");

/** When sweeps start next, and from when on they may install. */
export function startsAfter(policy: Policy, at: number): NextStart[] {
  const { schedule, timeZone } = policy;
  if (!schedule) return [];
  const needed = parseDuration(policy.install.maximumDuration) ?? 0;
  return nextStarts(schedule, timeZone, at, STARTS_TOLD).map((start) => {
    const gate = windowGateAt(policy, start, needed);
    return {
      at: utcText(start),
      local: localText(timeZone, start),
      ...(gate.kind === "closed" && { waitsFor: gate.by }),
      ...(gate.kind === "closed" && gate.opensAt !== undefined && { opensAt: utcText(gate.opensAt) }),
    };
  });
}

/** The next times at which operations may run; none without windows. */
export function windowsAfter(policy: Policy, at: number): NextWindow[] {
  if (policy.windows.length === 0) return [];
  return openTimesBetween(policy, { from: at, until: at + LOOK_AHEAD_DAYS * DAY_MS })
    .filter(({ until }) => until > at)
    .slice(0, WINDOWS_TOLD)
    .map(({ from, until }) => ({ from: utcText(from), until: utcText(until) }));
}

export function scheduleText(schedule: Schedule, zone: string): string {
  const at = `at ${schedule.at} ${zone}`;
  if (schedule.every === "day") return `every day ${at}`;
  if (schedule.every === "week") return `every ${listed(schedule.on)} ${at}`;
  if ("day" in schedule)
    return `on ${schedule.day === "last" ? "the last day" : `day ${schedule.day}`} of each month ${at}`;
  const base = `the ${schedule.week} ${schedule.on} of each month`;
  return schedule.plusDays === 0 ? `on ${base} ${at}` : `${counted(schedule.plusDays, "day")} after ${base} ${at}`;
}

export function windowText({ days, from, to }: Window): string {
  const when = days.length === weekdays.length ? "every day" : listed(days);
  return `${when} from ${from} to ${to}${to > from ? "" : " of the next day"}`;
}
