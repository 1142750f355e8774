import { instantOn, type CalendarDay } from "./calendar";
import { merged, type Span } from "./span";

/**
 * When nothing may run, whatever the windows say. `YYYY-MM-DD` means the whole day, first and last included;
 * `YYYY-MM-DDTHH:MM` a moment on the clocks of the policy's zone.
 */
export interface Blackout {
  readonly from: string;
  readonly to: string;
  readonly reason?: string;
}

const FORM = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}))?$/;

export interface BlackoutMoment {
  readonly day: CalendarDay;
  /** Since midnight; undefined: the whole day. */
  readonly minutes: number | undefined;
}

/** A blackout's beginning or end, or undefined when the text is none, or a day that no calendar has. */
export function parseBlackoutMoment(text: string): BlackoutMoment | undefined {
  const match = FORM.exec(text);
  if (!match) return undefined;
  const [year, month, date] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (new Date(Date.UTC(year, month - 1, date)).toISOString().slice(0, 10) !== text.slice(0, 10)) return undefined;
  const day = { year, month, day: date };
  if (match[4] === undefined) return { day, minutes: undefined };
  const [hour, minute] = [Number(match[4]), Number(match[5])];
  return hour < 24 && minute < 60 ? { day, minutes: hour * 60 + minute } : undefined;
}

/** A time that comes twice is read so that the blackout is longer. Undefined when an end cannot be read. */
export function blackoutSpan({ from, to }: Blackout, zone: string): Span | undefined {
  const [first, last] = [parseBlackoutMoment(from), parseBlackoutMoment(to)];
  if (!first || !last) return undefined;
  return {
    from: instantOn(zone, first.day, first.minutes ?? 0),
    until: instantOn(zone, last.day, last.minutes ?? 24 * 60, "second"),
  };
}

/** All blackouts in their order; those that touch are one. */
export const closedSpans = (blackouts: readonly Blackout[], zone: string): Span[] =>
  merged(blackouts.flatMap((blackout) => blackoutSpan(blackout, zone) ?? []));
