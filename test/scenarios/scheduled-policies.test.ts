import { describe, expect, test } from "@jest/globals";
import { MemoryStore } from "../../src/store/memory";
import { fleetOf } from "../support/fleet";
import { startWorld, type World } from "../support/outside-jest";
import { byVm, patchPolicy, policiesOf, posted, store, sweepsOf } from "../support/sweeps";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const fleet = fleetOf(["one", "two"].map((name) => ({ name, image: "lin", events: [] })));
const daily = (at: string, more = ""): string => patchPolicy(`schedule: { every: day, at: "${at}" }\n${more}`);
const iso = (instant: number): string => new Date(instant).toISOString();

/** Until an instant such as 2026-12-01T07:00:00Z. */
const until = (world: World, instant: string): Promise<void> => world.passes(Date.parse(instant) - world.clock.now());

const scheduleOf = async (world: World) => (await policiesOf(world))[0]?.schedule;

test("a stored policy sweeps by itself, once for each occurrence", async () => {
  const world = await startWorld({ fleet });
  const { hash } = await store(world, daily("07:00"));
  expect(await scheduleOf(world)).toEqual({ next: "2026-12-01T07:00:00.000Z", last: null });

  await until(world, "2026-12-01T08:30:00Z");
  const [sweep, ...others] = await sweepsOf(world);
  expect(others).toEqual([]);
  expect(sweep).toMatchObject({
    policy: "test-policy",
    policyHash: hash,
    occurrence: "2026-12-01T07:00:00.000Z",
    requestedAt: "2026-12-01T07:00:00.000Z",
  });
  expect(await scheduleOf(world)).toEqual({
    next: "2026-12-02T07:00:00.000Z",
    last: { at: "2026-12-01T07:00:00.000Z", state: "started", sweepId: sweep?.sweepId },
  });

  await until(world, "2026-12-02T09:00:00Z");
  expect((await sweepsOf(world)).map(({ occurrence, state }) => [occurrence, state])).toEqual([
    ["2026-12-02T07:00:00.000Z", "completed"],
    ["2026-12-01T07:00:00.000Z", "completed"],
  ]);
  expect(byVm((await world.runs()).slice(0, 2))).toEqual({ one: "NothingPending", two: "NothingPending" });
  expect(posted(world, "installPatches").toSorted()).toEqual(["one", "two"]);
});

test("between two looks it starts at the next, within five minutes", async () => {
  const world = await startWorld({ fleet });
  await store(world, daily("07:01"));
  await until(world, "2026-12-01T07:06:00Z");
  expect(await sweepsOf(world)).toMatchObject([
    { occurrence: "2026-12-01T07:01:00.000Z", requestedAt: "2026-12-01T07:05:00.000Z" },
  ]);
});

test("on the clocks of its zone, which are set back: once on that day", async () => {
  const world = await startWorld({ fleet: { ...fleet, start: "2026-10-24T12:00:00Z" } });
  await store(world, patchPolicy('timeZone: Europe/London\nschedule: { every: day, at: "01:30" }\n'));
  await until(world, "2026-10-26T12:00:00Z");
  expect((await sweepsOf(world)).map(({ occurrence }) => occurrence)).toEqual([
    "2026-10-26T01:30:00.000Z",
    "2026-10-25T00:30:00.000Z",
  ]);
});

test("occurrences before it was stored are not its", async () => {
  const world = await startWorld({ fleet });
  await until(world, "2026-12-01T07:02:00Z");
  await store(world, daily("07:00"));
  await world.passes(HOUR);
  expect(await sweepsOf(world)).toEqual([]);
  expect((await scheduleOf(world))?.last).toBeNull();
});

test("a policy that is changed goes on with its schedule; the sweep that runs keeps its own copy", async () => {
  const world = await startWorld({ fleet });
  const before = await store(world, daily("07:00"));
  await until(world, "2026-12-01T07:02:00Z");
  const after = await store(world, daily("07:00", "concurrency: 1\n"));
  await until(world, "2026-12-02T08:00:00Z");
  expect((await sweepsOf(world)).map(({ policyHash }) => policyHash)).toEqual([after.hash, before.hash]);
});

test("one that is deleted starts nothing more", async () => {
  const world = await startWorld({ fleet });
  await store(world, daily("07:00"));
  await world.api("DELETE", "policies/test-policy");
  await until(world, "2026-12-01T08:00:00Z");
  expect(await sweepsOf(world)).toEqual([]);
});

test("while a sweep of the policy runs no other is started, which is told", async () => {
  const world = await startWorld({ fleet });
  await store(world, daily("07:00", "stages:\n  - { name: one, gate: { timeout: P3D } }\n"));
  await until(world, "2026-12-02T07:30:00Z");
  const [sweep, ...others] = await sweepsOf(world);
  expect(others).toEqual([]);
  expect(sweep?.waitsFor?.what).toBe("approval");
  expect((await scheduleOf(world))?.last).toEqual({
    at: "2026-12-02T07:00:00.000Z",
    state: "stillRunning",
    sweepId: sweep?.sweepId,
  });
  expect(world.logs.join("\n")).toContain(
    `"event":"policyNotStarted","policy":"test-policy","occurrence":"2026-12-02T07:00:00.000Z","reason":"stillRunning"`,
  );
  await world.api("POST", `sweeps/${sweep?.sweepId}/cancel`);
  await until(world, "2026-12-03T07:30:00Z");
  expect(await sweepsOf(world)).toHaveLength(2);
});

describe("an app that was off, or stopped", () => {
  const offUntil = async (instant: string) => {
    const world = await startWorld({ fleet });
    await store(world, daily("07:00"));
    await until(world, "2026-12-01T06:58:00Z");
    await world.host.close();
    await until(world, instant);
    await world.startHost();
    await world.passes(6 * MINUTE);
    return world;
  };

  test("starts it up to an hour late", async () => {
    const world = await offUntil("2026-12-01T07:54:00Z");
    expect(await sweepsOf(world)).toMatchObject([{ occurrence: "2026-12-01T07:00:00.000Z" }]);
  });

  test("leaves it out when it is later, and says so", async () => {
    const world = await offUntil("2026-12-01T08:01:00Z");
    expect(await sweepsOf(world)).toEqual([]);
    expect((await scheduleOf(world))?.last).toEqual({
      at: "2026-12-01T07:00:00.000Z",
      state: "missed",
      detail: "nothing could start it within an hour: the app was off, paused or stopped",
    });
  });

  test("a stop that is taken off within the hour only puts it off", async () => {
    const world = await startWorld({ fleet });
    await store(world, daily("07:00"));
    await world.api("POST", "stop");
    await until(world, "2026-12-01T07:32:00Z");
    expect(await sweepsOf(world)).toEqual([]);
    expect((await scheduleOf(world))?.last).toEqual({ at: "2026-12-01T07:00:00.000Z", state: "due" });
    await world.api("DELETE", "stop");
    await world.passes(5 * MINUTE);
    expect(await sweepsOf(world)).toMatchObject([{ requestedAt: "2026-12-01T07:35:00.000Z" }]);
  });

  test("paused for longer, it starts nothing", async () => {
    const world = await startWorld({ fleet, settings: { GOLDPATCH_PAUSED: "true" } });
    await store(world, daily("07:00"));
    await until(world, "2026-12-01T09:00:00Z");
    expect(await sweepsOf(world)).toEqual([]);
    expect((await scheduleOf(world))?.last).toMatchObject({ state: "missed" });
  });
});

test("a policy whose places left GOLDPATCH_SCOPE is refused, and the others are started", async () => {
  const kept = new MemoryStore();
  const world = await startWorld({ fleet, store: kept });
  await store(world, daily("07:00"));
  await store(
    world,
    daily("07:00")
      .replace("test-policy", "zz-group")
      .replace("subscriptions: [", "resourceGroups: [/subscriptions/")
      .replace("]", "/resourceGroups/rg-test]"),
  );
  await world.host.close();
  const narrow = await startWorld({
    fleet,
    store: kept,
    settings: { GOLDPATCH_SCOPE: "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-test" },
  });
  await until(narrow, "2026-12-01T07:01:00Z");
  const [refused, started] = await policiesOf(narrow);
  expect(refused?.schedule?.last).toMatchObject({ state: "refused", detail: expect.stringContaining("outside") });
  expect(started?.schedule?.last).toMatchObject({ state: "started" });
});

test("two apps on one store start it once", async () => {
  const kept = new MemoryStore();
  const world = await startWorld({ fleet, store: kept });
  await store(world, daily("07:00"));
  await until(world, "2026-12-01T07:01:00Z");
  const other = await startWorld({ fleet, store: kept });
  await until(other, "2026-12-01T07:01:00Z");
  expect(await sweepsOf(other)).toHaveLength(1);
});

test("a decision whose sweep was never made is carried out by the next look, or given up when it is too late", async () => {
  const kept = new MemoryStore();
  const world = await startWorld({ fleet, store: kept });
  await store(world, daily("07:00"));
  const insert = kept.insertIfAbsent.bind(kept);
  let broken = true;
  kept.insertIfAbsent = async (partition, key, value) => {
    if (broken && partition === "policy-sweeps") throw new Error("the worker died");
    return insert(partition, key, value);
  };
  await until(world, "2026-12-01T07:02:00Z");
  expect(await sweepsOf(world)).toEqual([]);
  expect(world.logs.join("\n")).toContain(
    '"event":"policyStartFailed","policy":"test-policy","failure":"Error: the worker died"',
  );
  broken = false;
  await world.passes(5 * MINUTE);
  expect(await sweepsOf(world)).toMatchObject([{ occurrence: "2026-12-01T07:00:00.000Z" }]);

  broken = true;
  await until(world, "2026-12-02T08:02:00Z");
  broken = false;
  await world.passes(5 * MINUTE);
  expect(await sweepsOf(world)).toHaveLength(1);
  expect((await scheduleOf(world))?.last).toMatchObject({ at: "2026-12-02T07:00:00.000Z", state: "missed" });
});

test("what became of occurrences is forgotten with the runs", async () => {
  const kept = new MemoryStore();
  const world = await startWorld({ fleet, store: kept, settings: { GOLDPATCH_RETENTION_DAYS: "31" } });
  await store(world, daily("07:00"));
  await until(world, "2026-12-01T08:00:00Z");
  await world.api("DELETE", "policies/test-policy");
  expect(await kept.scan("policy-starts", "")).toHaveLength(1);
  await world.passes(33 * DAY);
  expect(await kept.scan("policy-starts", "")).toEqual([]);
  expect(iso(world.clock.now()).slice(0, 7)).toBe("2027-01");
}, 120_000);
