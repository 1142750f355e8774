import { describe, expect, test } from "@jest/globals";
import { watchdog } from "../../src/activities/watchdog/watchdog";
import type { RunView } from "../../src/contracts/api/runs";
import { orchestrationNames } from "../../src/contracts/names";
import type { Store } from "../../src/store/store";
import { startWorld, type World } from "../support/outside-jest";
import {
  PATCH,
  expectNothingHeld,
  leaseOf,
  oneVm,
  only,
  posts,
  runAfter,
  startDirectly,
  untilPosted,
} from "../support/run-probes";
import { engineBeside, watchdogBeside } from "../support/watchdog-bench";

const SECOND = 1000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("what stays behind of an ended orchestration sends nothing", () => {
  test("a child that is about to install when its run is settled", async () => {
    const world: World = await startWorld({ fleet: oneVm() });
    const [runId = ""] = await world.run("patch", ["vm"], PATCH);
    const get = world.store.get.bind(world.store);
    let asleep = false;
    // The look at the lease before the install's intent takes forty minutes; meanwhile the orchestration is ended.
    world.store.get = async (partition: string, key: string) => {
      const row = await get(partition, key);
      if (key !== "lease" || asleep) return row as never;
      const run = await get<RunView & object>("runs", runId);
      if (run?.value.steps.some(({ name }) => name === "installPatches")) {
        asleep = true;
        await world.terminate(runId);
        await world.passes(40 * MINUTE);
      }
      return row as never;
    };
    const run = await runAfter(world, runId, 3 * HOUR);

    expect(asleep).toBe(true);
    expect(run).toMatchObject({ code: "OrchestrationEnded", installPosts: 0 });
    expect(posts(world, "installPatches")).toEqual([]);
    expect(await leaseOf(world, "vm")).toMatchObject({ held: false });
  });

  test("a child that wakes just before the outcome is written, with the lease as it read it", async () => {
    const world: World = await startWorld({ fleet: oneVm() });
    const [runId = ""] = await world.run("patch", ["vm"], PATCH);
    const { store } = world;
    const [batch, insert] = [store.batch.bind(store), store.insertIfAbsent.bind(store)];
    const wake = Promise.withResolvers<undefined>();
    const tried: boolean[] = [];
    // The child stalls directly before it inserts the install's intent; then the orchestration is ended.
    store.batch = async (partition, operations) => {
      const isInstall = operations.some(
        (operation) => operation.kind === "insert" && JSON.stringify(operation.value).includes('"operation":"install"'),
      );
      if (!isInstall) return batch(partition, operations);
      await world.terminate(runId);
      await wake.promise;
      tried.push(await batch(partition, operations));
      return tried.at(-1) ?? false;
    };
    // All was asked, all is known, and the outcome is the next write.
    store.insertIfAbsent = async (partition, key, value) => {
      if (partition.startsWith("ended-runs:")) {
        wake.resolve(undefined);
        await world.passes(30 * SECOND);
      }
      return insert(partition, key, value);
    };
    const run = await runAfter(world, runId, 3 * HOUR);

    expect(tried).toEqual([false]);
    expect(run).toMatchObject({ code: "OrchestrationEnded", installPosts: 0 });
    expect(posts(world, "installPatches")).toEqual([]);
    await expectNothingHeld(world, "vm");
  });

  test("a request that stands between its intent and its POST when the fence comes down", async () => {
    const world: World = await startWorld({ fleet: oneVm() });
    const [runId = ""] = await world.run("patch", ["vm"], PATCH);
    const batch = world.store.batch.bind(world.store);
    let fencedAt = 0;
    world.store.batch = async (partition, operations) => {
      const written = await batch(partition, operations);
      const isInstall = operations.some(
        (operation) => operation.kind === "insert" && JSON.stringify(operation.value).includes('"operation":"install"'),
      );
      if (!written || !isInstall || fencedAt > 0) return written;
      await world.terminate(runId);
      while ((await leaseOf(world, "vm"))?.fenced === undefined) await world.passes(SECOND);
      fencedAt = world.clock.now();
      return written;
    };
    const run = await runAfter(world, runId, 3 * HOUR);

    expect(fencedAt).toBeGreaterThan(0);
    expect(posts(world, "installPatches")).toEqual([]);
    expect(run).toMatchObject({ code: "OrchestrationEnded", installPosts: 0 });
    expect(await leaseOf(world, "vm")).toMatchObject({ held: false });
  });

  test("a request that is on its way: the outcome waits until it can no longer arrive", async () => {
    let onItsWay = 0;
    const world: World = await startWorld({
      fleet: oneVm(),
      intercept: async (request, azure) => {
        if (!request.url.includes("/installPatches")) return azure(request);
        // The request leaves within its time, and takes nearly all of it.
        onItsWay = world.clock.now();
        await world.terminate(only(await world.runs()).runId);
        await world.passes(55 * SECOND);
        return azure(request);
      },
      settings: { GOLDPATCH_WATCHDOG_SCHEDULE: "*/5 * * * * *" },
    });
    const [runId = ""] = await world.run("patch", ["vm"], PATCH);
    const run = await runAfter(world, runId, HOUR);

    expect(onItsWay).toBeGreaterThan(0);
    expect(posts(world, "installPatches")).toHaveLength(1);
    expect(run).toMatchObject({ code: "Patched", installedPatchCount: 3, installPosts: 1 });
    expect(Date.parse(run.endedAt ?? "") - onItsWay).toBeGreaterThan(150 * SECOND);
  }, 30_000);

  test("the same run started again, in the middle of its settlement: it is told its outcome", async () => {
    const world = await startWorld({ fleet: oneVm({ install: { durationSeconds: 1500 } }) });
    const [runId = ""] = await world.run("patch", ["vm"], PATCH);
    await untilPosted(world, "installPatches");
    await world.passes(2 * MINUTE);
    const request = world.host.status(runId)?.input;
    await world.terminate(runId);
    await world.passes(10 * MINUTE);
    expect(await leaseOf(world, "vm")).toMatchObject({ fenced: { code: "OrchestrationEnded" } });
    await startDirectly(world, orchestrationNames.patchVm, runId, request);

    const run = await runAfter(world, runId, 3 * HOUR);
    expect(run).toMatchObject({ code: "Patched", installPosts: 1 });
    expect(world.host.status(runId)).toMatchObject({ runtimeStatus: "Completed", output: { code: "Patched" } });
    expect(posts(world, "assessPatches")).toHaveLength(1);
    expect(posts(world, "installPatches")).toHaveLength(1);
    await expectNothingHeld(world, "vm");
  });
});

/** A patch run whose orchestration was ended while Azure installs for 25 minutes. */
async function diedWhileInstalling(): Promise<readonly [World, string]> {
  const world = await startWorld({
    fleet: oneVm({ install: { durationSeconds: 1500 } }),
    // The world's own watchdog comes seldom, so that the work is left to those beside it.
    settings: { GOLDPATCH_WATCHDOG_SCHEDULE: "0 */15 * * * *" },
  });
  const [runId = ""] = await world.run("patch", ["vm"], PATCH);
  await untilPosted(world, "installPatches");
  await world.passes(2 * MINUTE);
  await world.terminate(runId);
  return [world, runId];
}

describe("ticks that are doubled or cut off", () => {
  test("three at once, every ten seconds: one outcome, which is the installation's", async () => {
    const [world, runId] = await diedWhileInstalling();
    const engine = engineBeside(world);
    const ticks = [1, 2, 3].map(() => watchdog(watchdogBeside(world)));
    for (let round = 0; round < 240; round++) {
      await world.passes(10 * SECOND);
      await Promise.all(ticks.map((tick) => tick(engine)));
    }
    expect(only(await world.runs())).toMatchObject({ runId, code: "Patched", installedPatchCount: 3, installPosts: 1 });
    expect(posts(world, "installPatches")).toHaveLength(1);
    await expectNothingHeld(world, "vm");
  }, 30_000);

  test("together with another run that wants the VM: the VM changes hands once", async () => {
    const [world, runId] = await diedWhileInstalling();
    const [next = ""] = await world.run("patch", ["vm"], PATCH);
    const engine = engineBeside(world);
    const tick = watchdog(watchdogBeside(world));
    for (let round = 0; round < 360; round++) {
      await world.passes(10 * SECOND);
      await tick(engine);
    }
    const runs = await world.runs();
    expect(runs.find((run) => run.runId === runId)).toMatchObject({ code: "Patched", installedPatchCount: 3 });
    expect(runs.find((run) => run.runId === next)).toMatchObject({ outcome: "upToDate" });
    expect(posts(world, "installPatches")).toHaveLength(1);
    expect(await leaseOf(world, "vm")).toMatchObject({ runId: next, held: false });
  }, 30_000);

  test("overtaken by the orchestration, between two of its looks: it tells the outcome that stands", async () => {
    const world: World = await startWorld({ fleet: oneVm() });
    await world.run("assess", ["vm"]);
    await untilPosted(world, "assessPatches");
    const lines: string[] = [];
    const engine = engineBeside(world);
    const tick = watchdog(watchdogBeside(world, { log: (line) => lines.push(line) }));
    await tick({
      ...engine,
      look: async (instanceId) => {
        await world.settle();
        return engine.look(instanceId);
      },
    });

    expect(only(await world.runs())).toMatchObject({ outcome: "assessed", code: "Supported" });
    const told = lines.filter((line) => line.includes('"event":"runEnded"'));
    expect(told).toEqual([expect.stringMatching(/"outcome":"assessed","code":"Supported"/)]);
  });

  test("cut off at any of its writes: later ones finish", async () => {
    let writes = Number.POSITIVE_INFINITY;
    for (let dieAt = 1; writes >= dieAt; dieAt++) {
      const [world, runId] = await diedWhileInstalling();
      writes = 0;
      const mortal = dyingAt(world.store, () => ++writes === dieAt);
      const [tick, engine] = [watchdog(watchdogBeside(world, { store: mortal })), engineBeside(world)];
      for (let minutes = 0; minutes < 50; minutes++) {
        await world.passes(MINUTE);
        await tick(engine).catch(() => undefined);
      }
      expect(only(await world.runs())).toMatchObject({ runId, code: "Patched", installedPatchCount: 3 });
      await expectNothingHeld(world, "vm");
      await world.close();
    }
    expect(writes).toBeGreaterThan(5);
  }, 120_000);
});

/** The store as a process sees it that dies at one of its writes; what the watchdog notes about itself does not count. */
function dyingAt(store: Store, dies: () => boolean): Store {
  const guard = <T>(partition: string, write: () => Promise<T>): Promise<T> =>
    partition !== "watchdog" && dies() ? Promise.reject(new Error("the process died")) : write();
  return {
    get: (partition, key) => store.get(partition, key),
    scan: (partition, prefix) => store.scan(partition, prefix),
    insertIfAbsent: (partition, key, value) => guard(partition, () => store.insertIfAbsent(partition, key, value)),
    replaceIfMatch: (row, value) => guard(row.partition, () => store.replaceIfMatch(row, value)),
    batch: (partition, operations) => guard(partition, () => store.batch(partition, operations)),
  };
}
