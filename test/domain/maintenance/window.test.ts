import { describe, expect, it } from "@jest/globals";
import { nextWindowStarts, parseLocalTime, readWindow, type WindowText } from "../../../src/domain/maintenance/window";

const text: WindowText = {
  recurEvery: "Month Second Tuesday Offset4",
  startDateTime: "2026-12-01 22:00",
  timeZone: "W. Europe Standard Time",
  duration: "02:00",
};

const windowOf = (change: Partial<WindowText>) => {
  const reading = readWindow({ ...text, ...change });
  if (reading.kind === "refused") throw new Error(JSON.stringify(reading.problems));
  return reading.window;
};

const startsOf = (change: Partial<WindowText>, count = 3) =>
  nextWindowStarts(windowOf(change), count).map(({ local }) => local);

describe("the starts of a maintenance window", () => {
  it("come at or after its own start, on the clocks of its zone, and in UTC", () => {
    expect(nextWindowStarts(windowOf({}), 5)).toEqual([
      { local: "2026-12-12T22:00:00+01:00", utc: "2026-12-12T21:00:00Z" },
      { local: "2027-01-16T22:00:00+01:00", utc: "2027-01-16T21:00:00Z" },
      { local: "2027-02-13T22:00:00+01:00", utc: "2027-02-13T21:00:00Z" },
      { local: "2027-03-13T22:00:00+01:00", utc: "2027-03-13T21:00:00Z" },
      { local: "2027-04-17T22:00:00+02:00", utc: "2027-04-17T20:00:00Z" },
    ]);
  });

  const cases: [string, Partial<WindowText>, string[]][] = [
    ["each day", { recurEvery: "Day" }, ["2026-12-01", "2026-12-02", "2026-12-03"]],
    ["every third day", { recurEvery: "3Days" }, ["2026-12-01", "2026-12-04", "2026-12-07"]],
    ["on the start's weekday", { recurEvery: "Week" }, ["2026-12-01", "2026-12-08", "2026-12-15"]],
    ["every third week", { recurEvery: "3Weeks" }, ["2026-12-01", "2026-12-22", "2027-01-12"]],
    ["on named days", { recurEvery: "Week Saturday,Monday" }, ["2026-12-05", "2026-12-07", "2026-12-12"]],
    [
      "on named days of every second week",
      { recurEvery: "2Weeks Monday,Sunday" },
      ["2026-12-06", "2026-12-14", "2026-12-20"],
    ],
    ["on the start's day of the month", { recurEvery: "Month" }, ["2026-12-01", "2027-01-01", "2027-02-01"]],
    ["every second month", { recurEvery: "2Months" }, ["2026-12-01", "2027-02-01", "2027-04-01"]],
    ["on days of the month", { recurEvery: "Month day24,day23" }, ["2026-12-23", "2026-12-24", "2027-01-23"]],
    ["not in months without the day", { recurEvery: "Month day31" }, ["2026-12-31", "2027-01-31", "2027-03-31"]],
    ["on the last Sunday", { recurEvery: "Month Last Sunday" }, ["2026-12-27", "2027-01-31", "2027-02-28"]],
    [
      "before a weekday, even in the month before",
      { recurEvery: "Month First Friday Offset-6" },
      ["2026-12-26", "2027-01-30", "2027-02-27"],
    ],
    [
      "after a weekday, even from the month before",
      { recurEvery: "Month Last Monday Offset6" },
      ["2026-12-06", "2027-01-03", "2027-01-31"],
    ],
  ];
  it.each(cases)("%s", (_, change, days) => {
    expect(startsOf(change).map((at) => at.slice(0, 10))).toEqual(days);
  });

  it("begin on the Monday's week of a start on a Sunday", () => {
    expect(startsOf({ recurEvery: "2Weeks Monday", startDateTime: "2026-12-06 10:00" }, 2)).toEqual([
      "2026-12-14T10:00:00+01:00",
      "2026-12-28T10:00:00+01:00",
    ]);
  });

  it("keep the time of day when clocks change, but for the hour that is left out", () => {
    const zone = { recurEvery: "Day", timeZone: "Eastern Standard Time", startDateTime: "2027-03-13 02:30" };
    expect(startsOf(zone)).toEqual([
      "2027-03-13T02:30:00-05:00",
      "2027-03-14T03:00:00-04:00",
      "2027-03-15T02:30:00-04:00",
    ]);
    expect(startsOf({ ...zone, startDateTime: "2026-10-31 01:30" })).toEqual([
      "2026-10-31T01:30:00-04:00",
      "2026-11-01T01:30:00-04:00",
      "2026-11-02T01:30:00-05:00",
    ]);
  });

  it("count hours as they pass", () => {
    const hourly = { recurEvery: "12Hours", timeZone: "Eastern Standard Time", startDateTime: "2027-03-13 20:00" };
    expect(startsOf(hourly)).toEqual([
      "2027-03-13T20:00:00-05:00",
      "2027-03-14T09:00:00-04:00",
      "2027-03-14T21:00:00-04:00",
    ]);
  });

  it("are on a day that the zone has", () => {
    // Samoa left out 2011-12-30.
    expect(startsOf({ recurEvery: "Day", timeZone: "Samoa Standard Time", startDateTime: "2011-12-29 10:00" })).toEqual(
      ["2011-12-29T10:00:00-10:00", "2011-12-31T00:00:00+14:00", "2011-12-31T10:00:00+14:00"],
    );
  });

  it("after an instant are those that come then", () => {
    const after = Date.parse("2027-06-01T00:00:00Z");
    expect(nextWindowStarts(windowOf({ recurEvery: "Day" }), 1, after)).toEqual([
      { local: "2027-06-01T22:00:00+02:00", utc: "2027-06-01T20:00:00Z" },
    ]);
  });

  it.each([
    "Day",
    "3Days",
    "6Hours",
    "Week Saturday,Sunday",
    "5Weeks",
    "Month",
    "2Months day31",
    "Month First Friday Offset-6",
    "7Months Last Monday Offset6",
  ])("of %s are the same, wherever they are counted from", (recurEvery) => {
    const window = windowOf({ recurEvery, startDateTime: "2020-01-15 02:30" });
    const all = nextWindowStarts(window, 400).map(({ utc }) => Date.parse(utc));
    for (const from of [0, 1, 17, Math.floor(all.length / 2)]) {
      const after = (all[from] ?? 0) - 1;
      const next = nextWindowStarts(window, 5, after).map(({ utc }) => Date.parse(utc));
      expect(next).toEqual(all.slice(from, from + 5));
    }
  });

  it("may be none: no other year has such a day", () => {
    expect(startsOf({ recurEvery: "12Months day30", startDateTime: "2027-02-01 10:00" })).toEqual([]);
  });
});

describe("a maintenance window", () => {
  it("is written as Azure takes it", () => {
    const { text: written } = windowOf({
      recurEvery: "1month second tuesday OFFSET4",
      startDateTime: "2026-12-01T22:00",
      timeZone: "w. europe standard time",
      duration: "1:30",
    });
    expect(written).toEqual({ ...text, duration: "01:30" });
  });

  it("is told all that is wrong with it", () => {
    const reading = readWindow({
      recurEvery: "Fortnight",
      startDateTime: "2026-02-29 10:00",
      timeZone: "Middle Earth",
      duration: "two hours",
    });
    expect(reading).toEqual({
      kind: "refused",
      problems: [
        { field: "recurEvery", value: "Fortnight", rule: expect.stringContaining("write it as") },
        { field: "startDateTime", value: "2026-02-29 10:00", rule: expect.stringContaining("that the calendar has") },
        { field: "timeZone", value: "Middle Earth", rule: expect.stringContaining("is no Windows time zone") },
        { field: "duration", value: "two hours", rule: expect.stringContaining('"02:00"') },
      ],
    });
  });

  it.each([
    ["01:29", "a window lasts 01:30 at least"],
    ["03:56", "a window lasts 03:55 at most"],
    ["05:00", "a window lasts 03:55 at most"],
  ])("of %s is refused: %s", (duration, rule) => {
    expect(readWindow({ ...text, duration })).toEqual({
      kind: "refused",
      problems: [{ field: "duration", value: duration, rule }],
    });
  });

  it.each(["01:30", "03:55"])("of %s is taken", (duration) => {
    expect(windowOf({ duration }).text.duration).toBe(duration);
  });

  it.each([
    ["W. Europ Standard Time", 'did you mean "W. Europe Standard Time" or'],
    ["Europe/Berlin", 'did you mean "W. Europe Standard Time"?'],
    ["Tokyo", 'did you mean "Tokyo Standard Time"?'],
    ["CET", 'write one such as "W. Europe Standard Time"'],
  ])("in the zone %s is told the nearest names", (timeZone, remedy) => {
    const reading = readWindow({ ...text, timeZone });
    expect(reading.kind === "refused" && reading.problems[0]?.rule).toContain(remedy);
  });

  it.each([
    "2026-13-01 10:00",
    "2026-00-01 10:00",
    "2026-01-00 10:00",
    "2026-01-32 10:00",
    "0000-01-01 10:00",
    "2026-01-01 24:00",
    "2026-01-01 10:60",
    "2026-01-01",
  ])("has no start at %s", (start) => expect(parseLocalTime(start)).toBeUndefined());
});
