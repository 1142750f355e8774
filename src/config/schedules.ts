import { Cron } from "croner";
import { z } from "zod";

/** NCRONTAB: numbers, lists, ranges, steps and English names. croner reads more than that: L, W, # and ?. */
const NCRONTAB_PART = /^(?:\*|\d+|[a-z]{3})(?:-(?:\d+|[a-z]{3}))?(?:\/\d+)?$/i;

function comesTrue(expression: string): boolean {
  const fields = expression.split(/\s+/);
  if (!fields.every((field) => field.split(",").every((part) => NCRONTAB_PART.test(part)))) return false;
  try {
    const cron = new Cron(fields.join(" "), { mode: "6-part", timezone: "UTC", domAndDow: true, paused: true });
    return cron.nextRun() !== null;
  } catch {
    return false;
  }
}

export const schedule = z
  .string()
  .refine(comesTrue, "set it to an NCRONTAB expression of six fields that comes true some day, such as 0 0 2 * * *");

const LONGEST_WATCHDOG_PAUSE_MINUTES = 15;

/** Whether a schedule that comes true comes day and night, and no two of its minutes lie further apart. */
function comesOften(expression: string): boolean {
  const [, minutes = "", ...others] = expression.split(/\s+/);
  if (others.some((field) => field !== "*")) return false;
  const chosen = minutes
    .split(",")
    .flatMap(minutesOf)
    .sort((a, b) => a - b);
  return chosen.every((minute, index) => {
    const next = chosen[index + 1] ?? (chosen[0] ?? 0) + 60;
    return next - minute <= LONGEST_WATCHDOG_PAUSE_MINUTES;
  });
}

/** The minutes that one part of the field names: 5, 5-10 or all of them; a range may have a step. */
function minutesOf(part: string): number[] {
  const [range = "", step] = part.split("/");
  const [from = "", to = from] = range === "*" ? ["0", "59"] : range.split("-");
  const chosen = [];
  for (let minute = Number(from); minute <= Number(to); minute += Number(step ?? 1)) chosen.push(minute);
  return chosen;
}

export const frequent = schedule.refine(
  (text) => !comesTrue(text) || comesOften(text),
  "let it come at least every 15 minutes, day and night, such as 0 */5 * * * *, with * in the last four fields",
);
