import { nextStarts } from "../window/schedule";
import { DAY_MS, HOUR_MS } from "../window/time-zone";
import type { Policy } from "./policy";

/**
 * How late a sweep may start after its time, such as after an outage: whoever wrote 02:00 is at hand then, and not in the
 * middle of the next day (assumed).
 */
export const LATEST_START_MS = HOUR_MS;

/** A month's schedule comes again within so many days: what lies further back is not told of. */
const LOOK_BACK_DAYS = 36;

export interface LastStart {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Whether it may still begin. */
  readonly isInTime: boolean;
}

type Scheduled = Pick<Policy, "schedule" | "timeZone">;

/**
 * The schedule's last occurrence at or before now; undefined when none was since it holds.
 *
 * @param since and `now`: milliseconds since the epoch
 */
export function lastStart({ schedule, timeZone }: Scheduled, since: number, now: number): LastStart | undefined {
  if (!schedule) return undefined;
  const from = Math.max(since, now - LOOK_BACK_DAYS * DAY_MS);
  const at = nextStarts(schedule, timeZone, from - 1, LOOK_BACK_DAYS + 2)
    .filter((start) => start <= now)
    .at(-1);
  return at === undefined ? undefined : { at, isInTime: now - at <= LATEST_START_MS };
}

/** When a sweep by the policy starts next, in milliseconds since the epoch; undefined without schedule. */
export const nextStart = ({ schedule, timeZone }: Scheduled, now: number): number | undefined =>
  schedule && nextStarts(schedule, timeZone, now, 1)[0];
