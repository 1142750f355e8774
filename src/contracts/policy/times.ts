import { z } from "zod";
import { nearestName } from "../../domain/nearest";
import { parseBlackoutMoment } from "../../domain/window/blackout";
import { weekdays } from "../../domain/window/calendar";
import { weeksOfMonth, type Schedule } from "../../domain/window/schedule";
import { isTimeZone } from "../../domain/window/time-zone";
import { clockTime, endTime, filledList, list, weekday, whole } from "./fields";

export const timeZone = z.string().refine(isTimeZone, {
  error: ({ input }) => {
    const meant = nearestName(String(input), Intl.supportedValuesOf("timeZone"));
    const remedy = "write a zone of the IANA database such as Europe/London or America/New_York, or UTC";
    return meant === undefined ? remedy : `${remedy}; did you mean ${meant}?`;
  },
});

const at = clockTime.describe('When it starts, on the clocks of timeZone: "HH:MM".');

/** The documents' words for a month's schedule, of which only some go together. */
const monthly = z
  .strictObject({
    every: z.literal("month").describe("How often."),
    day: z
      .union([whole(1, 28), z.literal("last")], { error: "write a day from 1 to 28, or last" })
      .exactOptional()
      .describe("Day of the month, 1 to 28 or last; or give week and on."),
    week: z.enum(weeksOfMonth).exactOptional().describe("Which of the month's days that on names; together with on."),
    on: weekday.exactOptional().describe("A weekday; together with week."),
    plusDays: whole(0, 27)
      .exactOptional()
      .describe(
        "So many days after that weekday: week second, on Tuesday and plusDays 3 is three days after Microsoft's monthly release.",
      ),
    at,
  })
  .transform(({ day, week, on, plusDays, at }, context): Schedule => {
    if (day !== undefined && week === undefined && on === undefined && plusDays === undefined) {
      return { every: "month", day, at };
    }
    if (day === undefined && week !== undefined && on !== undefined) {
      return { every: "month", week, on, plusDays: plusDays ?? 0, at };
    }
    context.addIssue({ code: "custom", message: "give either day, or week and on, with plusDays if you like" });
    return z.NEVER;
  });

export const schedule = z
  .discriminatedUnion("every", [
    z.strictObject({ every: z.literal("day").describe("How often."), at }),
    z.strictObject({
      every: z.literal("week").describe("How often."),
      on: filledList(weekday).describe("Weekdays; with every: month one of them, together with week."),
      at,
    }),
    monthly,
  ])
  .describe("When sweeps start, of stored policies. Without it they start on request only.");

const window = z
  .strictObject({
    days: filledList(weekday)
      .default([...weekdays])
      .describe("Weekdays on which the window opens; every day if absent."),
    from: clockTime.describe('When it opens: "HH:MM".'),
    to: endTime.describe('When it ends: "HH:MM", up to "24:00"; on the next day if it is not after from.'),
  })
  .refine(({ from, to }) => from !== to, {
    path: ["to"],
    message: 'write another time than from; a whole day is from: "00:00", to: "24:00"',
  });

export const windows = list(window)
  .default([])
  .describe(
    "When operations may run, on the clocks of timeZone; always if absent. An installation's maximumDuration fits into what is left, or it is not started.",
  );

const moment = z
  .string()
  .refine(
    (text) => parseBlackoutMoment(text) !== undefined,
    "write a day that the calendar has, as YYYY-MM-DD, or a moment of it, as YYYY-MM-DDTHH:MM",
  );

const blackout = z
  .strictObject({
    from: moment.describe("First day as YYYY-MM-DD, or a moment as YYYY-MM-DDTHH:MM, on the clocks of timeZone."),
    to: moment.describe("Last day, which is included, or the moment at which it ends."),
    reason: z
      .string()
      .min(1, "say why, or leave it out")
      .max(200, "say it in 200 characters")
      .exactOptional()
      .describe("For whoever asks."),
  })
  .refine(({ from, to }) => !(naiveEnd(from, 0) >= naiveEnd(to, 24 * 60)), {
    path: ["to"],
    message: "let it end after from",
  });

/** To compare moments of one zone, whose clocks are not looked at; NaN, which compares with nothing, for what is none. */
function naiveEnd(text: string, ofWholeDay: number): number {
  const read = parseBlackoutMoment(text);
  return read ? Date.UTC(read.day.year, read.day.month - 1, read.day.day, 0, read.minutes ?? ofWholeDay) : Number.NaN;
}

export const blackouts = list(blackout)
  .superRefine((all, context) => {
    all.forEach(({ from }, index) => {
      const other = all.findIndex(
        (earlier, at) =>
          at !== index &&
          naiveEnd(earlier.from, 0) <= naiveEnd(from, 0) &&
          naiveEnd(from, 0) < naiveEnd(earlier.to, 24 * 60),
      );
      if (other >= 0 && (other < index || all[other]?.from !== from)) {
        context.addIssue({
          code: "custom",
          path: [index, "from"],
          message: `lies in blackouts[${other}]: make one of the two, or mend the date`,
        });
      }
    });
  })
  .default([])
  .describe("When nothing may run, whatever the windows say.");
