/** A reading of a calendar and a clock on the wall, in no zone yet. `month` is 1 to 12. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The zone that needs no rules. Every other name that is taken holds a slash: EST and the like know no summer time. */
const UTC = "UTC";

/** Building one costs more than thousands of uses. The same name always gives the same one. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  // Swedish dates are written 2026-11-24 22:00:00.
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone,
    calendar: "gregory",
    hourCycle: "h23",
    year: "numeric",
    ...{ month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" },
  });
  formats.set(zone, format);
  return format;
}

/** Whether the text names a zone of the IANA database with its rules (Europe/London), or is UTC. */
export function isTimeZone(text: string): boolean {
  if (text === UTC) return true;
  if (!text.includes("/")) return false;
  try {
    return formatOf(text).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** How far the zone's clocks are ahead of UTC at an instant, in milliseconds. */
export function offsetAt(zone: string, instant: number): number {
  if (zone === UTC) return 0;
  const seconds = Math.floor(instant / 1000) * 1000;
  return Date.parse(`${formatOf(zone).format(seconds).replace(" ", "T")}Z`) - seconds;
}

/** What clocks in the zone show at an instant (milliseconds since the epoch). */
export function localTimeAt(zone: string, instant: number): LocalTime {
  const shown = new Date(instant + offsetAt(zone, instant));
  return {
    year: shown.getUTCFullYear(),
    month: shown.getUTCMonth() + 1,
    day: shown.getUTCDate(),
    hour: shown.getUTCHours(),
    minute: shown.getUTCMinutes(),
  };
}

/**
 * When clocks in the zone show a time, in milliseconds since the epoch.
 * A time that comes twice, when clocks are set back, means the first unless the second is asked for. A time that never
 * comes, when clocks are set forward, means the moment at which they are.
 */
export function instantOf(zone: string, local: LocalTime, which: "first" | "second" = "first"): number {
  const asUtc = Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute);
  const before = offsetAt(zone, asUtc - DAY_MS);
  const after = offsetAt(zone, asUtc + DAY_MS);
  const candidates = [asUtc - before, asUtc - after].filter((at) => at + offsetAt(zone, at) === asUtc);
  const [one, other] = candidates;
  if (one !== undefined && other !== undefined) return which === "first" ? Math.min(one, other) : Math.max(one, other);
  return one ?? changeOfClocks(zone, asUtc - after, asUtc - before);
}

/** The first millisecond with other clocks than at `from`; `until` has them. */
function changeOfClocks(zone: string, from: number, until: number): number {
  const before = offsetAt(zone, from);
  let [last, first] = [from, until];
  while (first - last > 1) {
    const middle = Math.floor((last + first) / 2);
    if (offsetAt(zone, middle) === before) last = middle;
    else first = middle;
  }
  return first;
}
