import { describe, expect, it } from "@jest/globals";
import { weekdays } from "../../../src/domain/window/calendar";
import { openSpans, windowMinutes, type Window } from "../../../src/domain/window/window";

const window = (from: string, to: string, ...days: Window["days"][number][]): Window => ({
  days: days.length > 0 ? days : weekdays,
  from,
  to,
});
const spans = (windows: readonly Window[], zone: string, from: string, until: string): string[] =>
  openSpans(windows, zone, { from: Date.parse(from), until: Date.parse(until) }).map((span) =>
    [span.from, span.until].map((at) => new Date(at).toISOString().slice(0, 16)).join(" "),
  );

describe("windows", () => {
  it("open on their days only", () => {
    expect(
      spans([window("10:00", "12:00", "Monday", "Friday")], "UTC", "2026-11-23T00:00Z", "2026-11-30T00:00Z"),
    ).toEqual(["2026-11-23T10:00 2026-11-23T12:00", "2026-11-27T10:00 2026-11-27T12:00"]);
  });

  it("that end before they begin end on the next day, and belong to the day on which they open", () => {
    expect(spans([window("22:00", "04:00", "Saturday")], "UTC", "2026-11-29T01:00Z", "2026-12-05T00:00Z")).toEqual([
      "2026-11-28T22:00 2026-11-29T04:00",
    ]);
  });

  it("that touch or overlap are one, over days too", () => {
    const windows = [
      window("22:00", "24:00", "Friday"),
      window("00:00", "03:00", "Saturday"),
      window("02:00", "05:00", "Saturday"),
    ];
    expect(spans(windows, "UTC", "2026-11-27T00:00Z", "2026-11-29T00:00Z")).toEqual([
      "2026-11-27T22:00 2026-11-28T05:00",
    ]);
    expect(spans(windows, "UTC", "2026-11-28T04:00Z", "2026-11-28T04:01Z")).toEqual([
      "2026-11-27T22:00 2026-11-28T05:00",
    ]);
  });

  it("are over at their end, and not yet open before their beginning", () => {
    const windows = [window("10:00", "12:00")];
    expect(spans(windows, "UTC", "2026-11-24T12:00Z", "2026-11-25T10:00Z")).toEqual([]);
  });

  it("are an hour shorter when clocks are set forward, and an hour longer when they are set back", () => {
    const windows = [window("22:00", "04:00", "Saturday")];
    expect(spans(windows, "Europe/London", "2026-03-28T12:00Z", "2026-03-29T12:00Z")).toEqual([
      "2026-03-28T22:00 2026-03-29T03:00",
    ]);
    expect(spans(windows, "Europe/London", "2026-10-24T12:00Z", "2026-10-25T12:00Z")).toEqual([
      "2026-10-24T21:00 2026-10-25T04:00",
    ]);
  });

  it("within the hour that is left out are none, and within the one that comes twice are the first", () => {
    const windows = [window("01:15", "01:45")];
    expect(spans(windows, "Europe/London", "2026-03-29T00:00Z", "2026-03-29T12:00Z")).toEqual([]);
    expect(spans(windows, "Europe/London", "2026-10-25T00:00Z", "2026-10-25T12:00Z")).toEqual([
      "2026-10-25T00:15 2026-10-25T00:45",
    ]);
  });
});

describe("how long windows are open", () => {
  it.each<[string, Window[], number[]]>([
    ["within a day", [window("10:00", "12:30")], [150]],
    ["over midnight", [window("22:00", "04:00", "Saturday")], [360]],
    ["a whole day", [window("00:00", "24:00", "Sunday")], [1440]],
    ["two days that touch", [window("00:00", "24:00", "Saturday", "Sunday")], [2880]],
    ["always: a week", [window("00:00", "24:00")], [10_080]],
    ["with what they touch", [window("22:00", "24:00", "Saturday"), window("00:00", "03:00", "Sunday")], [300, 300]],
    ["each by itself", [window("10:00", "11:00"), window("12:00", "15:00")], [60, 180]],
    [
      "the shortest of its days",
      [window("10:00", "11:00", "Monday", "Tuesday"), window("11:00", "12:00", "Monday")],
      [60, 120],
    ],
    ["none", [], []],
  ])("%s", (_, windows, minutes) => {
    expect(windowMinutes(windows)).toEqual(minutes);
  });
});
