import { Cron } from "croner";
import { HostStartError } from "../errors";

/** When a timer function fires; instants are milliseconds since the epoch. */
export interface Schedule {
  /** The first instant after `instant`; undefined when there is none any more. */
  next(instant: number): number | undefined;
}

/** Six fields of numbers, lists, ranges, steps and English names. croner reads more than NCRONTAB does: L, W, # and ?. */
const FIELD = /^(?:\*|\d+|[a-z]{3})(?:-(?:\d+|[a-z]{3}))?(?:\/\d+)?$/i;

/**
 * An NCRONTAB expression in UTC: second, minute, hour, day, month, day of week. A day must fit both the day and the day
 * of week. `%NAME%` stands for the setting with that name.
 *
 * @throws HostStartError when the setting is missing or the expression is not NCRONTAB.
 */
export function parseSchedule(
  functionName: string,
  expression: string,
  settings: Readonly<Record<string, string | undefined>>,
): Schedule {
  const resolved = expression.replaceAll(/%([^%]+)%/g, (_, name: string) => {
    const value = settings[name];
    if (value === undefined) throw invalid(functionName, expression, `the setting ${name} is not set`);
    return value;
  });
  const fields = resolved.trim().split(/\s+/);
  if (fields.length !== 6) throw invalid(functionName, resolved, `it has ${fields.length} fields, not 6`);
  const wrong = fields.find((field) => !field.split(",").every((part) => FIELD.test(part)));
  if (wrong !== undefined) throw invalid(functionName, resolved, `"${wrong}" is not NCRONTAB`);
  const cron = croner(functionName, fields.join(" "));
  return { next: (instant) => cron.nextRun(new Date(instant))?.getTime() };
}

function croner(functionName: string, pattern: string): Cron {
  try {
    return new Cron(pattern, { mode: "6-part", timezone: "UTC", domAndDow: true, paused: true });
  } catch (thrown) {
    throw invalid(functionName, pattern, thrown instanceof Error ? thrown.message : String(thrown));
  }
}

const invalid = (functionName: string, expression: string, why: string): HostStartError =>
  new HostStartError(
    "ScheduleInvalid",
    `Function "${functionName}" has the schedule "${expression}", which cannot be read: ${why}. ` +
      `Write {second} {minute} {hour} {day} {month} {day of week}, for example "0 */5 * * * *".`,
  );
