import { describe, expect, test } from "@jest/globals";
import type { TriggerPorts } from "../../src/triggers/ports";
import { scheduledSweep, slotOf } from "../../src/triggers/timers/scheduled-sweep";
import { fleetOf } from "../support/fleet";
import { startWorld } from "../support/outside-jest";

const MINUTE = 60_000;
const SWEEP_AT_0610 = { GOLDPATCH_SWEEP_SCHEDULE: "0 10 6 * * *" };

describe("the slot of a tick", () => {
  test.each([
    ["exactly on time", "0 0 2 * * *", "2026-12-01T02:00:00.000Z", "2026-12-01T02:00:00.000Z"],
    ["a little late", "0 0 2 * * *", "2026-12-01T02:00:07.500Z", "2026-12-01T02:00:00.000Z"],
    ["after hours of downtime", "0 0 2 * * *", "2026-12-01T19:30:00.000Z", "2026-12-01T02:00:00.000Z"],
    ["before the day's occurrence", "0 0 2 * * *", "2026-12-01T01:59:59.999Z", "2026-11-30T02:00:00.000Z"],
    ["every ten minutes", "0 */10 * * * *", "2026-12-01T06:19:59.000Z", "2026-12-01T06:10:00.000Z"],
    ["both day fields must match", "0 0 0 1 * 2", "2027-01-15T00:00:00.000Z", "2026-12-01T00:00:00.000Z"],
    ["across a year", "30 5 4 31 12 *", "2027-06-01T00:00:00.000Z", "2026-12-31T04:05:30.000Z"],
  ])("%s", (_what, schedule, now, slot) => {
    expect(slotOf(schedule, Date.parse(now))).toBe(slot);
  });
});

const names = (runs: readonly { vmId: string }[]) => runs.map(({ vmId }) => vmId.split("/").at(-1)).sort();

test("a sweep takes VMs from customized images in scope, and leaves the others out", async () => {
  const stopped = { power: { state: "deallocated" }, events: [] };
  const world = await startWorld({
    fleet: fleetOf([
      { name: "gallery", image: "win", ...stopped },
      { name: "managed", image: "managed", ...stopped },
      { name: "attached", image: "attached", ...stopped },
      { name: "unknown", image: "unknown", ...stopped },
      { name: "market", image: "market", ...stopped },
      { name: "flex", image: "win", scaleSet: "s", ...stopped },
      { name: "aks", image: "win", managedBy: "/subscriptions/x", ...stopped },
      { name: "off", image: "win", tags: { Goldpatch: "Off" }, ...stopped },
      { name: "other-group", image: "win", resourceGroup: "rg-other", ...stopped },
    ]),
    settings: {
      ...SWEEP_AT_0610,
      GOLDPATCH_SCOPE: "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/RG-TEST",
    },
  });
  await world.passes(15 * MINUTE);
  const runs = await world.settle();
  expect(names(runs)).toEqual(["attached", "gallery", "managed", "unknown"]);
  expect(runs.every(({ trigger, mode }) => trigger === "sweep" && mode === "assess")).toBe(true);
});

test.each([
  ["assess", "assessed"],
  ["patch", "patched"],
])("GOLDPATCH_SWEEP_MODE=%s", async (mode, outcome) => {
  const world = await startWorld({
    fleet: fleetOf([{ name: "vm", image: "managed", events: [] }]),
    settings: { ...SWEEP_AT_0610, GOLDPATCH_SWEEP_MODE: mode },
  });
  await world.passes(15 * MINUTE);
  expect(await world.settle()).toMatchObject([{ mode, outcome }]);
});

test("1,050 VMs are read in pages, each gets one run", async () => {
  const vms = Array.from({ length: 1050 }, (_, index) => ({
    name: `vm-${String(index).padStart(4, "0")}`,
    image: "win",
    power: { state: "deallocated" },
    events: [],
  }));
  const world = await startWorld({
    fleet: fleetOf(vms),
    settings: { ...SWEEP_AT_0610, GOLDPATCH_MAX_ACTIVE_RUNS: "1000" },
  });
  await world.passes(15 * MINUTE);
  const runs = await world.settle();
  expect(new Set(runs.map(({ vmId }) => vmId)).size).toBe(1050);
  expect(runs).toHaveLength(1050);
  expect(world.transcript.filter(({ path }) => path.includes("Microsoft.ResourceGraph"))).toHaveLength(2);
}, 60_000);

test("a tick that comes again for the same slot starts nothing twice; the next slot sweeps again", async () => {
  const world = await startWorld({
    fleet: fleetOf([{ name: "vm", image: "managed", events: [] }]),
    settings: { GOLDPATCH_SWEEP_SCHEDULE: "0 0 */6 * * *" },
  });
  const queries = () => world.transcript.filter(({ path }) => path.includes("Microsoft.ResourceGraph")).length;
  await world.passes(6 * 60 * MINUTE + MINUTE);
  expect(await world.settle()).toHaveLength(1);
  const before = queries();

  const slot = "2026-12-01T12:00:00.000Z";
  const sweepId = "sweep-20261201T120000000Z";
  const path = `/runtime/webhooks/durabletask/orchestrators/sweep/${sweepId}?code=${world.host.systemKey}`;
  expect((await world.http("POST", path, { sweepId, slot })).status).toBe(202);
  expect(await world.settle()).toHaveLength(1);
  expect(queries()).toBe(before);

  await world.passes(6 * 60 * MINUTE);
  expect(await world.settle()).toHaveLength(2);
});

test("a tick starts the sweep of its slot, however late it comes", async () => {
  const started: unknown[] = [];
  const tick = scheduledSweep({
    ...({} as TriggerPorts),
    refusal: undefined,
    sweepSchedule: "0 0 2 * * *",
    now: () => "2026-12-01T02:07:00.000Z",
  });
  await tick({
    start: (...call) => Promise.resolve(void started.push(call)),
    inputOf: () => Promise.resolve(undefined),
    raise: () => Promise.resolve(),
  });
  const id = "sweep-20261201T020000000Z";
  expect(started).toEqual([["sweep", id, { sweepId: id, slot: "2026-12-01T02:00:00.000Z" }]]);
});

test("Resource Graph's throttling is waited out", async () => {
  const world = await startWorld({
    fleet: fleetOf([{ name: "vm", image: "managed", events: [] }], {
      faults: [
        {
          on: "resourceGraph",
          times: 3,
          answer: { status: 429, code: "RateLimiting", message: "slow down", retryAfterSeconds: 90 },
        },
      ],
    }),
    settings: SWEEP_AT_0610,
  });
  await world.passes(60 * MINUTE);
  expect(await world.settle()).toMatchObject([{ outcome: "assessed" }]);
});

test.each([
  ["a permission that is missing", { status: 403, code: "AuthorizationFailed", message: "no" }, 1],
  ["a refusal that does not pass", { status: 400, code: "BadRequest", message: "no" }, 130],
])("a sweep that cannot read its scope ends: %s", async (_what, answer, mostQueries) => {
  const world = await startWorld({
    fleet: fleetOf([{ name: "vm", image: "managed", events: [] }], {
      faults: [{ on: "resourceGraph", answer }],
    }),
    settings: SWEEP_AT_0610,
  });
  await world.passes(15 * MINUTE);
  expect(await world.settle()).toEqual([]);
  const queries = world.transcript.filter(({ path }) => path.includes("Microsoft.ResourceGraph")).length;
  expect(queries).toBeLessThanOrEqual(mostQueries);
  expect(world.logs.filter((line) => line.includes("sweepGivenUp"))).toHaveLength(1);
});
