import { describe, expect, test } from "@jest/globals";
import type { RunView } from "../../src/contracts/api/runs";
import { OpenRuns } from "../../src/ledger/open-runs";
import { fleetOf } from "../support/fleet";
import { startWorld } from "../support/outside-jest";
import {
  PATCH,
  expectNothingHeld,
  leaseOf,
  oneVm,
  only,
  openRows,
  posts,
  requestOf,
  runAfter,
  slots,
  stepOf,
  untilPosted,
} from "../support/run-probes";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

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
  }, 30_000);

  test("while it assesses: once the assessment is over the VM is free", async () => {
    const world = await startWorld({ fleet: oneVm({ assess: { durationSeconds: 1200 } }) });
    const [runId = ""] = await world.run("patch", ["vm"], PATCH);
    await world.passes(4 * MINUTE);
    await world.terminate(runId);
    await world.passes(10 * MINUTE);
    expect(only(await world.runs()).outcome).toBeNull();
    expect(await leaseOf(world, "vm")).toMatchObject({ held: true, runId, fenced: { code: "OrchestrationEnded" } });

    const run = await runAfter(world, runId, HOUR);
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

    expect(await runAfter(world, runId, HOUR)).toMatchObject({ code: "OrchestrationEnded", installPosts: 0 });
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

    const run = await runAfter(world, runId, 2 * HOUR);
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

    const run = await runAfter(world, runId, 2 * HOUR);
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

    const run = await runAfter(world, runId, 7 * HOUR);
    expect(run).toMatchObject({ code: "InstallStillRunning", detail: "its orchestration is Terminated: test" });
    expect(await leaseOf(world, "vm")).toMatchObject({ held: true, runId });
    expect(await openRows(world)).toEqual([]);
  }, 30_000);

  test("after somebody cancelled it: it is cancelled", async () => {
    const world = await startWorld({ fleet: oneVm({ assess: { durationSeconds: 600 } }) });
    const [runId = ""] = await world.run("patch", ["vm"], PATCH);
    await world.passes(3 * MINUTE);
    await world.api("POST", `runs/${runId}/cancel`);
    await world.terminate(runId);
    expect(await runAfter(world, runId, HOUR)).toMatchObject({ outcome: "cancelled", cancelRequested: true });
  });

  test("by its own failure, which the outcome tells", async () => {
    const world = await startWorld({
      fleet: oneVm(),
      chaos: ({ name }) => (name === "recordOutcome" ? "killedBefore" : "once"),
    });
    const [runId = ""] = await world.run("assess", ["vm"]);
    await world.settle();
    const run = await runAfter(world, runId, 10 * MINUTE);
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
    expect(await runAfter(world, runId, HOUR)).toMatchObject({ code: "Patched", installPosts: 1 });
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
