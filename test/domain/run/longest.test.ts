import { expect, test } from "@jest/globals";
import { longestRunMs, type Deadlines } from "../../../src/domain/run/longest";

const MINUTE = 60_000;
const defaults: Deadlines = {
  readyMinutes: 30,
  supportMinutes: 20,
  assessments: 3,
  reassessMinutes: 5,
  settleSeconds: 90,
  graceMinutes: 15,
  busyMinutes: 30,
};

test("a run's parts add up", () => {
  // Two hours of patience, and five requests of which each may need a minute to leave and 90 s to show.
  const start = 120 + 5 * 2.5;
  const assessments = 3 * (start + 95 + 20) + 2 * 5;
  const install = start + 240 + 75 + 15;
  expect(longestRunMs(defaults)).toBe((30 + assessments + install + 60) * MINUTE);
});

test.each<[string, Partial<Deadlines>, number]>([
  ["a longer wait for the VM, once", { readyMinutes: 40 }, 10],
  ["a wait for the VM that outlasts Azure's patience, at each start too", { readyMinutes: 130 }, 100 + 4 * 10],
  ["patience with others' operations, at each start", { busyMinutes: 130 }, 4 * 10],
  ["the support state, at each assessment", { supportMinutes: 21 }, 3],
  ["one assessment less, with its pause", { assessments: 2 }, -(132.5 + 95 + 20 + 5)],
  ["pauses between assessments", { reassessMinutes: 6 }, 2],
  ["settle time, at each of five requests of four starts", { settleSeconds: 150 }, 20],
  ["grace time, once", { graceMinutes: 16 }, 1],
])("%s counts", (_what, changes, minutes) => {
  const difference = longestRunMs({ ...defaults, ...changes }) - longestRunMs(defaults);
  expect(difference).toBe(minutes * MINUTE);
});
