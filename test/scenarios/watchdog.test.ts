import { describe, expect, test } from "@jest/globals";
import { watchdog } from "../../src/activities/watchdog/watchdog";
import type { RunView } from "../../src/contracts/api";
import { orchestrationNames } from "../../src/contracts/names";
import type { RunRequest } from "../../src/contracts/run";
import { sweepRunId, vmPartition } from "../../src/ledger/keys";
import { OpenRuns } from "../../src/ledger/open-runs";
import type { Lease } from "../../src/ledger/vms";
import type { Store } from "../../src/store/store";
import { fleetOf } from "../support/fleet";
import { startWorld, type World } from "../support/outside-jest";
import { engineBeside, watchdogBeside } from "../support/watchdog-bench";

const SECOND = 1000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PATCH = { install: { rebootSetting: "IfRequired" } };

const posts = (world: World, action: string) =>
  world.transcript.filter(({ method, path }) => method === "POST" && path.includes(`/${action}?`));
const leaseOf = async (world: World, name: string) =>
  (await world.store.get<Lease>(vmPartition(world.vmId(name).toLowerCase()), "lease"))?.value;
const openRows = (world: World) => world.store.scan("open-runs", "");
const slots = async (world: World) =>
  (await world.store.scan<{ runId: string | null }>("active-runs", "")).flatMap(({ value }) => value.runId ?? []);
const stepOf = (run: RunView | undefined, name: string) => run?.steps.find((step) => step.name === name);

const only = (runs: readonly RunView[]): RunView => {
  expect(runs).toHaveLength(1);
  const [run] = runs;
  if (!run) throw new Error("no run");
  return run;
};

/** Nothing of an ended run is left but its rows. */
async function expectNothingHeld(world: World, name: string): Promise<void> {
  expect(await openRows(world)).toEqual([]);
  expect(await slots(world)).toEqual([]);
  expect(await leaseOf(world, name)).toMatchObject({ held: false });
}

const oneVm = (causes: object = {}) => fleetOf([{ name: "vm", image: "win", events: [], ...causes }]);

async function ended(world: World, runId: string, after = HOUR): Promise<RunView> {
  await world.passes(after);
  return only((await world.runs()).filter((run) => run.runId === runId));
}

describe("a run whose orchestration was ended is settled with the reason", () => {
  test("before it claimed its VM: another one may have it at once", async () => {
    const world = await startWorld({
      fleet: fleetOf(["a", "b"].map((name) => ({ name, image: "win", events: [] }))),
      settings: { GOLDPATCH_MAX_ACTIVE_RUNS: "1" },
    });
    await world.run("patch", ["a"], PATCH);
    const [waiting = ""] = await world.run("patch", ["b"], PATCH);
    await world.passes(3 * MINUTE);
    await world.terminate(waiting);
    await world.passes(12 * MINUTE);
    const run = only((await world.runs()).filter(({ runId }) => runId === waiting));

    expect(run).toMatchObject({
      outcome: "failed",
      code: "OrchestrationEnded",
      detail: "its orchestration is Terminated: test",
      installPosts: 0,
    });
    await world.passes(3 * HOUR);
    // The child that waited for a turn lived on, and took nothing.
    expect(await openRows(world)).toEqual([]);
    expect(await slots(world)).toEqual([]);
    expect((await leaseOf(world, "b"))?.held ?? false).toBe(false);
    expect(posts(world, "assessPatches").flatMap(({ vmIds }) => vmIds)).toEqual([world.vmId("a").toLowerCase()]);
  });

  test("while it assesses: once the assessment is over the VM is free", async () => {
    const world = await startWorld({ fleet: oneVm({ assess: { durationSeconds: 1200 } }) });
    const [runId = ""] = await world.run("patch", ["vm"], PATCH);
    await world.passes(4 * MINUTE);
    await world.terminate(runId);
    await world.passes(10 * MINUTE);
    expect(only(await world.runs()).outcome).toBeNull();
    expect(await leaseOf(world, "vm")).toMatchObject({ held: true, runId, fenced: { code: "OrchestrationEnded" } });

    const run = await ended(world, runId);
    expect(run).toMatchObject({ code: "OrchestrationEnded", installPosts: 0 });
    expect(stepOf(run, "assessPatches")?.evidence).toMatchObject({ state: "succeeded" });
    expect(posts(world, "installPatches")).toEqual([]);
    await expectNothingHeld(world, "vm");
  });

  test("between assessment and install: the install is not sent", async () => {
    const world = await startWorld({
      fleet: oneVm({ assess: { durationSeconds: 60 }, graph: { lagSeconds: 1000 } }),
    });
    const [runId = ""] = await world.run("patch", ["vm"], PATCH);
    await world.passes(10 * MINUTE);
    await world.terminate(runId);

    expect(await ended(world, runId)).toMatchObject({ code: "OrchestrationEnded", installPosts: 0 });
    expect(posts(world, "installPatches")).toEqual([]);
    await expectNothingHeld(world, "vm");
  });

  test("while Azure installs: its outcome is the installation's, with the numbers, and the VM is free again", async () => {
    const world = await startWorld({ fleet: oneVm({ install: { durationSeconds: 3000 } }) });
    const [runId = ""] = await world.run("patch", ["vm"], PATCH);
    await world.passes(15 * MINUTE);
    expect(posts(world, "installPatches")).toHaveLength(1);
    await world.terminate(runId);
    await world.passes(20 * MINUTE);
    expect(only(await world.runs()).outcome).toBeNull();

    const run = await ended(world, runId, 2 * HOUR);
    expect(run).toMatchObject({
      outcome: "patched",
      code: "Patched",
      detail: "its orchestration is Terminated: test",
      installedPatchCount: 3,
      installPosts: 1,
    });
    expect(posts(world, "installPatches")).toHaveLength(1);
    await expectNothingHeld(world, "vm");
  });

  test("after its install's answer was lost: the installation is found and followed to its end", async () => {
    const world = await startWorld({
      fleet: oneVm({ install: { durationSeconds: 1500, cut: { when: "afterEffect" } } }),
    });
    const [runId = ""] = await world.run("patch", ["vm"], PATCH);
    await untilPosted(world, "installPatches");
    await world.terminate(runId);

    const run = await ended(world, runId, 2 * HOUR);
    expect(run).toMatchObject({ code: "Patched", installedPatchCount: 3, installPosts: 1 });
    expect(stepOf(run, "installPatches")?.evidence).toMatchObject({ adopted: true });
    await expectNothingHeld(world, "vm");
  });

  test("and its install never comes to an end: InstallStillRunning, and the VM stays reserved", async () => {
    const world = await startWorld({
      fleet: oneVm({ install: { stuck: true }, instanceViewStuckInProgress: "install" }),
    });
    const [runId = ""] = await world.run("patch", ["vm"], PATCH);
    await untilPosted(world, "installPatches");
    await world.passes(2 * MINUTE);
    await world.terminate(runId);

    const run = await ended(world, runId, 7 * HOUR);
    expect(run).toMatchObject({ code: "InstallStillRunning", detail: "its orchestration is Terminated: test" });
    expect(await leaseOf(world, "vm")).toMatchObject({ held: true, runId });
    expect(await openRows(world)).toEqual([]);
  });

  test("after somebody cancelled it: it is cancelled", async () => {
    const world = await startWorld({ fleet: oneVm({ assess: { durationSeconds: 600 } }) });
    const [runId = ""] = await world.run("patch", ["vm"], PATCH);
    await world.passes(3 * MINUTE);
    await world.api("POST", `runs/${runId}/cancel`);
    await world.terminate(runId);
    expect(await ended(world, runId)).toMatchObject({ outcome: "cancelled", cancelRequested: true });
  });

  test("by its own failure, which the outcome tells", async () => {
    const world = await startWorld({
      fleet: oneVm(),
      chaos: ({ name }) => (name === "recordOutcome" ? "killedBefore" : "once"),
    });
    const [runId = ""] = await world.run("assess", ["vm"]);
    await world.settle();
    const run = await ended(world, runId, 10 * MINUTE);
    expect(run).toMatchObject({
      code: "OrchestrationEnded",
      detail: expect.stringMatching(/^its orchestration is Failed: .*recordOutcome/),
    });
    await expectNothingHeld(world, "vm");
  });

  test("although Azure does not answer for hours: the outcome waits for it", async () => {
    let down = false;
    const world = await startWorld({
      fleet: oneVm({ install: { durationSeconds: 1500, cut: { when: "afterEffect" } } }),
      intercept: (request, azure) =>
        down && request.method === "GET" ? Promise.resolve({ status: 503, headers: {}, body: "" }) : azure(request),
    });
    const [runId = ""] = await world.run("patch", ["vm"], PATCH);
    await untilPosted(world, "installPatches");
    await world.terminate(runId);
    down = true;
    await world.passes(HOUR);
    expect(only(await world.runs()).outcome).toBeNull();
    down = false;
    expect(await ended(world, runId)).toMatchObject({ code: "Patched", installPosts: 1 });
  });
});

/** Until Azure took so many requests of the kind. */
async function untilPosted(world: World, action: string): Promise<void> {
  for (let minutes = 0; posts(world, action).length === 0; minutes++) {
    if (minutes > 120) throw new Error(`no ${action} within two hours`);
    await world.passes(10 * SECOND);
  }
}

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
    const run = await ended(world, runId, 3 * HOUR);

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
    const run = await ended(world, runId, 3 * HOUR);

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
    const run = await ended(world, runId, 3 * HOUR);

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
    const run = await ended(world, runId, 3 * HOUR);

    expect(onItsWay).toBeGreaterThan(0);
    expect(posts(world, "installPatches")).toHaveLength(1);
    expect(run).toMatchObject({ code: "Patched", installedPatchCount: 3, installPosts: 1 });
    expect(Date.parse(run.endedAt ?? "") - onItsWay).toBeGreaterThan(150 * SECOND);
  });

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

    const run = await ended(world, runId, 3 * HOUR);
    expect(run).toMatchObject({ code: "Patched", installPosts: 1 });
    expect(world.host.status(runId)).toMatchObject({ runtimeStatus: "Completed", output: { code: "Patched" } });
    expect(posts(world, "assessPatches")).toHaveLength(1);
    expect(posts(world, "installPatches")).toHaveLength(1);
    await expectNothingHeld(world, "vm");
  });
});

/** As another app, or another version of this one, might. */
async function startDirectly(world: World, name: string, instanceId: string, input: unknown, version?: string) {
  const query = new URLSearchParams({ code: world.host.systemKey, ...(version !== undefined && { version }) });
  const path = `/runtime/webhooks/durabletask/orchestrators/${name}/${instanceId}?${query.toString()}`;
  const { status } = await world.http("POST", path, input);
  expect(status).toBe(202);
}

const requestOf = (world: World, name: string): RunRequest => ({
  runId: sweepRunId(world.vmId(name).toLowerCase(), "test"),
  vmId: world.vmId(name),
  mode: "patch",
  trigger: "sweep",
  requestedAt: new Date(world.clock.now()).toISOString(),
});

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

    const run = await ended(world, runId);
    expect(run).toMatchObject({ code: "IntentUnresolved", installPosts: 1 });
    expect(run.detail).toMatch(/^it claimed its VM at 2026-12-01T06:0/);
    expect(Date.parse(run.endedAt ?? "") - asked).toBeGreaterThan(24 * HOUR);
    expect(world.host.status(runId)?.runtimeStatus).toBe("Terminated");
    expect(posts(world, "installPatches")).toEqual([]);
    await expectNothingHeld(world, "vm");
  });

  test("one whose version is newer than the app's, after an hour", async () => {
    const world = await startWorld({ fleet: oneVm() });
    const request = requestOf(world, "vm");
    await new OpenRuns(world.store).add(request, world.clock.now());
    await startDirectly(world, orchestrationNames.patchVm, request.runId, request, "2.0.0");
    await world.passes(HOUR - MINUTE);
    expect(world.host.status(request.runId)?.runtimeStatus).toBe("Pending");
    expect(await world.runs()).toEqual([]);

    const run = await ended(world, request.runId);
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
        { name: "a", image: "win", events: [], install: { durationSeconds: 3 * 3600 } },
        { name: "b", image: "win", events: [] },
      ]),
      settings: { GOLDPATCH_MAX_ACTIVE_RUNS: "1" },
    });
    await world.run("patch", ["a"], PATCH);
    await world.passes(MINUTE);
    await world.run("patch", ["b"], PATCH);
    await world.passes(10 * HOUR);
    expect((await world.runs()).map(({ code }) => code)).toEqual(["Patched", "Patched"]);
    expect(world.logs.filter((line) => line.includes("runSettled"))).toEqual([]);
  });

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
    expect(await ended(world, request.runId)).toMatchObject({ code: "OrchestrationHung" });
  });
});

describe("the index of open runs", () => {
  test("names a run before it is started and until it has its outcome", async () => {
    const world = await startWorld({ fleet: oneVm() });
    const release = world.clock.hold();
    const [runId = ""] = await world.run("assess", ["vm"]);
    expect((await openRows(world)).map(({ value }) => value)).toEqual([
      { since: world.clock.now(), request: expect.objectContaining({ runId }) },
    ]);
    release();
    await world.settle();
    expect(await openRows(world)).toEqual([]);
  });

  test("is cleaned of what was asked for and never started, after an hour: no run was promised", async () => {
    const world = await startWorld({ fleet: oneVm() });
    const request = requestOf(world, "vm");
    await new OpenRuns(world.store).add(request, world.clock.now());
    await world.passes(50 * MINUTE);
    expect(await openRows(world)).toHaveLength(1);
    await world.passes(20 * MINUTE);
    expect(await openRows(world)).toEqual([]);
    expect(await world.runs()).toEqual([]);
    expect(world.logs.filter((line) => line.includes('"event":"runNeverBegan"'))).toHaveLength(1);
  });

  test("and what a run held are cleaned up when it died between its outcome and giving back", async () => {
    const world = await startWorld({ fleet: oneVm() });
    const [runId = ""] = await world.run("assess", ["vm"]);
    const replace = world.store.replaceIfMatch.bind(world.store);
    let died = false;
    // No write succeeds after the outcome's, until the orchestration was ended.
    world.store.replaceIfMatch = async (row, value) => {
      if (died) throw new Error("the store is gone");
      const written = await replace(row, value);
      died ||= row.partition === "runs" && "outcome" in value && value.outcome !== null;
      return written;
    };
    await world.settle();
    expect(died).toBe(true);
    expect(only(await world.runs())).toMatchObject({ code: "Supported" });
    expect(await leaseOf(world, "vm")).toMatchObject({ held: true, runId });
    world.store.replaceIfMatch = replace;
    await world.passes(10 * MINUTE);
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
  });

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
  });

  test("cut off at any of its writes: later ones finish", async () => {
    let writes = Number.POSITIVE_INFINITY;
    for (let dieAt = 1; writes >= dieAt; dieAt++) {
      const [world, runId] = await diedWhileInstalling();
      writes = 0;
      const mortal = dyingAt(world.store, () => ++writes === dieAt);
      const [tick, engine] = [watchdog(watchdogBeside(world, mortal)), engineBeside(world)];
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

test("a run that cannot be read keeps the watchdog from none of the others", async () => {
  const world = await startWorld({
    fleet: fleetOf(["a", "b"].map((name) => ({ name, image: "win", events: [] }))),
  });
  const [broken = "", good = ""] = await world.run("assess", ["a", "b"]);
  await world.passes(3 * MINUTE);
  for (const runId of [broken, good]) await world.terminate(runId);
  const row = await world.store.get("runs", broken);
  if (!row) throw new Error("no row");
  await world.store.replaceIfMatch(row, { format: 2 });
  await world.store.insertIfAbsent("open-runs", "07:from-another-version", { request: { run: 1 } });
  await world.passes(HOUR);

  const settled = await world.store.get<RunView & object>("runs", good);
  expect(settled?.value).toMatchObject({ code: "OrchestrationEnded" });
  const told = world.logs.filter((line) => line.includes('"event":"watchdogFailed"'));
  expect(told.some((line) => line.includes("07:from-another-version"))).toBe(true);
  expect(told.some((line) => line.includes(broken))).toBe(true);
});
