import { describe, expect, test } from "@jest/globals";
import { decideLife, mayLive, whyOver, type Orchestration, type Sighting } from "../../../src/domain/run/life";

const HOUR = 3_600_000;
const NOW = Date.parse("2026-12-02T06:00:00Z");

const alive = (movedAgo: number): Orchestration => ({ kind: "alive", movedAt: NOW - movedAgo });
const sighting = (changes: Partial<Sighting>): Sighting => ({
  now: NOW,
  watchedSince: NOW - 1000 * HOUR,
  openSince: NOW - 100 * HOUR,
  begun: true,
  orchestration: alive(0),
  deadlineMs: 24 * HOUR,
  ...changes,
});

test.each<[string, Partial<Sighting>, string]>([
  ["moves", { orchestration: alive(0) }, "goesOn"],
  ["moved an hour ago", { orchestration: alive(HOUR) }, "goesOn"],
  ["has not moved for more than an hour, and waits for its turn", { orchestration: alive(HOUR + 1) }, "hangs"],
  ["has not moved, but was asked for a moment ago", { orchestration: alive(9 * HOUR), openSince: NOW }, "goesOn"],
  ["has not moved, but the app was off", { orchestration: alive(9 * HOUR), watchedSince: NOW - HOUR }, "goesOn"],
  [
    "has not moved since the app is on again",
    { orchestration: alive(9 * HOUR), watchedSince: NOW - HOUR - 1 },
    "hangs",
  ],
  [
    "claimed its VM and follows a long operation",
    { claimedAt: NOW - 24 * HOUR, orchestration: alive(9 * HOUR) },
    "goesOn",
  ],
  ["claimed its VM longer ago than its deadline, moving or not", { claimedAt: NOW - 24 * HOUR - 1 }, "hangs"],
  ["is late, but the app was off", { claimedAt: NOW - 99 * HOUR, watchedSince: NOW - 24 * HOUR }, "goesOn"],
  ["is late since the app is on again", { claimedAt: NOW - 99 * HOUR, watchedSince: NOW - 24 * HOUR - 1 }, "hangs"],
  ["cannot be asked for", { orchestration: { kind: "unknown" } }, "goesOn"],
  ["is over", { orchestration: { kind: "over", status: "Failed" } }, "ended"],
  ["is over before it began", { orchestration: { kind: "over", status: "Failed" }, begun: false }, "ended"],
  ["is gone", { orchestration: { kind: "missing" } }, "ended"],
  ["is about to be started", { orchestration: { kind: "missing" }, begun: false, openSince: NOW - HOUR + 1 }, "goesOn"],
  ["was never started", { orchestration: { kind: "missing" }, begun: false, openSince: NOW - HOUR }, "neverBegan"],
])("a run whose orchestration %s", (_what, changes, kind) => {
  expect(decideLife(sighting(changes)).kind).toBe(kind);
});

describe("the reason tells", () => {
  test.each<[Partial<Sighting>, string]>([
    [{ orchestration: { kind: "over", status: "Terminated" } }, "its orchestration is Terminated"],
    [{ orchestration: { kind: "over", status: "Failed", failure: "boom" } }, "its orchestration is Failed: boom"],
    [{ orchestration: { kind: "missing" } }, "its orchestration is not known any more"],
    [{ claimedAt: NOW - 25 * HOUR }, "it claimed its VM at 2026-12-01T05:00:00.000Z"],
    [{ orchestration: alive(2 * HOUR) }, "its orchestration has not moved since 2026-12-02T04:00:00.000Z"],
  ])("%j", (changes, reason) => {
    expect(decideLife(sighting(changes))).toMatchObject({ reason });
  });

  test("why an orchestration is over, without a look at the run", () => {
    expect(whyOver({ kind: "over", status: "Failed", failure: "boom" })).toBe("its orchestration is Failed: boom");
  });
});

test("an orchestration may live when it is seen alive or cannot be seen", () => {
  const all: Orchestration[] = [
    alive(0),
    { kind: "unknown" },
    { kind: "over", status: "Completed" },
    { kind: "missing" },
  ];
  expect(all.filter(mayLive).map(({ kind }) => kind)).toEqual(["alive", "unknown"]);
});
