import { describe, expect, test } from "@jest/globals";
import { lastStart, LATEST_START_MS, nextStart } from "../../../src/domain/policy/due";
import type { Policy } from "../../../src/domain/policy/policy";

const at = (text: string): number => Date.parse(text);
const LONG_AGO = at("2025-01-01T00:00:00Z");
const nightly: Pick<Policy, "schedule" | "timeZone"> = {
  schedule: { every: "day", at: "02:00" },
  timeZone: "Europe/Berlin",
};
const monthly: Pick<Policy, "schedule" | "timeZone"> = {
  schedule: { every: "month", week: "second", on: "Tuesday", plusDays: 3, at: "22:00" },
  timeZone: "UTC",
};

describe("the last start", () => {
  test.each([
    ["on time", nightly, "2026-11-24T01:00:00Z", "2026-11-24T01:00:00.000Z", true],
    ["a millisecond before the next", nightly, "2026-11-25T00:59:59.999Z", "2026-11-24T01:00:00.000Z", false],
    ["as late as it may be", nightly, "2026-11-24T02:00:00Z", "2026-11-24T01:00:00.000Z", true],
    ["a millisecond later", nightly, "2026-11-24T02:00:00.001Z", "2026-11-24T01:00:00.000Z", false],
    ["a month ago", monthly, "2026-12-11T21:59:00Z", "2026-11-13T22:00:00.000Z", false],
    ["moved, when clocks are set forward over it", nightly, "2026-03-29T01:10:00Z", "2026-03-29T01:00:00.000Z", true],
    ["once, when its time comes twice", nightly, "2026-10-25T01:30:00Z", "2026-10-25T00:00:00.000Z", false],
  ])("%s", (_what, policy, now, last, isInTime) => {
    expect(lastStart(policy, LONG_AGO, at(now))).toEqual({ at: at(last), isInTime });
  });

  test("none before the schedule held", () => {
    const now = at("2026-11-24T01:05:00Z");
    expect(lastStart(nightly, at("2026-11-24T01:00:00.001Z"), now)).toBeUndefined();
    expect(lastStart(nightly, at("2026-11-24T01:00:00Z"), now)).toMatchObject({ isInTime: true });
  });

  test("none without schedule", () => {
    expect(lastStart({ timeZone: "UTC" }, LONG_AGO, LONG_AGO)).toBeUndefined();
  });
});

test("the next start is after now", () => {
  expect(nextStart(nightly, at("2026-11-24T01:00:00Z"))).toBe(at("2026-11-25T01:00:00Z"));
  expect(nextStart({ timeZone: "UTC" }, LONG_AGO)).toBeUndefined();
});

test("an hour late is the most", () => expect(LATEST_START_MS).toBe(3_600_000));
