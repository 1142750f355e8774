import { describe, expect, test } from "@jest/globals";
import { orchestrationNames } from "../../src/contracts/names";
import { OpenRuns } from "../../src/ledger/open-runs";
import { fleetOf } from "../support/fleet";
import { startWorld, type World } from "../support/outside-jest";
import {
  PATCH,
  expectNothingHeld,
  oneVm,
  only,
  openRows,
  posts,
  requestOf,
  runAfter,
  startDirectly,
} from "../support/run-probes";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("a run that hangs is ended and settled", () => {
  test("one that claimed its VM, at its deadline and not before", async () => {
    const world: World = await startWorld({
      fleet: oneVm(),
      // A request that is never answered holds the activity for ever.
      intercept: (request, azure) =>
        request.url.includes("/installPatches") ? new Promise(() => undefined) : azure(request),
    });
    const asked = world.clock.now();
    const [runId = ""] = await world.run("patch", ["vm"], PATCH);
    await world.passes(24 * HOUR - MINUTE);
    expect(only(await world.runs()).outcome).toBeNull();

    const run = await runAfter(world, runId, HOUR);
    expect(run).toMatchObject({ code: "IntentUnresolved", installPosts: 1 });
    expect(run.detail).toMatch(/^it claimed its VM at 2026-12-01T06:0/);
    expect(Date.parse(run.endedAt ?? "") - asked).toBeGreaterThan(24 * HOUR);
    expect(world.host.status(runId)?.runtimeStatus).toBe("Terminated");
    expect(posts(world, "installPatches")).toEqual([]);
    await expectNothingHeld(world, "vm");
  }, 30_000);

  test("one whose version is newer than the app's, after an hour", async () => {
    const world = await startWorld({ fleet: oneVm() });
    const request = requestOf(world, "vm");
    await new OpenRuns(world.store).add(request, world.clock.now());
    await startDirectly(world, orchestrationNames.patchVm, request.runId, request, "2.0.0");
    await world.passes(HOUR - MINUTE);
    expect(world.host.status(request.runId)?.runtimeStatus).toBe("Pending");
    expect(await world.runs()).toEqual([]);

    const run = await runAfter(world, request.runId, HOUR);
    expect(run).toMatchObject({
      outcome: "failed",
      code: "OrchestrationHung",
      detail: "its orchestration has not moved since 2026-12-01T06:00:00.000Z",
    });
    expect(world.host.status(request.runId)?.runtimeStatus).toBe("Terminated");
    expect(await openRows(world)).toEqual([]);
  });

  test("but not one that waits for its turn, however long", async () => {
    const world = await startWorld({
      fleet: fleetOf([
        { name: "a", image: "win", events: [], install: { durationSeconds: 2 * 3600 } },
        { name: "b", image: "win", events: [] },
      ]),
      settings: { GOLDPATCH_MAX_ACTIVE_RUNS: "1" },
    });
    await world.run("patch", ["a"], PATCH);
    await world.passes(MINUTE);
    await world.run("patch", ["b"], PATCH);
    await world.passes(4 * HOUR);
    expect((await world.runs()).map(({ code }) => code)).toEqual(["Patched", "Patched"]);
    expect(world.logs.filter((line) => line.includes("runSettled"))).toEqual([]);
  }, 30_000);

  test("but not because the app was off: time in which nobody looked does not count", async () => {
    const world = await startWorld({ fleet: oneVm() });
    const request = requestOf(world, "vm");
    await new OpenRuns(world.store).add(request, world.clock.now());
    await startDirectly(world, orchestrationNames.patchVm, request.runId, request, "2.0.0");
    await world.passes(20 * MINUTE);
    // The last look lies two days back.
    const ticks = await world.store.get<{ lastAt: number; since: number }>("watchdog", "ticks");
    if (!ticks) throw new Error("the watchdog never came");
    await world.store.replaceIfMatch(ticks, { lastAt: ticks.value.lastAt - 48 * HOUR, since: 0 });
    await world.passes(50 * MINUTE);
    expect(await world.runs()).toEqual([]);
    expect(await runAfter(world, request.runId, HOUR)).toMatchObject({ code: "OrchestrationHung" });
  });
});
