import { describe, expect, test } from "@jest/globals";
import { recordOutcome } from "../../src/activities/run/record-outcome";
import type { WatchdogDeps } from "../../src/activities/watchdog/deps";
import { watchdog } from "../../src/activities/watchdog/watchdog";
import type { RunRequest } from "../../src/contracts/run";
import { httpRunId, vmPartition } from "../../src/ledger/keys";
import { OpenRuns } from "../../src/ledger/open-runs";
import { newRun } from "../../src/ledger/runs";
import { VmLedger } from "../../src/ledger/vms";
import { MemoryStore } from "../../src/store/memory";
import { fleetOf } from "../support/fleet";
import { startWorld, type World } from "../support/outside-jest";
import { engineOf, watchdogDeps } from "../support/watchdog-bench";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.parse("2026-12-01T06:00:00Z");
const SELDOM = { GOLDPATCH_WATCHDOG_SCHEDULE: "0 */15 * * * *" };

const vmIdOf = (name: string): string =>
  `/subscriptions/11111111-2222-4333-8444-555555555555/resourcegroups/rg/providers/microsoft.compute/virtualmachines/${name}`;
const requestOf = (name: string, cause: string, at: number): RunRequest => ({
  runId: httpRunId(vmIdOf(name), cause),
  vmId: vmIdOf(name),
  mode: "patch",
  trigger: "event",
  requestedAt: new Date(at).toISOString(),
});

/** A clock that is set, and a store that counts the rows it hands out. */
function bench(settings: Parameters<typeof watchdogDeps>[0]["settings"] = {}) {
  const time = { now: START };
  const store = new CountingStore();
  const logs: string[] = [];
  const clock = { now: () => time.now, at: () => () => undefined };
  const deps = watchdogDeps({ clock, store, settings, log: (line) => logs.push(line) });
  return { time, store, logs, deps };
}

class CountingStore extends MemoryStore {
  largestScan = 0;
  scanned = 0;

  override async scan<T extends object>(partition: string, prefix: string) {
    const rows = await super.scan<T>(partition, prefix);
    this.largestScan = Math.max(this.largestScan, rows.length);
    this.scanned += rows.length;
    return rows;
  }
}

const gone = engineOf(() => ({ kind: "missing" }));

/** A run that patched its VM, with all that it leaves in the store. */
async function patched(deps: WatchdogDeps, name: string, cause: string): Promise<RunRequest> {
  const now = deps.clock.now();
  const request = requestOf(name, cause, now);
  const { runId, vmId } = request;
  const vm = new VmLedger(deps.store, vmId);
  await deps.open.add(request, now);
  await deps.runs.insertIfAbsent({ ...newRun(request, request.requestedAt), vmGuid: `guid-${name}-${cause}` });
  await vm.takeLease(runId, await vm.lease());
  for (const operation of ["assess", "install"] as const) {
    const lease = await vm.lease();
    if (!lease) throw new Error("no lease");
    await vm.insertIntent(
      {
        runId,
        operation,
        attempt: 1,
        sequence: 1,
        state: "accepted",
        epoch: lease.value.epoch,
        baseline: { azureTime: now },
        postNotAfter: now,
        accepted: {
          acceptedAt: now,
          address: "none",
          adopted: false,
          knownSince: now,
          ended: { state: "succeeded", at: now, source: "operation" },
        },
      },
      lease,
    );
  }
  await vm.markHandled(`guid-${name}-${cause}`, runId);
  await deps.switches.cancel(runId, request.requestedAt);
  await recordOutcome(deps)({ run: request, ending: { code: "Patched" } });
  return request;
}

describe("a run is kept as long as GOLDPATCH_RETENTION_DAYS says", () => {
  test("for 400 days, then it goes with all that it left; the VM's lease stays", async () => {
    const { time, store, deps } = bench();
    const tick = watchdog(deps);
    const endedAt = new Map<string, number>();
    for (let hour = 0; hour < 410 * 24; hour += 6) {
      time.now = START + hour * HOUR;
      await tick(gone);
      if (hour % 12 !== 0) continue;
      const { runId } = await patched(deps, `vm-${hour % 5}`, `hour-${hour}`);
      endedAt.set(runId, time.now);
      await deps.sweeps.begin(`sweep-${new Date(time.now).toISOString().replaceAll(/[^0-9TZ]/g, "")}`, time.now);
    }
    const kept = [...endedAt].filter(([, at]) => at > time.now - 400 * DAY - HOUR).map(([runId]) => runId);
    expect(endedAt.size - kept.length).toBeGreaterThan(15);

    const left = (await deps.runs.list()).map(({ runId }) => runId);
    expect(left.sort()).toEqual(kept.sort());
    // Each kept run stands in the index, two intents, one handled machine and one cancellation; nothing else is left.
    const vms = ["vm-0", "vm-1", "vm-2", "vm-3", "vm-4"].map((name) => vmPartition(vmIdOf(name)));
    const rows = (await Promise.all(vms.map((partition) => store.scan(partition, "")))).flat();
    const count = (prefix: string) => rows.filter(({ key }) => key.startsWith(prefix)).length;
    expect(count("intent:")).toBe(2 * kept.length);
    expect(count("handled:")).toBe(kept.length);
    expect(count("lease")).toBe(5);
    expect(await store.scan("switches", "cancel:")).toHaveLength(kept.length);
    expect(await store.scan("sweeps", "")).toHaveLength(kept.length);
    const firstHour = new Date(START).toISOString().slice(0, 13);
    expect(await store.scan(`ended-runs:${firstHour}`, "")).toEqual([]);
  }, 60_000);

  test("counted from its end, not from its beginning", async () => {
    const { time, deps } = bench({ GOLDPATCH_RETENTION_DAYS: "31" });
    const tick = watchdog(deps);
    await tick(gone);
    const request = requestOf("vm", "long", time.now);
    await deps.runs.insertIfAbsent(newRun(request, request.requestedAt));
    time.now += 30 * DAY;
    await recordOutcome(deps)({ run: request, ending: { code: "Supported" } });
    for (const day of [1, 20, 30]) {
      time.now = START + (30 + day) * DAY;
      for (let ticks = 0; ticks < 60; ticks++) await tick(gone);
      expect(await deps.runs.list()).toHaveLength(1);
    }
    time.now = START + 62 * DAY;
    for (let ticks = 0; ticks < 60; ticks++) await tick(gone);
    expect(await deps.runs.list()).toEqual([]);
  });

  test("as are runs of a schedule, also of one that was deleted meanwhile", async () => {
    const { time, deps } = bench({ GOLDPATCH_RETENTION_DAYS: "31" });
    const tick = watchdog(deps);
    await tick(gone);
    const [startsAt, endsAt] = [time.now, time.now + 2 * HOUR].map((at) => new Date(at).toISOString());
    const run = { scheduleId: "/s", runId: "/s/1", run: "1", startsAt: startsAt ?? "", endsAt: endsAt ?? "" };
    await deps.schedules.note({ scheduleId: "/s", window: null });
    await deps.schedules.begin({ ...run, decision: null });
    await deps.schedules.forget("/s");
    for (const [days, kept] of [
      [31, 1],
      [32, 0],
    ] as const) {
      time.now = START + days * DAY;
      for (let ticks = 0; ticks < 60; ticks++) await tick(gone);
      expect(await deps.schedules.runsOf("/s")).toHaveLength(kept);
    }
  });

  test("however old, when it has no outcome: whoever wrote the index died before the outcome", async () => {
    const { time, deps } = bench({ GOLDPATCH_RETENTION_DAYS: "31" });
    const alive = engineOf(() => ({ kind: "alive", movedAt: time.now }));
    const tick = watchdog(deps);
    await tick(alive);
    const request = requestOf("vm", "open", time.now);
    await deps.open.add(request, time.now);
    await deps.runs.insertIfAbsent(newRun(request, request.requestedAt));
    await deps.ended.note(request, time.now);
    time.now += 40 * DAY;
    for (let ticks = 0; ticks < 60; ticks++) await tick(alive);
    expect((await deps.runs.get(request.runId))?.outcome).toBeNull();

    // Its outcome puts it into the index again, under the right hour.
    await recordOutcome(deps)({ run: request, ending: { code: "Supported" } });
    time.now += 20 * DAY;
    for (let ticks = 0; ticks < 60; ticks++) await tick(alive);
    expect(await deps.runs.list()).toHaveLength(1);
    time.now += 20 * DAY;
    for (let ticks = 0; ticks < 60; ticks++) await tick(alive);
    expect(await deps.runs.list()).toEqual([]);
  });

  test("although removing it was cut off at any write", async () => {
    for (let dieAt = 1, writes = 99; writes >= dieAt; dieAt++) {
      const { time, store, deps } = bench({ GOLDPATCH_RETENTION_DAYS: "31" });
      const tick = watchdog(deps);
      await tick(gone);
      await patched(deps, "vm", "cause");
      time.now += 40 * DAY;
      writes = 0;
      const batch = store.batch.bind(store);
      store.batch = (partition, operations) => {
        const dies = operations.some(({ kind }) => kind === "delete") && ++writes === dieAt;
        return dies ? Promise.reject(new Error("the process died")) : batch(partition, operations);
      };
      for (let ticks = 0; ticks < 60; ticks++) await tick(gone);
      expect(await deps.runs.list()).toEqual([]);
      const rows = await store.scan(vmPartition(vmIdOf("vm")), "");
      expect(rows.map(({ key }) => key)).toEqual(["lease"]);
      expect(await store.scan("switches", "")).toEqual([]);
      expect(await store.scan(`ended-runs:${new Date(START).toISOString().slice(0, 13)}`, "")).toEqual([]);
      if (writes < dieAt) expect(dieAt).toBeGreaterThan(4);
    }
  });
});

describe("bounded memory", () => {
  test("of 100,000 open runs a tick reads a few thousand, never many at once, and all get their turn", async () => {
    const { time, store, deps } = bench();
    const runIds = Array.from({ length: 100_000 }, (_, index) => httpRunId(vmIdOf("vm"), `${index}`));
    for (const runId of runIds) {
      await deps.open.add({ ...requestOf("vm", "x", START), runId }, START);
      await deps.runs.insertIfAbsent(
        newRun({ ...requestOf("vm", "x", START), runId }, requestOf("vm", "x", START).requestedAt),
      );
    }
    const seen = new Set<string>();
    const engine = engineOf((instanceId) => {
      seen.add(instanceId);
      return { kind: "alive", movedAt: time.now };
    });
    store.largestScan = 0;
    let ticks = 0;
    for (; seen.size < runIds.length && ticks < 100; ticks++) {
      store.scanned = 0;
      time.now += 5 * MINUTE;
      await watchdog(deps)(engine);
      expect(store.scanned).toBeLessThan(4000);
    }
    expect(seen.size).toBe(runIds.length);
    expect(ticks).toBeLessThan(70);
    expect(store.largestScan).toBeLessThan(2000);
  }, 120_000);

  test("of 10,000 runs that ended in one hour a tick removes a part, and the next goes on", async () => {
    const { time, store, deps } = bench({ GOLDPATCH_RETENTION_DAYS: "31" });
    await watchdog(deps)(gone);
    for (let index = 0; index < 10_000; index++) {
      const request = requestOf("vm", `${index}`, START);
      const run = newRun(request, request.requestedAt);
      await deps.ended.note(request, START);
      await deps.runs.insertIfAbsent({ ...run, outcome: "skipped", code: "Stopped", endedAt: request.requestedAt });
    }
    time.now += 32 * DAY;
    const left: number[] = [];
    const list = () => store.get("watchdog", "retention");
    for (let ticks = 0; ticks < 20; ticks++) {
      store.largestScan = 0;
      await watchdog(deps)(gone);
      expect(store.largestScan).toBeLessThan(1000);
      left.push((await store.scan("runs", "")).length);
    }
    expect(await list()).toBeDefined();
    const removed = left.map((count, index) => (left[index - 1] ?? 10_000) - count);
    expect(Math.max(...removed)).toBeLessThan(1500);
    expect(left.at(-1)).toBe(0);
  }, 60_000);
});

test("runs and sweeps of a small fleet, day after day: what is old goes, what is new stays", async () => {
  const world = await startWorld({
    fleet: fleetOf([{ name: "vm", image: "win", events: [] }]),
    settings: {
      ...SELDOM,
      GOLDPATCH_SWEEP_SCHEDULE: "0 0 7 * * *",
      GOLDPATCH_RETENTION_DAYS: "31",
      GOLDPATCH_HISTORY_DAYS: "2",
    },
  });
  await world.passes(36 * DAY + 6 * HOUR);
  const runs = await world.runs();
  expect(runs).toHaveLength(31);
  expect(runs.every(({ trigger, code }) => trigger === "sweep" && code === "Supported")).toBe(true);
  const oldest = Math.min(...runs.map(({ endedAt }) => Date.parse(endedAt ?? "")));
  expect(world.clock.now() - oldest).toBeLessThan(31 * DAY + 6 * HOUR);

  expect(await world.store.scan("sweeps", "")).toHaveLength(31);
  // The engine keeps two days: of each the sweep, the run and its children.
  const instances = world.host.instances();
  expect(instances.filter(({ name }) => name === "sweep")).toHaveLength(2);
  expect(instances.filter(({ name }) => name === "patchVm")).toHaveLength(2);
}, 120_000);

test("the history of a run without outcome stays, however old, and goes once it has one", async () => {
  const world: World = await startWorld({
    fleet: fleetOf([
      { name: "a", image: "win", events: [] },
      {
        name: "b",
        image: "win",
        events: [],
        install: { durationSeconds: 3 * 3600, afterwards: { agentSilentSeconds: 3 * 24 * 3600 } },
      },
    ]),
    // A day of grace for the VM to be well: its run outlives what the engine keeps of it.
    settings: { ...SELDOM, GOLDPATCH_HISTORY_DAYS: "1", GOLDPATCH_GRACE_MINUTES: "1440" },
  });
  const [first = ""] = await world.run("assess", ["a"]);
  await world.passes(HOUR);
  const [open = ""] = await world.run("patch", ["b"], { install: { maximumDuration: "PT4H" } });
  await world.passes(HOUR);
  await world.terminate(open);
  await world.passes(25.5 * HOUR);
  const kept = () => world.host.instances().map(({ instanceId }) => instanceId);
  expect((await world.runs()).find(({ runId }) => runId === open)?.outcome).toBeNull();
  expect(kept()).toContain(open);
  expect(kept()).not.toContain(first);

  await world.passes(3 * HOUR);
  expect((await world.runs()).find(({ runId }) => runId === open)).toMatchObject({ code: "NotWellAfterInstall" });
  expect(kept()).not.toContain(open);
}, 30_000);

test("a row that no version of ours can read does not keep the history of all others", async () => {
  const world = await startWorld({
    fleet: fleetOf([{ name: "vm", image: "win", events: [] }]),
    settings: { ...SELDOM, GOLDPATCH_HISTORY_DAYS: "1" },
  });
  await world.store.insertIfAbsent("open-runs", "07:from-another-version", { request: { run: 1 }, since: START });
  const request = requestOf("vm", "broken", START);
  await new OpenRuns(world.store).add(request, START);
  await world.store.insertIfAbsent("runs", request.runId, { format: 2 });
  await world.run("assess", ["vm"]);
  await world.passes(2 * DAY);
  expect(world.host.instances()).toEqual([]);
});
