import { describe, expect, test } from "@jest/globals";
import type { RunRequest } from "../../src/contracts/run";
import { EndedRuns } from "../../src/ledger/ended-runs";
import { hourOf, startOfHour } from "../../src/ledger/hours";
import { httpRunId, shardOf, shards } from "../../src/ledger/keys";
import { OpenRuns } from "../../src/ledger/open-runs";
import { MemoryStore } from "../../src/store/memory";

const VM =
  "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm";
const NOW = Date.parse("2026-11-24T05:59:59.999Z");
const request = (cause: string): RunRequest => ({
  runId: httpRunId(VM, cause),
  vmId: VM,
  mode: "patch",
  trigger: "http",
  requestedAt: "2026-11-24T05:00:00.000Z",
});

describe("shares of an index", () => {
  test("are as many as there are names, and evenly filled", () => {
    const counts = new Map(shards.map((shard) => [shard, 0]));
    for (let index = 0; index < 6400; index++) {
      const shard = shardOf(`run-${index}`);
      counts.set(shard, (counts.get(shard) ?? Number.NaN) + 1);
    }
    expect(counts.size).toBe(64);
    expect([...counts.values()].filter((count) => !(count > 50 && count < 160))).toEqual([]);
  });
});

describe("the index of open runs", () => {
  test("keeps the first word of each run, in one share, until it is removed", async () => {
    const open = new OpenRuns(new MemoryStore());
    const runs = ["a", "b", "c"].map(request);
    for (const run of runs) await open.add(run, NOW);
    await open.add(request("a"), NOW + 1);
    const rows = (await Promise.all(shards.map((shard) => open.inShard(shard)))).flat();
    const byRun = (a: { request: RunRequest }, b: { request: RunRequest }) =>
      a.request.runId < b.request.runId ? -1 : 1;
    expect(rows.map(({ value }) => value).sort(byRun)).toEqual(
      runs.map((each) => ({ request: each, since: NOW })).sort(byRun),
    );
    const shard = shardOf(request("b").runId);
    expect((await open.inShard(shard)).map(({ value }) => value.request.runId)).toContain(request("b").runId);
    await open.remove(request("b").runId);
    await open.remove(request("b").runId);
    expect((await open.inShard(shard)).map(({ value }) => value.request.runId)).not.toContain(request("b").runId);
  });
});

describe("the index of ended runs", () => {
  test("has a run under the hour of its end", async () => {
    const ended = new EndedRuns(new MemoryStore());
    const { runId } = request("a");
    await ended.note({ runId, vmId: VM }, NOW);
    await ended.note({ runId, vmId: VM }, NOW);
    const rows = await ended.inShard("2026-11-24T05", shardOf(runId));
    expect(rows.map(({ value }) => value)).toEqual([{ runId, vmId: VM }]);
    expect(await ended.inShard("2026-11-24T06", shardOf(runId))).toEqual([]);
    expect(await ended.remove("2026-11-24T05", rows)).toBe(true);
    expect(await ended.inShard("2026-11-24T05", shardOf(runId))).toEqual([]);
    expect(await ended.remove("2026-11-24T05", rows)).toBe(false);
  });
});

test("hours begin with their first millisecond and sort as their names do", () => {
  expect(hourOf(NOW)).toBe("2026-11-24T05");
  expect(hourOf(NOW + 1)).toBe("2026-11-24T06");
  expect(startOfHour("2026-11-24T06")).toBe(NOW + 1);
  const hours = Array.from({ length: 1000 }, (_, index) => hourOf(NOW + index * 3_600_000));
  expect([...hours].sort()).toEqual(hours);
});
