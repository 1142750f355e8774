import { describe, expect, it } from "@jest/globals";
import { blackoutSpan, closedSpans, parseBlackoutMoment } from "../../../src/domain/window/blackout";
import { openTimesBetween, windowGateAt, type OpenTimes, type WindowGate } from "../../../src/domain/window/gate";

const at = Date.parse;
const HOUR = 3_600_000;
const nightly: OpenTimes = {
  timeZone: "Europe/London",
  windows: [{ days: ["Friday", "Saturday"], from: "22:00", to: "04:00" }],
  blackouts: [{ from: "2026-12-18", to: "2027-01-03" }],
};

describe("a blackout", () => {
  it.each([
    ["whole days, in winter", "2026-12-18", "2026-12-20", "2026-12-18T00:00Z", "2026-12-21T00:00Z"],
    ["whole days, in summer", "2026-07-01", "2026-07-01", "2026-06-30T23:00Z", "2026-07-01T23:00Z"],
    ["moments", "2026-12-18T18:00", "2026-12-20T06:30", "2026-12-18T18:00Z", "2026-12-20T06:30Z"],
    ["a day and a moment", "2026-12-18", "2026-12-20T06:30", "2026-12-18T00:00Z", "2026-12-20T06:30Z"],
    [
      "times that come twice: the longer",
      "2026-10-25T01:15",
      "2026-10-25T01:45",
      "2026-10-25T00:15Z",
      "2026-10-25T01:45Z",
    ],
    ["a day of 25 hours", "2026-10-25", "2026-10-25", "2026-10-24T23:00Z", "2026-10-26T00:00Z"],
  ])("of %s", (_, from, to, begins, ends) => {
    expect(blackoutSpan({ from, to }, "Europe/London")).toEqual({ from: at(begins), until: at(ends) });
  });

  it.each([
    ...["", "tomorrow", "2026-13-01", "2026-02-30", "2026-2-3", "2026-12-18T24:00", "2026-12-18T10:60"],
    ...["2026-12-18T10", "2026-12-18T10:00Z", "0000-01-01"],
  ])("is not written %j", (text) => {
    expect(parseBlackoutMoment(text)).toBeUndefined();
    expect(
      closedSpans(
        [
          { from: text, to: "2027-01-01" },
          { from: "2026-01-01", to: text },
        ],
        "UTC",
      ),
    ).toEqual([]);
  });

  it("that touches another is one with it", () => {
    const two = [
      { from: "2026-12-21", to: "2026-12-24" },
      { from: "2026-12-18", to: "2026-12-20" },
    ];
    expect(closedSpans(two, "UTC")).toEqual([{ from: at("2026-12-18T00:00Z"), until: at("2026-12-25T00:00Z") }]);
  });
});

describe("whether an installation may start", () => {
  it.each<[string, string, number, WindowGate]>([
    ["when its time fits to the second", "2026-11-28T02:00Z", 2 * HOUR, { kind: "open", leftMs: 2 * HOUR }],
    ["when the window opens", "2026-11-27T22:00Z", 2 * HOUR, { kind: "open", leftMs: 6 * HOUR }],
    [
      "not when a millisecond is missing: in the next window",
      "2026-11-28T02:00:00.001Z",
      2 * HOUR,
      { kind: "closed", by: "tooLittleLeft", opensAt: at("2026-11-28T22:00Z") },
    ],
    [
      "not before the window",
      "2026-11-27T21:59:59.999Z",
      2 * HOUR,
      { kind: "closed", by: "window", opensAt: at("2026-11-27T22:00Z") },
    ],
    [
      "not when the window is over",
      "2026-11-29T04:00Z",
      2 * HOUR,
      { kind: "closed", by: "window", opensAt: at("2026-12-04T22:00Z") },
    ],
    [
      "not in a blackout: in the first window after it",
      "2026-12-18T23:00Z",
      2 * HOUR,
      { kind: "closed", by: "blackout", opensAt: at("2027-01-08T22:00Z") },
    ],
    [
      "in the one night that is long enough: when clocks are set back",
      "2026-11-27T22:00Z",
      7 * HOUR,
      { kind: "closed", by: "tooLittleLeft", opensAt: at("2027-10-30T21:00Z") },
    ],
    ["never when no window is so long", "2026-11-27T22:00Z", 8 * HOUR, { kind: "closed", by: "tooLittleLeft" }],
  ])("%s", (_, instant, duration, gate) => {
    expect(windowGateAt(nightly, at(instant), duration)).toEqual(gate);
  });

  it("a blackout cuts a window short", () => {
    const cut = { ...nightly, blackouts: [{ from: "2026-11-28T01:00", to: "2026-11-28T02:00" }] };
    expect(windowGateAt(cut, at("2026-11-27T23:30Z"), 2 * HOUR)).toEqual({
      kind: "closed",
      by: "tooLittleLeft",
      opensAt: at("2026-11-28T02:00Z"),
    });
    expect(openTimesBetween(cut, { from: at("2026-11-27T00:00Z"), until: at("2026-11-28T12:00Z") })).toEqual([
      { from: at("2026-11-27T22:00Z"), until: at("2026-11-28T01:00Z") },
      { from: at("2026-11-28T02:00Z"), until: at("2026-11-28T04:00Z") },
    ]);
  });

  it("without windows always, but for blackouts", () => {
    const always = { timeZone: "UTC", windows: [], blackouts: [{ from: "2026-11-25", to: "2026-11-25" }] };
    expect(windowGateAt(always, at("2026-11-24T12:00Z"), 4 * HOUR)).toEqual({ kind: "open", leftMs: 12 * HOUR });
    expect(windowGateAt(always, at("2026-11-25T12:00Z"), 4 * HOUR)).toEqual({
      kind: "closed",
      by: "blackout",
      opensAt: at("2026-11-26T00:00Z"),
    });
  });

  it("no minute of a month that it allows lies outside a window or in a blackout", () => {
    const duration = 90 * 60_000;
    for (let now = at("2026-12-01T00:00Z"); now < at("2027-01-12T00:00Z"); now += 31 * 60_000) {
      if (windowGateAt(nightly, now, duration).kind === "closed") continue;
      // In winter London's clocks are on UTC.
      for (let during = now; during < now + duration; during += 60_000) {
        const shown = new Date(during);
        const evening = [5, 6].includes(shown.getUTCDay()) && shown.getUTCHours() >= 22;
        const night = [6, 0].includes(shown.getUTCDay()) && shown.getUTCHours() < 4;
        expect(evening || night).toBe(true);
        expect(during < at("2026-12-18T00:00Z") || during >= at("2027-01-04T00:00Z")).toBe(true);
      }
    }
  });
});
