import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { tickSweep } from "../../src/activities/sweep/tick-sweep";
import { outcomeOf, type OutcomeCode } from "../../src/domain/outcome/table";
import { newRun } from "../../src/ledger/runs";
import { MemoryStore } from "../../src/store/memory";
import { policyOf } from "../policy/policy-text";
import { patchPolicy } from "../support/sweeps";
import { candidate, imageId, pagesOf, startedBy, sweepBench, type Bench } from "./sweep-bench";

const MINUTE = 60_000;
const STAGES =
  "stages:\n  - { name: canary, share: 10%, failureBudget: 100% }\n  - { name: rest, failureBudget: 100% }\n";
const policy = (more: string) => policyOf(patchPolicy(`failureBudget: 100%\n${STAGES}${more}`));
const fleet = (count: number, images: readonly string[]) =>
  Array.from({ length: count }, (_, index) => candidate(index, images[index % images.length]));

/** Ends the runs of all VMs in flight, as recordOutcome does. */
async function endRuns({ deps, sweepId }: Bench, codeOf: (vmId: string) => OutcomeCode): Promise<number> {
  const rows = await deps.policySweeps.queue(sweepId).active();
  for (const { value } of rows) {
    const at = new Date(deps.clock.now()).toISOString();
    const { runId, vmId, stage } = value;
    const code = codeOf(vmId);
    const request = {
      runId,
      vmId,
      mode: "patch",
      trigger: "sweep",
      requestedAt: at,
      sweep: { sweepId, policyHash: "", stage },
    } as const;
    const supportState = code === "UnsupportedImage" ? "Unsupported" : "Supported";
    await deps.runs.insertIfAbsent({
      ...newRun(request, at),
      outcome: outcomeOf(code).outcome,
      code,
      endedAt: at,
      supportState,
      installPosts: 1,
    });
  }
  return rows.length;
}

/** Rows that a store hands out. */
function countRows(store: MemoryStore): () => number {
  let rows = 0;
  const scan = store.scan.bind(store);
  store.scan = async (partition, prefix) => {
    const found = await scan(partition, prefix);
    rows += found.length;
    return found as never;
  };
  return () => {
    const counted = rows;
    rows = 0;
    return counted;
  };
}

describe("the work of a tick", () => {
  test.each([1000, 20_000])(
    "is by VMs in flight, of %i that wait",
    async (count) => {
      const store = new MemoryStore();
      // Of one image version nobody knows anything for a long time: its VMs wait and are not read.
      const bench = await sweepBench(
        policy("exposure: { cap: 10, ramp: [rest] }\nconcurrency: 10\n"),
        pagesOf(fleet(count, ["known", "unknown"])),
        store,
      );
      await bench.deps.images.note({
        imageId: imageId("known"),
        supportState: "Supported",
        runId: "earlier",
        vmId: "/earlier",
        seenAt: new Date(bench.deps.clock.now()).toISOString(),
        lastOutcome: "patched",
      });
      await bench.plan();
      const rowsRead = countRows(store);
      const started: string[] = [];
      const most: number[] = [];
      for (let tick = 1; tick <= 12; tick++) {
        rowsRead();
        await tickSweep(bench.deps)({ sweepId: bench.sweepId, tick }, startedBy(started));
        most.push(rowsRead());
        await endRuns(bench, (vmId) => (vmId.endsWith("1") ? "VmStopped" : "Patched"));
        bench.pass(MINUTE);
      }
      expect(started.length).toBeGreaterThanOrEqual(100);
      // A few chunks of 99, whatever the size of the queue.
      expect(Math.max(...most)).toBeLessThan(1000);
    },
    60_000,
  );
});

/** What may happen to the deliveries of one tick. */
const delivery = fc.constantFrom("once", "twice", "doubled", "older", "dies");
const codes = fc.constantFrom<OutcomeCode>(
  "Patched",
  "NothingPending",
  "VmStopped",
  "UnsupportedImage",
  "NotWellAfterInstall",
);

test("ticks that come twice, at once, late or die on their way: every VM is started once and ends once", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 25 }),
      fc.array(codes, { minLength: 1, maxLength: 8 }),
      fc.array(fc.tuple(delivery, fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 20 }),
      async (count, ends, deliveries) => {
        const store = new MemoryStore();
        const bench = await sweepBench(
          policy("exposure: { cap: 100%, ramp: [1, rest] }\n"),
          pagesOf(fleet(count, ["a", "b"])),
          store,
        );
        await bench.plan();
        await playThrough(bench, store, ends, deliveries);
      },
    ),
    { seed: 20_261_126, numRuns: 40 },
  );
}, 60_000);

async function playThrough(
  bench: Bench,
  store: MemoryStore,
  ends: readonly OutcomeCode[],
  deliveries: readonly (readonly [string, number])[],
): Promise<void> {
  const { deps, sweepId } = bench;
  const started: string[] = [];
  const ask = (tick: number) => tickSweep(deps)({ sweepId, tick }, startedBy(started));
  let kind = "ticked";
  for (let tick = 1; kind !== "over"; tick++) {
    if (tick > 500) throw new Error("the sweep does not end");
    const [how, n] = deliveries[tick % deliveries.length] ?? ["once", 1];
    if (how === "dies") {
      const liveOn = dyingAt(store, n);
      await ask(tick).catch(() => undefined);
      liveOn();
    }
    if (how === "older") await ask(Math.max(1, tick - n));
    const answers = await Promise.all(how === "doubled" ? [ask(tick), ask(tick)] : [ask(tick)]);
    if (how === "twice") answers.push(await ask(tick));
    kind = answers.at(-1)?.kind ?? "ticked";
    await endRuns(bench, (vmId) => ends[Number(vmId.slice(-2)) % ends.length] ?? "Patched");
    bench.pass(MINUTE);
  }
  const queue = deps.policySweeps.queue(sweepId);
  const state = (await deps.policySweeps.head(sweepId))?.value.state;
  const vms = state?.stages.reduce((sum, stage) => sum + stage.vms, 0);
  expect(state?.stages.map(({ ended }) => ended)).toEqual(state?.stages.map((stage) => stage.vms));
  expect(await queue.active()).toEqual([]);
  expect(await queue.done()).toHaveLength(vms ?? 0);
  expect(await deps.runs.list()).toHaveLength(vms ?? 0);
}

/** The n-th write from now on is the last that the process does; what it answers is the way back. */
function dyingAt(store: MemoryStore, n: number): () => void {
  const batch = store.batch.bind(store);
  let writes = 0;
  store.batch = async (partition, operations) => {
    const done = await batch(partition, operations);
    if (++writes === n) throw new Error("the process died");
    return done;
  };
  return () => {
    store.batch = batch;
  };
}
