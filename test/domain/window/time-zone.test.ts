import { describe, expect, it } from "@jest/globals";
import { instantOf, isTimeZone, localTimeAt, offsetAt, HOUR_MS } from "../../../src/domain/window/time-zone";

const local = (text: string) => {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = text.split(/[-T:]/).map(Number);
  return { year, month, day, hour, minute };
};
const iso = (instant: number): string => new Date(instant).toISOString().replace(":00.000Z", "Z");

describe("a time zone", () => {
  it.each(["UTC", "Europe/London", "America/New_York", "America/Argentina/Buenos_Aires", "Australia/Lord_Howe"])(
    "%s is one",
    (name) => expect(isTimeZone(name)).toBe(true),
  );

  it.each(["", "GMT", "EST", "CET", "+01:00", "W. Europe Standard Time", "Europe/Londn", "Europe/", "utc"])(
    "%j is none",
    (name) => expect(isTimeZone(name)).toBe(false),
  );
});

describe("clocks in a zone", () => {
  it.each([
    ["UTC", "2026-07-01T12:00Z", 0],
    ["Europe/London", "2026-01-01T12:00Z", 0],
    ["Europe/London", "2026-07-01T12:00Z", 1],
    ["America/New_York", "2026-01-01T12:00Z", -5],
    ["Asia/Kathmandu", "2026-01-01T12:00Z", 5.75],
    ["Australia/Lord_Howe", "2026-01-01T12:00Z", 11],
    ["Australia/Lord_Howe", "2026-07-01T12:00Z", 10.5],
  ])("in %s at %s are ahead by %d hours", (zone, at, hours) => {
    expect(offsetAt(zone, Date.parse(at))).toBe(hours * HOUR_MS);
  });

  it.each([
    ["Europe/London", "2026-06-30T23:30Z", "2026-07-01T00:30"],
    ["America/New_York", "2027-01-01T04:59Z", "2026-12-31T23:59"],
    ["UTC", "2026-11-24T09:05Z", "2026-11-24T09:05"],
  ])("in %s at %s show %s", (zone, at, shown) => {
    expect(localTimeAt(zone, Date.parse(at) + 59_999)).toEqual(local(shown));
  });
});

describe("a time on the clocks of a zone", () => {
  it.each([
    ["once", "Europe/London", "2026-07-01T22:00", "2026-07-01T21:00Z", "2026-07-01T21:00Z"],
    ["once, in UTC", "UTC", "2026-07-01T22:00", "2026-07-01T22:00Z", "2026-07-01T22:00Z"],
    ["once, far from UTC", "Pacific/Kiritimati", "2026-07-01T00:00", "2026-06-30T10:00Z", "2026-06-30T10:00Z"],
    ["twice", "Europe/London", "2026-10-25T01:30", "2026-10-25T00:30Z", "2026-10-25T01:30Z"],
    ["twice", "America/New_York", "2026-11-01T01:00", "2026-11-01T05:00Z", "2026-11-01T06:00Z"],
    ["twice, half an hour apart", "Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45Z", "2026-04-04T15:15Z"],
    ["no more than once just before", "Europe/London", "2026-10-25T00:59", "2026-10-24T23:59Z", "2026-10-24T23:59Z"],
    ["no more than once just after", "Europe/London", "2026-10-25T02:00", "2026-10-25T02:00Z", "2026-10-25T02:00Z"],
    ["never: the clocks' change", "Europe/London", "2026-03-29T01:30", "2026-03-29T01:00Z", "2026-03-29T01:00Z"],
    ["never: the clocks' change", "America/New_York", "2026-03-08T02:59", "2026-03-08T07:00Z", "2026-03-08T07:00Z"],
    ["never at midnight", "Africa/Cairo", "2026-04-24T00:00", "2026-04-23T22:00Z", "2026-04-23T22:00Z"],
    ["never on a day left out", "Pacific/Apia", "2011-12-30T12:00", "2011-12-30T10:00Z", "2011-12-30T10:00Z"],
  ])("that comes %s: in %s %s is %s, and %s the second time", (_, zone, text, first, second) => {
    expect(iso(instantOf(zone, local(text)))).toBe(first);
    expect(iso(instantOf(zone, local(text), "second"))).toBe(second);
  });

  it("is what clocks show at its instant, all through two changes of clocks", () => {
    const zone = "America/New_York";
    for (let at = Date.parse("2026-03-07T00:00Z"); at < Date.parse("2026-03-10T00:00Z"); at += 15 * 60_000) {
      expect(instantOf(zone, localTimeAt(zone, at))).toBe(at);
    }
    for (let at = Date.parse("2026-10-31T00:00Z"); at < Date.parse("2026-11-03T00:00Z"); at += 15 * 60_000) {
      const shown = localTimeAt(zone, at);
      expect([instantOf(zone, shown), instantOf(zone, shown, "second")]).toContain(at);
    }
  });
});
