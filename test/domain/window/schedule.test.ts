import { describe, expect, it } from "@jest/globals";
import { nextStarts, type Schedule } from "../../../src/domain/window/schedule";

const starts = (schedule: Schedule, zone: string, after: string, count = 3): string[] =>
  nextStarts(schedule, zone, Date.parse(after), count).map((at) => new Date(at).toISOString().replace(":00.000Z", "Z"));

describe("a schedule's next starts", () => {
  const cases: [string, Schedule, string, string, string[]][] = [
    [
      "every day",
      { every: "day", at: "22:00" },
      "UTC",
      "2026-11-24T21:59Z",
      ["2026-11-24T22:00Z", "2026-11-25T22:00Z", "2026-11-26T22:00Z"],
    ],
    [
      "after one that is now, the next",
      { every: "day", at: "22:00" },
      "UTC",
      "2026-11-24T22:00Z",
      ["2026-11-25T22:00Z", "2026-11-26T22:00Z", "2026-11-27T22:00Z"],
    ],
    [
      "on days of the week",
      { every: "week", on: ["Tuesday", "Sunday"], at: "03:30" },
      "America/New_York",
      "2026-11-24T12:00Z",
      ["2026-11-29T08:30Z", "2026-12-01T08:30Z", "2026-12-06T08:30Z"],
    ],
    [
      "on the zone's day, not that of UTC",
      { every: "week", on: ["Monday"], at: "01:00" },
      "Asia/Tokyo",
      "2026-11-22T15:00Z",
      ["2026-11-22T16:00Z", "2026-11-29T16:00Z", "2026-12-06T16:00Z"],
    ],
    [
      "on a day of the month",
      { every: "month", day: 28, at: "00:00" },
      "UTC",
      "2027-01-28T00:00Z",
      ["2027-02-28T00:00Z", "2027-03-28T00:00Z", "2027-04-28T00:00Z"],
    ],
    [
      "on a month's last day, in a leap year too",
      { every: "month", day: "last", at: "12:00" },
      "UTC",
      "2028-01-31T12:00Z",
      ["2028-02-29T12:00Z", "2028-03-31T12:00Z", "2028-04-30T12:00Z"],
    ],
    [
      "on the second Tuesday",
      { every: "month", week: "second", on: "Tuesday", plusDays: 0, at: "18:00" },
      "UTC",
      "2026-11-24T00:00Z",
      ["2026-12-08T18:00Z", "2027-01-12T18:00Z", "2027-02-09T18:00Z"],
    ],
    [
      "on a month's first weekday, even its first day",
      { every: "month", week: "first", on: "Friday", plusDays: 0, at: "18:00" },
      "UTC",
      "2026-12-05T00:00Z",
      ["2027-01-01T18:00Z", "2027-02-05T18:00Z", "2027-03-05T18:00Z"],
    ],
    [
      "on a month's last weekday",
      { every: "month", week: "last", on: "Sunday", plusDays: 0, at: "18:00" },
      "UTC",
      "2026-11-24T00:00Z",
      ["2026-11-29T18:00Z", "2026-12-27T18:00Z", "2027-01-31T18:00Z"],
    ],
    [
      "days after a weekday, into the next month",
      { every: "month", week: "last", on: "Thursday", plusDays: 6, at: "18:00" },
      "UTC",
      "2026-11-24T00:00Z",
      ["2026-12-02T18:00Z", "2027-01-06T18:00Z", "2027-02-03T18:00Z"],
    ],
  ];
  it.each(cases)("%s", (_, schedule, zone, after, expected) => {
    expect(starts(schedule, zone, after)).toEqual(expected);
  });

  it("stay at the clocks' time when summer time begins and ends", () => {
    const weekly: Schedule = { every: "week", on: ["Saturday"], at: "22:00" };
    expect(starts(weekly, "Europe/London", "2026-03-20T00:00Z")).toEqual([
      "2026-03-21T22:00Z",
      "2026-03-28T22:00Z",
      "2026-04-04T21:00Z",
    ]);
  });

  it("come once where clocks show the time twice: the first time", () => {
    const daily: Schedule = { every: "day", at: "01:30" };
    expect(starts(daily, "Europe/London", "2026-10-24T12:00Z")).toEqual([
      "2026-10-25T00:30Z",
      "2026-10-26T01:30Z",
      "2026-10-27T01:30Z",
    ]);
    expect(starts(daily, "Europe/London", "2026-10-25T00:30Z", 1)).toEqual(["2026-10-26T01:30Z"]);
  });

  it("come at the change of clocks where these leave the time out", () => {
    const daily: Schedule = { every: "day", at: "01:30" };
    expect(starts(daily, "Europe/London", "2026-03-28T12:00Z")).toEqual([
      "2026-03-29T01:00Z",
      "2026-03-30T00:30Z",
      "2026-03-31T00:30Z",
    ]);
  });

  it("come once where a zone left out a whole day", () => {
    expect(starts({ every: "day", at: "00:00" }, "Pacific/Apia", "2011-12-29T00:00Z")).toEqual([
      "2011-12-29T10:00Z",
      "2011-12-30T10:00Z",
      "2011-12-31T10:00Z",
    ]);
  });
});
