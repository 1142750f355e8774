import { describe, expect, test } from "@jest/globals";
import { fleetOf } from "../support/fleet";
import { startWorld, type World } from "../support/outside-jest";

const MINUTE = 60_000;
const names = ["a", "b", "c"];
const AT_0610 = { GOLDPATCH_SWEEP_SCHEDULE: "0 10 6 * * *", GOLDPATCH_SWEEP_MODE: "patch" };
const fleet = fleetOf(names.map((name) => ({ name, image: "managed", events: [] })));

const vmsPosted = (world: World, action: string) =>
  world.transcript.filter(({ path }) => path.includes(`/${action}?`)).flatMap(({ vmIds }) => vmIds);
const ids = (world: World) => names.map((name) => world.vmId(name).toLowerCase());

async function sweptOnce(world: World): Promise<void> {
  await world.passes(15 * MINUTE);
  const runs = await world.settle();
  expect(runs.map(({ vmId, outcome }) => [vmId.toLowerCase(), outcome]).sort()).toEqual(
    ids(world).map((id) => [id, "patched"]),
  );
  expect(vmsPosted(world, "assessPatches").sort()).toEqual(ids(world));
  expect(vmsPosted(world, "installPatches").sort()).toEqual(ids(world));
}

describe("a sweep that is disturbed starts each run once", () => {
  test.each(["repeated", "doubled"] as const)("every page is delivered twice (%s)", async (fate) => {
    await sweptOnce(
      await startWorld({
        fleet,
        settings: AT_0610,
        chaos: ({ name }) => (name === "releaseSweepPage" ? fate : "once"),
      }),
    );
  });

  test.each(["killedBefore", "killedAfter"] as const)("its worker dies twice (%s)", async (fate) => {
    let kills = 0;
    await sweptOnce(
      await startWorld({
        fleet,
        settings: AT_0610,
        chaos: ({ name }) => (name === "releaseSweepPage" && kills++ < 2 ? fate : "once"),
      }),
    );
    expect(kills).toBeGreaterThan(1);
  });

  test("its tick comes three times at once", async () => {
    const world = await startWorld({ fleet, settings: AT_0610 });
    await world.passes(10 * MINUTE - 1);
    const sweepId = "sweep-20261201T061000000Z";
    const path = `/runtime/webhooks/durabletask/orchestrators/sweep/${sweepId}?code=${world.host.systemKey}`;
    const start = () => world.http("POST", path, { sweepId, slot: "2026-12-01T06:10:00.000Z" });
    expect((await start()).status).toBe(202);
    await start();
    await sweptOnce(world);
  });

  test("the host starts anew in the middle of it: the same runs go on", async () => {
    const world = await startWorld({ fleet, settings: AT_0610 });
    await world.passes(11 * MINUTE);
    const begun = (await world.runs()).map(({ runId }) => runId).sort();
    expect(begun).toHaveLength(names.length);
    const before = world.host;
    await before.close();
    await world.startHost();

    const runs = await world.settle();
    expect(runs.map(({ runId }) => runId).sort()).toEqual(begun);
    expect(runs.map(({ outcome }) => outcome)).toEqual(names.map(() => "patched"));
    expect(vmsPosted(world, "installPatches").sort()).toEqual(ids(world));
  });
});

test("a VM that somebody else's run holds is busy for the sweep, and not disturbed", async () => {
  const world = await startWorld({
    fleet: fleetOf([{ name: "a", image: "managed", events: [], assess: { durationSeconds: 1200 } }]),
    settings: AT_0610,
  });
  const [runId] = await world.run("patch", ["a"], { install: { rebootSetting: "IfRequired" } });
  await world.passes(15 * MINUTE);
  const runs = await world.settle();
  expect(runs.find(({ trigger }) => trigger === "sweep")).toMatchObject({ code: "HeldByRun", detail: runId });
  expect(runs.find(({ trigger }) => trigger === "http")).toMatchObject({ outcome: "patched" });
});

test("a stop that was set before the tick: every run says so, none sends anything", async () => {
  const world = await startWorld({ fleet, settings: AT_0610 });
  await world.api("POST", "stop");
  await world.passes(15 * MINUTE);
  expect((await world.settle()).map(({ code }) => code)).toEqual(names.map(() => "Stopped"));
  expect(vmsPosted(world, "assessPatches")).toEqual([]);
});
