import { describe, expect, test } from "@jest/globals";
import type { RunView } from "../../src/contracts/api/runs";
import { requestIdOf, vmPartition } from "../../src/ledger/keys";
import { intentKey, type Intent } from "../../src/ledger/intent";
import type { Lease } from "../../src/ledger/lease";
import { fleetOf } from "../support/fleet";
import { startWorld, type World } from "../support/outside-jest";

const MINUTE = 60_000;
const PATCH = { install: { rebootSetting: "IfRequired" } };

/** Install or assess requests that Azure took, whether or not its answer arrived. */
const taken = (world: World, action: string, vmId: string) =>
  world.transcript.filter(
    ({ path, vmIds, status }) =>
      path.includes(`/${action}?`) && vmIds.includes(vmId.toLowerCase()) && (status === null || status < 300),
  );

const only = (runs: readonly RunView[]): RunView => {
  expect(runs).toHaveLength(1);
  const [run] = runs;
  if (!run) throw new Error("no run");
  return run;
};

describe("the interleavings that break naive designs", () => {
  test("a first delivery that stalls before its POST and wakes after the second delivery decided sends nothing", async () => {
    let stalled = 0;
    const world: World = await startWorld({
      fleet: fleetOf([{ name: "vm", image: "win", events: [] }]),
      // The real host repeats an activity whose lock was lost while the first delivery still runs.
      chaos: ({ name }) => (name === "startOperation" ? "doubled" : "once"),
      intercept: async (request, azure) => {
        // The first install request leaves the process only long after postNotAfter.
        if (request.url.includes("/installPatches") && stalled++ === 0) await world.passes(10 * MINUTE);
        if (request.signal?.aborted) throw Object.assign(new Error("aborted"), { name: "AbortError" });
        return azure(request);
      },
    });
    await world.run("patch", ["vm"], PATCH);
    const run = only(await world.settle());
    // The run is over before the stalled request wakes.
    await world.passes(30 * MINUTE);

    expect(stalled).toBe(1);
    expect(taken(world, "installPatches", run.vmId)).toEqual([]);
    expect(run).toMatchObject({ code: "IntentUnresolved", installPosts: 1 });
  });

  test("a delivery that wakes between intent and POST after its time is over does not post", async () => {
    const world: World = await startWorld({
      fleet: fleetOf([{ name: "vm", image: "win", events: [] }]),
    });
    const get = world.store.get.bind(world.store);
    let slept = false;
    // The look at the lease directly before the POST takes ten minutes, once.
    world.store.get = async (partition: string, key: string) => {
      const intents = key === "lease" ? await world.store.scan(partition, "intent:") : [];
      const install = intents.some(({ value }) => JSON.stringify(value).includes('"operation":"install"'));
      if (install && !slept) {
        slept = true;
        await world.passes(10 * MINUTE);
      }
      return get(partition, key) as never;
    };
    await world.run("patch", ["vm"], PATCH);
    const run = only(await world.settle());
    await world.passes(30 * MINUTE);

    expect(slept).toBe(true);
    const intents = await world.store.scan<Intent>(vmPartition(run.vmId.toLowerCase()), "intent:");
    const [late, next] = intents.map(({ value }) => value).filter(({ operation }) => operation === "install");
    // Nobody else could have sent it, so nothing was sent: the next intent has the only request.
    expect(late).toMatchObject({ state: "withheld", sequence: 1 });
    expect(next).toMatchObject({ state: "accepted", sequence: 2 });
    const sent = world.transcript.filter(({ path }) => path.includes("/installPatches"));
    expect(sent.map(({ clientRequestId }) => clientRequestId)).toEqual([next && requestIdOf(intentKey(next))]);
    expect(run).toMatchObject({ code: "Patched", installedPatchCount: 3, installPosts: 1 });
  });

  test("a lost 202 whose install finishes before anyone looks is adopted, finished, and not sent again", async () => {
    const world = await startWorld({
      fleet: fleetOf([
        { name: "vm", image: "win", events: [], install: { cut: { when: "afterEffect" }, durationSeconds: 30 } },
      ]),
    });
    await world.run("patch", ["vm"], PATCH);
    const run = only(await world.settle());

    expect(taken(world, "installPatches", run.vmId)).toHaveLength(1);
    expect(run).toMatchObject({ code: "Patched", installedPatchCount: 3, installPosts: 1 });
    const install = run.steps.find(({ name }) => name === "installPatches");
    expect(install?.evidence).toMatchObject({ adopted: true, source: "instanceView" });
  });

  test("a lost answer is looked for once its time has come, not again and again while the timer is early", async () => {
    let looks = 0;
    const world = await startWorld({
      fleet: fleetOf([{ name: "vm", image: "win", events: [], install: { cut: { when: "afterEffect" } } }]),
      chaos({ name }) {
        if (name === "resolveIntent") looks++;
        return "once";
      },
    });
    await world.run("patch", ["vm"], PATCH);
    expect(only(await world.settle())).toMatchObject({ code: "Patched" });
    expect(looks).toBe(1);
  });

  test("a lost request that never arrived does not adopt the install that ended before it", async () => {
    const world = await startWorld({
      fleet: fleetOf([
        {
          name: "vm",
          image: "win",
          events: [],
          otherOperations: [{ kind: "install", alreadyRunningForSeconds: 600, lastsSeconds: 700 }],
          install: { cut: { when: "beforeEffect" } },
          pending: { Security: 3 },
        },
      ]),
    });
    await world.passes(5 * MINUTE);
    await world.run("patch", ["vm"], PATCH);
    expect(only(await world.settle())).toMatchObject({ code: "IntentUnresolved", installedPatchCount: 0 });
  });

  test("a 202 whose address is foreign and carries no id is looked up in the instance view", async () => {
    const world = await startWorld({
      fleet: fleetOf([{ name: "vm", image: "win", events: [] }]),
      intercept: async (request, azure) => {
        const answer = await azure(request);
        if (!request.url.includes("/installPatches")) return answer;
        const elsewhere = "https://example.net/operations/1";
        return { ...answer, headers: { ...answer.headers, "azure-asyncoperation": elsewhere, location: elsewhere } };
      },
    });
    await world.run("patch", ["vm"], PATCH);
    const run = only(await world.settle());
    expect(run).toMatchObject({ code: "Patched", installedPatchCount: 3, installPosts: 1 });
    expect(run.steps.find(({ name }) => name === "installPatches")?.evidence).toMatchObject({ adopted: true });
    expect(Date.parse(run.endedAt ?? "") - Date.parse(run.startedAt)).toBeLessThan(90 * MINUTE);
  });

  test("an operator's own install is never recorded as ours", async () => {
    const world = await startWorld({
      fleet: fleetOf([
        {
          name: "vm",
          image: "win",
          events: [],
          otherOperations: [{ kind: "install", startsAfterAssessmentSeconds: 1, lastsSeconds: 9000 }],
        },
      ]),
    });
    await world.run("patch", ["vm"], PATCH);
    const run = only(await world.settle());

    expect(run).toMatchObject({ outcome: "busy", code: "OperationInProgress", installPosts: 0 });
    expect(taken(world, "installPatches", run.vmId)).toEqual([]);
  });
});

describe("one VM, one run at a time", () => {
  test("a second run of a held VM is busy and names the holder", async () => {
    const world = await startWorld({ fleet: fleetOf([{ name: "vm", image: "win", events: [] }]) });
    const [first] = await world.run("patch", ["vm"], PATCH);
    await world.passes(MINUTE);
    const [second] = await world.run("patch", ["vm"], PATCH);
    const runs = await world.settle();

    expect(runs.find(({ runId }) => runId === second)).toMatchObject({ code: "HeldByRun", detail: first });
    expect(runs.find(({ runId }) => runId === first)).toMatchObject({ code: "Patched" });
  });

  test("the lease of a run that died is taken over once the VM is idle, and the dead run is settled", async () => {
    const world = await startWorld({
      fleet: fleetOf([{ name: "vm", image: "win", events: [], assess: { durationSeconds: 600 } }]),
    });
    const [dead] = await world.run("patch", ["vm"], PATCH);
    await world.passes(3 * MINUTE);
    await world.terminate(dead ?? "");
    const [next] = await world.run("patch", ["vm"], PATCH);
    const runs = await world.settle();

    expect(runs.find(({ runId }) => runId === dead)).toMatchObject({ outcome: "failed", code: "OrchestrationEnded" });
    expect(runs.find(({ runId }) => runId === next)).toMatchObject({ code: "Patched" });
    const assessments = taken(world, "assessPatches", world.vmId("vm")).map(({ t }) => Date.parse(t));
    // The second assessment waited for the first, which the dead run had started, to end.
    expect((assessments[1] ?? 0) - (assessments[0] ?? 0)).toBeGreaterThan(600_000);
  });

  test("a run whose install outlives it keeps its lease; the next run waits for the install, which stays the dead run's", async () => {
    const world = await startWorld({
      fleet: fleetOf([{ name: "vm", image: "win", events: [], install: { durationSeconds: 1500 } }]),
    });
    const [dead] = await world.run("patch", ["vm"], PATCH);
    // The install has begun, and the run itself still follows it: its later polls would be a child's, which goes on.
    await world.passes(15 * MINUTE);
    await world.terminate(dead ?? "");
    const [next] = await world.run("patch", ["vm"], PATCH);
    const runs = await world.settle();

    expect(runs.find(({ runId }) => runId === dead)).toMatchObject({ code: "Patched", installedPatchCount: 3 });
    const successor = runs.find(({ runId }) => runId === next);
    expect(successor).toMatchObject({ outcome: "upToDate" });
    const claim = successor?.steps.find(({ name }) => name === "claimRun");
    // The lease changed hands only after the install of the dead run had ended.
    expect(Date.parse(claim?.endedAt ?? "") - Date.parse(claim?.startedAt ?? "")).toBeGreaterThan(10 * MINUTE);
    expect(taken(world, "installPatches", world.vmId("vm"))).toHaveLength(1);
  });

  test("a run that ends while Azure still installs keeps its lease, and the next run waits in vain", async () => {
    const world = await startWorld({
      fleet: fleetOf([
        { name: "vm", image: "win", events: [], install: { stuck: true }, instanceViewStuckInProgress: "install" },
      ]),
      settings: { GOLDPATCH_BUSY_RETRY_MINUTES: "5" },
    });
    const [first] = await world.run("patch", ["vm"], PATCH);
    expect(only(await world.settle())).toMatchObject({ code: "InstallStillRunning" });
    const lease = await world.store.get<Lease>(vmPartition(world.vmId("vm").toLowerCase()), "lease");
    expect(lease?.value).toMatchObject({ held: true, runId: first });

    const [second] = await world.run("patch", ["vm"], PATCH);
    const runs = await world.settle();
    expect(runs.find(({ runId }) => runId === second)).toMatchObject({
      code: "OperationInProgress",
      detail: expect.stringContaining(`run ${first ?? ""} is over`),
    });
  });

  test("no more runs are active than allowed", async () => {
    const names = Array.from({ length: 12 }, (_, index) => `vm-${index}`);
    const world = await startWorld({
      fleet: fleetOf(names.map((name) => ({ name, image: "win", events: [] }))),
      settings: { GOLDPATCH_MAX_ACTIVE_RUNS: "3" },
    });
    await world.run("assess", names);
    const runs = await world.settle();

    expect(runs.map(({ code }) => code)).toEqual(names.map(() => "Supported"));
    const claimed = runs.map((run) => ({
      from: Date.parse(run.steps.find(({ name }) => name === "claimRun")?.endedAt ?? ""),
      to: Date.parse(run.endedAt ?? ""),
    }));
    for (const { from } of claimed) {
      expect(claimed.filter((other) => other.from <= from && from < other.to).length).toBeLessThanOrEqual(3);
    }
  });
});

describe("workers that die and deliveries that repeat", () => {
  const fates = ["repeated", "doubled", "killedBefore", "killedAfter"] as const;
  const activities = [
    "claimRun",
    "checkProvisioning",
    "startOperation",
    "resolveIntent",
    "pollOperation",
    "readSupportState",
    "confirmInstall",
    "recordOutcome",
  ] as const;

  test.each(fates.flatMap((fate) => activities.map((activity) => [activity, fate] as const)))(
    "%s %s, every time: one POST at most, one outcome",
    async (activity, fate) => {
      const world = await startWorld({
        fleet: fleetOf([
          { name: "vm", image: "win", events: [] },
          { name: "lost", image: "lin", events: [], install: { cut: { when: "afterEffect" } } },
        ]),
        chaos: ({ name }) => (name === activity ? fate : "once"),
      });
      await world.run("patch", ["vm", "lost"], PATCH);
      await world.settle();
      // Whoever cannot write at all leaves the run to the watchdog.
      const unable = fate === "killedBefore" && activity === "recordOutcome";
      if (unable) await world.passes(15 * MINUTE);
      const runs = await world.runs();

      for (const vm of ["vm", "lost"]) {
        expect(taken(world, "installPatches", world.vmId(vm)).length).toBeLessThanOrEqual(1);
      }
      expect(runs).toHaveLength(2);
      for (const run of runs) expect(run.outcome).not.toBeNull();
      if (!fate.startsWith("killed") || unable)
        expect(runs.map(({ code }) => code).sort()).toEqual(["Patched", "Patched"]);
    },
  );

  test.each([
    ["claimRun", 1],
    ["checkProvisioning", 1],
    ["startOperation", 1],
    ["pollOperation", 2],
    ["readSupportState", 2],
    ["confirmInstall", 1],
    ["recordOutcome", 1],
  ] as const)("a worker killed in %s, %i times, costs time but no outcome", async (activity, times) => {
    for (const fate of ["killedBefore", "killedAfter"] as const) {
      let kills = 0;
      const world = await startWorld({
        fleet: fleetOf([{ name: "vm", image: "win", events: [] }]),
        chaos: ({ name }) => (name === activity && kills++ < times ? fate : "once"),
      });
      await world.run("patch", ["vm"], PATCH);
      expect(only(await world.settle())).toMatchObject({ code: "Patched", installPosts: 1 });
      expect(taken(world, "installPatches", world.vmId("vm"))).toHaveLength(1);
    }
  });
});
