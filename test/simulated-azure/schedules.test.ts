import { describe, expect, it } from "@jest/globals";
import { nextWindowStarts, readWindow } from "../../src/domain/maintenance/window";
import { parseWindow } from "../../src/local/simulated-azure/maintenance/recurrence";

const DAY = 86_400_000;

describe("the schedules of simulated Azure", () => {
  it.each([
    ["Day", "2026-10-28 01:30", "Eastern Standard Time"],
    ["Day", "2026-03-01 03:30", "Eastern Standard Time"],
    ["3Days", "2026-12-01 22:00", "W. Europe Standard Time"],
    ["6Hours", "2026-12-01 22:00", "W. Europe Standard Time"],
    ["Week", "2026-12-01 22:00", "Tokyo Standard Time"],
    ["2Weeks Monday,Sunday", "2026-12-06 01:30", "GMT Standard Time"],
    ["Month", "2027-01-31 12:00", "UTC"],
    ["Month day23,day24", "2026-12-01 22:00", "Pacific Standard Time"],
    ["Month Second Tuesday Offset4", "2026-12-01 22:00", "W. Europe Standard Time"],
    ["Month First Friday Offset-6", "2026-12-01 22:00", "UTC"],
    ["2Months Last Sunday", "2026-12-01 22:00", "UTC"],
  ])("%s from %s %s start when the app says", (recurEvery, startDateTime, timeZone) => {
    const window = { recurEvery, startDateTime, timeZone, duration: "02:00" };
    const reading = readWindow(window);
    if (reading.kind === "refused") throw new Error(JSON.stringify(reading.problems));
    const expected = nextWindowStarts(reading.window, 12).map(({ utc }) => Date.parse(utc));

    const from = Date.parse("2026-01-01T00:00:00Z");
    expect(
      parseWindow(window)
        .starts(from, from + 1500 * DAY)
        .slice(0, 12),
    ).toEqual(expected);
  });

  it.each([
    { recurEvery: "Fortnight" },
    { recurEvery: "5Hours" },
    { recurEvery: "Week Someday" },
    { recurEvery: "Month day32" },
    { recurEvery: "Day Monday" },
    { recurEvery: "0Days" },
    { duration: "01:29" },
    { duration: "03:56" },
    { timeZone: "Middle Earth Time" },
    { startDateTime: "soon" },
    { recurEvery: undefined },
  ])("refuse %j", (change) => {
    const window = {
      recurEvery: "Day",
      startDateTime: "2026-12-01 22:00",
      timeZone: "UTC",
      duration: "02:00",
      ...change,
    };
    expect(() => parseWindow(window)).toThrow(/maintenanceWindow\.\w+ is invalid/);
  });
});
