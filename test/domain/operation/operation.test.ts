import { describe, expect, test } from "@jest/globals";
import { nextPoll, operationState, timingOf } from "../../../src/domain/operation/operation";

const MINUTE_MS = 60_000;

describe("timingOf", () => {
  test("an assessment is overdue after 95 minutes, whatever the installation's maximum duration", () => {
    const timing = { overdueAfterMs: 95 * MINUTE_MS, firstPollAfterMs: 60_000, pollEveryMs: 30_000 };
    expect(timingOf("assess", 0)).toEqual(timing);
    expect(timingOf("assess", 240 * MINUTE_MS)).toEqual(timing);
  });

  test.each([25, 235, 240])("an installation of at most %d minutes is overdue 75 minutes later", (minutes) => {
    expect(timingOf("install", minutes * MINUTE_MS)).toEqual({
      overdueAfterMs: (minutes + 75) * MINUTE_MS,
      firstPollAfterMs: 60_000,
      pollEveryMs: 60_000,
    });
  });
});

describe("nextPoll", () => {
  const NOW = 1_000_000;

  test.each([
    ["at the interval", 30_000, 0, undefined, 30_000],
    ["never below 16 s", 1_000, 0, undefined, 16_000],
    ["never below 16 s, even if Azure asks for less", 0, 0, 1_000, 16_000],
    ["at exactly 16 s", 16_000, 0, 16_000, 16_000],
    ["later if Azure asks for it", 30_000, 0, 120_000, 120_000],
    ["not earlier if Azure would allow it", 30_000, 0, 10_000, 30_000],
    ["spread by at most 10 s", 30_000, 1, undefined, 40_000],
    ["spread by whole milliseconds", 30_000, 0.12345, undefined, 31_234],
    ["spread after Azure's own time too", 30_000, 0.5, 60_000, 65_000],
  ])("%s", (_, everyMs, spread, retryAfterMs, afterMs) => {
    expect(nextPoll(NOW, everyMs, spread, retryAfterMs) - NOW).toBe(afterMs);
  });
});

describe("operationState", () => {
  test.each([
    ["Succeeded", "succeeded"],
    ["succeeded", "succeeded"],
    ["CompletedWithWarnings", "succeeded"],
    ["Failed", "failed"],
    ["FAILED", "failed"],
    ["Canceled", "failed"],
    ["cancelled", "failed"],
    ["InProgress", "running"],
    ["NotStarted", "running"],
    ["Unknown", "running"],
    ["SomethingNew", "running"],
    ["", "running"],
    [undefined, "running"],
  ])("%s means %s", (status, state) => {
    expect(operationState(status)).toBe(state);
  });
});
