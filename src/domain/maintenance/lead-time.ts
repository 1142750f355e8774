import { localTimeAt } from "../window/time-zone";
import { LATE_START_MINUTES, LEAD_TIME_MS, LEAD_TIME_WITH_EVENTS_MS } from "./limits";
import type { MaintenanceWindow } from "./window";

/**
 * Why the first start comes too soon after a creation or change now; undefined when it does not. Azure would leave that
 * start out, or cancel it where pre events are subscribed to.
 *
 * @param firstStart and `now`: milliseconds since the epoch
 */
export function problemWithLeadTime(firstStart: number, now: number, hasEvents: boolean): string | undefined {
  const needed = hasEvents ? LEAD_TIME_WITH_EVENTS_MS : LEAD_TIME_MS;
  if (firstStart - now >= needed) return undefined;
  const why = hasEvents ? "with maintenance events" : "without maintenance events";
  return `the first start is ${new Date(firstStart).toISOString()}: ${why} Azure needs ${needed / 60_000} minutes from now, ${new Date(now).toISOString()}`;
}

/** What Azure's documents advise against, in words; undefined when nothing. */
export function lateStartWarning({ start }: Pick<MaintenanceWindow, "start">): string | undefined {
  return start.hour * 60 + start.minute >= LATE_START_MINUTES
    ? "Azure advises against starts of new schedules from 23:45 to midnight"
    : undefined;
}

/** `yyyyMMddHHmmss` of an instant in UTC, by which Azure names a schedule's run. */
export function runNameOf(instant: number): string {
  const { year, month, day, hour, minute } = localTimeAt("UTC", instant);
  return `${String(year).padStart(4, "0")}${[month, day, hour, minute].map(two).join("")}00`;
}

const two = (number: number): string => String(number).padStart(2, "0");
