import { describe, expect, test } from "@jest/globals";
import { ActiveRuns } from "../../src/ledger/active-runs";
import { MemoryStore } from "../../src/store/memory";
import type { RowValue, StoredRow } from "../../src/store/store";

const runs = (count: number) => Array.from({ length: count }, (_, index) => `run-${index}`);
const enterAll = (active: ActiveRuns, runIds: readonly string[]) =>
  Promise.all(runIds.map((runId) => active.enter(runId)));

class CountingStore extends MemoryStore {
  scans = 0;

  override scan<T extends RowValue>(partition: string, prefix: string): Promise<StoredRow<T>[]> {
    this.scans++;
    return super.scan<T>(partition, prefix);
  }
}

describe("the slots of active runs", () => {
  test.each([1, 7, 50, 200])("hold %d runs and never one more when two hundred enter at a time", async (limit) => {
    const active = new ActiveRuns(new MemoryStore(), limit);
    const entered = await enterAll(active, runs(200));
    const inside = runs(200).filter((_, index) => entered[index]);
    expect(inside).toHaveLength(limit);
    expect((await active.runIds()).sort()).toEqual([...inside].sort());
  });

  test("know a run that has a slot already, and give it no second one", async () => {
    const active = new ActiveRuns(new MemoryStore(), 2);
    expect(await active.enter("run-1")).toBe(true);
    expect(await active.enter("run-1")).toBe(true);
    expect(await active.runIds()).toEqual(["run-1"]);
    expect(await enterAll(active, ["run-2", "run-3"])).toContain(true);
    expect(await active.enter("run-1")).toBe(true);
  });

  test("are refused when all are taken, and given again once a run left", async () => {
    const active = new ActiveRuns(new MemoryStore(), 2);
    await enterAll(active, ["run-1", "run-2"]);
    expect(await active.enter("run-3")).toBe(false);
    await active.leave("run-1");
    expect(await active.enter("run-3")).toBe(true);
    expect((await active.runIds()).sort()).toEqual(["run-2", "run-3"]);
  });

  test("are not touched by a run that leaves without one, or twice", async () => {
    const active = new ActiveRuns(new MemoryStore(), 2);
    await active.enter("run-1");
    await active.leave("run-2");
    expect(await active.runIds()).toEqual(["run-1"]);
    await active.leave("run-1");
    await active.leave("run-1");
    expect(await active.runIds()).toEqual([]);
  });

  test("are all given back when a run had entered twice at a time", async () => {
    const active = new ActiveRuns(new MemoryStore(), 5);
    await enterAll(active, ["run-1", "run-1", "run-1"]);
    await active.leave("run-1");
    expect(await active.runIds()).toEqual([]);
    expect(await enterAll(active, runs(5))).toEqual([true, true, true, true, true]);
  });

  test("never exceed the limit while runs come and go", async () => {
    const active = new ActiveRuns(new MemoryStore(), 10);
    const most: number[] = [];
    const visit = async (runId: string): Promise<void> => {
      if (!(await active.enter(runId))) return;
      most.push((await active.runIds()).length);
      await active.leave(runId);
    };
    await Promise.all(runs(200).map(visit));
    expect(Math.max(...most)).toBeLessThanOrEqual(10);
    expect(most.length).toBeGreaterThanOrEqual(10);
    expect(await active.runIds()).toEqual([]);
  });

  test("are not all read while a run finds a free one, nor when it leaves", async () => {
    const store = new CountingStore();
    const active = new ActiveRuns(store, 1000);
    await enterAll(active, runs(300));
    for (const runId of runs(300)) await active.leave(runId);
    expect(store.scans).toBe(0);
    await enterAll(active, runs(1000));
    store.scans = 0;
    expect(await active.enter("one-more")).toBe(false);
    expect(store.scans).toBe(1);
  });

  test("survive a restart, and a lower limit lets nobody in until enough have left", async () => {
    const store = new MemoryStore();
    await enterAll(new ActiveRuns(store, 3), runs(3));
    const restarted = new ActiveRuns(store, 1);
    expect((await restarted.runIds()).sort()).toEqual(runs(3));
    expect(await restarted.enter("run-9")).toBe(false);
    for (const runId of runs(3)) await restarted.leave(runId);
    expect(await restarted.enter("run-9")).toBe(true);
  });
});
