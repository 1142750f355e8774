import { describe, expect, test } from "@jest/globals";
import { dryRunSweep } from "../../src/activities/sweep/dry-run";
import { planSweep } from "../../src/activities/sweep/plan-sweep";
import type { SweepVmRow } from "../../src/ledger/sweep-queue";
import { MemoryStore } from "../../src/store/memory";
import { policyOf } from "../policy/policy-text";
import { patchPolicy } from "../support/sweeps";
import { candidate, imageId, nameOf, pagesOf, START, sweepBench, type Bench } from "./sweep-bench";

const TWO = policyOf(patchPolicy("stages:\n  - { name: canary, share: 10% }\n  - { name: rest }\n"));
const fleet = (count: number, images: readonly string[] = ["lin"]) =>
  Array.from({ length: count }, (_, index) => candidate(index, images[index % images.length]));

/** The names of all VMs that wait, lane by lane. */
async function queueOf({ deps, sweepId }: Bench): Promise<string[][]> {
  const lanes = new Map<string, string[]>();
  for (const { value } of await deps.store.scan<SweepVmRow>(`policy-sweep:${sweepId}`, "queued:")) {
    const place = `${value.stage} ${value.lane}`;
    const lane = lanes.get(place) ?? [];
    lane.push(nameOf(value.vmId));
    lanes.set(place, lane);
  }
  return [...lanes.values()];
}

const sizesOf = async ({ deps, sweepId }: Bench) =>
  (await deps.policySweeps.head(sweepId))?.value.state?.stages.map(({ vms }) => vms);

test("100,000 VMs: a page of Azure's a turn, the queue in parts, stages by their shares, every VM once", async () => {
  const asked: (string | undefined)[] = [];
  const bench = await sweepBench(TWO, pagesOf(fleet(100_000, ["a", "b", "c"]), asked));
  const turns = await bench.plan();
  // A hundred pages; a thousand chunks in six parts, the first of them with the last page.
  expect(asked).toEqual([undefined, ...Array.from({ length: 99 }, (_, page) => String((page + 1) * 1000))]);
  expect(turns).toBe(105);
  expect(await sizesOf(bench)).toEqual([10_000, 90_000]);
  const lanes = await queueOf(bench);
  expect(lanes.map(({ length }) => length)).toEqual([3334, 3333, 3333, 30_000, 30_000, 30_000]);
  expect(new Set(lanes.flat()).size).toBe(100_000);
  expect(
    lanes
      .slice(0, 3)
      .flat()
      .every((name) => name < "vm-010000"),
  ).toBe(true);
  expect(lanes.every((lane) => lane.every((name, at) => at === 0 || (lane[at - 1] ?? "") < name))).toBe(true);
  // What was found is kept no longer than it is needed.
  expect(await bench.deps.store.scan(`policy-sweep-found:${bench.sweepId}`, "found:")).toEqual([]);
}, 120_000);

test("pages that do not end: the sweep is given up, and a dry run says so", async () => {
  const endless = () => Promise.resolve({ kind: "read", vms: [], skipToken: "more" } as const);
  const detail = "Resource Graph's answer does not end: after 500 pages it names another one";
  const bench = await sweepBench(TWO, endless);
  expect(await bench.plan()).toBe(500);
  const head = (await bench.deps.policySweeps.head(bench.sweepId))?.value;
  expect(head).toMatchObject({ status: { kind: "over" }, failure: { reason: "discovery", detail } });
  const hasty = { now: () => START, at: (_at: number, call: () => void) => (setImmediate(call), () => undefined) };
  expect(await dryRunSweep({ ...bench.deps, clock: hasty }, TWO, "hash")).toEqual({
    kind: "trouble",
    message: detail,
    final: false,
  });
});

test("the VMs that are expected to take longest go first, within their stage", async () => {
  const bench = await sweepBench(TWO, pagesOf(fleet(100, ["quick", "slow", "unknown"])));
  for (const [image, minutes] of [
    ["quick", 5],
    ["slow", 50],
  ] as const) {
    const kind = { operation: "install", imageId: imageId(image), osType: null } as const;
    for (let times = 0; times < 3; times++) await bench.deps.durations.note(kind, minutes * 60_000);
  }
  await bench.plan();
  const queue = bench.deps.policySweeps.queue(bench.sweepId);
  for (const stage of [0, 1]) {
    const lanes = (await queue.lanes(stage)) ?? [];
    expect(lanes.map((lane) => [lane.imageId, lane.expectedMs])).toEqual([
      [imageId("slow"), 3_000_000],
      [imageId("quick"), 300_000],
      [imageId("unknown"), 0],
    ]);
  }
  // The canaries are still the first by id, whatever they take.
  expect((await queueOf(bench)).slice(0, 3).flat().sort()).toEqual(
    Array.from({ length: 10 }, (_, index) => `vm-00000${index}`),
  );
});

describe("a plan that is disturbed is the same plan", () => {
  const vms = fleet(2500, ["a", "b"]);
  const undisturbed = async (of = vms) => {
    const bench = await sweepBench(TWO, pagesOf(of));
    await bench.plan();
    return queueOf(bench);
  };

  test("every part is asked for three times at once", async () => {
    const bench = await sweepBench(TWO, pagesOf(vms));
    const ask = planSweep(bench.deps);
    for (let kind = "wait"; kind === "wait";) {
      const answers = await Promise.all([1, 2, 3].map(() => ask({ sweepId: bench.sweepId })));
      kind = answers.some((answer) => answer.kind === "planned") ? "planned" : "wait";
    }
    expect(await sizesOf(bench)).toEqual([250, 2250]);
    expect(await queueOf(bench)).toEqual(await undisturbed());
  });

  test("the process dies after any write", async () => {
    // Two pages, and chunks in four lanes.
    const few = fleet(1100, ["a", "b"]);
    const expected = await undisturbed(few);
    for (let n = 1; ; n++) {
      const store = new MemoryStore();
      let writes = 0;
      const batch = store.batch.bind(store);
      store.batch = async (partition, operations) => {
        const done = await batch(partition, operations);
        if (++writes === n) throw new Error("the process died");
        return done;
      };
      // The sweep itself takes three writes.
      const bench = await sweepBench(TWO, pagesOf(few), store).catch(() => undefined);
      if (!bench) continue;
      await bench.plan().catch(() => bench.plan());
      expect(await queueOf(bench)).toEqual(expected);
      if (writes < n) return;
    }
  }, 60_000);

  test("a delivery that is late, when the sweep goes on already, queues nobody again", async () => {
    const bench = await sweepBench(TWO, pagesOf(vms));
    const late = await sweepBench(TWO, pagesOf(vms), bench.deps.store);
    // It has read what was found, and hangs until the sweep has moved on.
    const { store } = late.deps;
    await bench.plan();
    const queue = bench.deps.policySweeps.queue(bench.sweepId);
    const { rows } = await queue.head({ stage: 0, lane: 0 }, { vms: 125, from: 0, most: 99 });
    const keys = rows.map(({ key }) => key.slice("queued:".length));
    await queue.move(["queued", "active"], keys, (_key, row) => row);
    await queue.fill(
      { stage: 0, lane: 0 },
      0,
      rows.map(({ value }) => value),
    );
    expect((await store.scan(`policy-sweep:${bench.sweepId}`, "queued:")).length).toBe(2500 - 99);
    expect(await planSweep(late.deps)({ sweepId: late.sweepId })).toEqual({ kind: "planned" });
  });

  test("Azure does not answer for a while: the same page is asked for again, later", async () => {
    const asked: (string | undefined)[] = [];
    const pages = pagesOf(vms, asked);
    let refusals = 2;
    const bench = await sweepBench(TWO, (places, skipToken) => {
      if (skipToken === "1000" && refusals-- > 0) {
        return Promise.resolve({ kind: "unavailable", message: "busy", retryAfterMs: 90_000 });
      }
      return pages(places, skipToken);
    });
    const ask = planSweep(bench.deps);
    await ask({ sweepId: bench.sweepId });
    expect(await ask({ sweepId: bench.sweepId })).toEqual({ kind: "wait", at: "2026-12-01T06:01:30.000Z" });
    await bench.plan();
    expect(asked).toEqual([undefined, "1000", "2000"]);
    expect(await sizesOf(bench)).toEqual([250, 2250]);
  });

  test("it is given up when Azure does not answer for hours", async () => {
    const bench = await sweepBench(TWO, () => Promise.resolve({ kind: "unavailable", message: "no answer" }));
    const ask = planSweep(bench.deps);
    expect((await ask({ sweepId: bench.sweepId })).kind).toBe("wait");
    bench.pass(2 * 3_600_000 + 1);
    expect((await ask({ sweepId: bench.sweepId })).kind).toBe("planned");
    expect((await bench.deps.policySweeps.head(bench.sweepId))?.value.failure).toMatchObject({ detail: "no answer" });
  });
});

describe("a sweep takes no more than it can hold", () => {
  test.each([
    ["VMs", fleet(100_001), /^100001 VMs, more than the 100000 that a sweep takes: name smaller places/],
    [
      "image versions",
      Array.from({ length: 501 }, (_, index) => candidate(index, `image-${index}`)),
      /^VMs of 501 image versions, more than the 500 that a sweep takes/,
    ],
  ])(
    "%s",
    async (_what, vms, detail) => {
      const bench = await sweepBench(TWO, pagesOf(vms));
      await bench.plan();
      const head = (await bench.deps.policySweeps.head(bench.sweepId))?.value;
      expect(head).toMatchObject({ status: { kind: "over" }, failure: { reason: "discovery" } });
      expect(head?.failure?.detail).toMatch(detail);
    },
    60_000,
  );
});
