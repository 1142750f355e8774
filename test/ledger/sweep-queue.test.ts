import { describe, expect, test } from "@jest/globals";
import { CHUNK_VMS, keyOf, SweepQueue, vmKey, type LanePlace, type SweepVmRow } from "../../src/ledger/sweep-queue";
import { MemoryStore } from "../../src/store/memory";

const first: LanePlace = { stage: 0, lane: 0 };
const other: LanePlace = { stage: 0, lane: 1 };
const rowsOf = (place: LanePlace, count: number): SweepVmRow[] =>
  Array.from({ length: count }, (_, index) => ({ vmId: `/vm-${place.lane}-${index}`, imageId: null, ...place }));

async function filled(...counts: readonly number[]) {
  const store = new MemoryStore();
  const queue = new SweepQueue(store, "sweep");
  for (const [lane, count] of counts.entries()) {
    const place = { stage: 0, lane };
    const rows = rowsOf(place, count);
    for (let chunk = 0; chunk * CHUNK_VMS < count; chunk++) {
      await queue.fill(place, chunk, rows.slice(chunk * CHUNK_VMS, (chunk + 1) * CHUNK_VMS));
    }
  }
  return { store, queue };
}

const keys = (place: LanePlace, from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => vmKey(place, from + index));
const moved = (_key: string, row: SweepVmRow) => ({ ...row, moved: true });

describe("the head of a lane", () => {
  test("is its first VMs in their order, of this lane alone", async () => {
    const { queue } = await filled(250, 3);
    const { rows, from } = await queue.head(first, { vms: 250, from: 0, most: 120 });
    expect(rows.map(({ value }) => value)).toEqual(rowsOf(first, 120));
    expect(from).toBe(0);
    expect((await queue.head(other, { vms: 3, from: 0, most: 9 })).rows.map(keyOf)).toEqual(keys(other, 0, 3));
  });

  test("is read a chunk at a time, and chunks that are empty only once", async () => {
    const { store, queue } = await filled(400);
    await queue.move(["queued", "active"], keys(first, 0, 205), moved);
    let scans = 0;
    const scan = store.scan.bind(store);
    store.scan = (partition, prefix) => {
      scans++;
      return scan(partition, prefix);
    };
    const head = await queue.head(first, { vms: 400, from: 0, most: 5 });
    expect(head.rows.map(keyOf)).toEqual(keys(first, 205, 210));
    expect([head.from, scans]).toEqual([2, 3]);
    await queue.head(first, { vms: 400, from: head.from, most: 5 });
    expect(scans).toBe(4);
  });

  test("ends where the lane ends", async () => {
    const { queue } = await filled(CHUNK_VMS + 1);
    await queue.move(["queued", "done"], keys(first, 0, CHUNK_VMS + 1), moved);
    expect(await queue.head(first, { vms: CHUNK_VMS + 1, from: 0, most: 5 })).toEqual({ rows: [], from: 2 });
  });
});

describe("what is written once", () => {
  test("a chunk: whoever is late queues nobody again", async () => {
    const { queue } = await filled(3);
    await queue.move(["queued", "done"], keys(first, 0, 3), moved);
    await queue.fill(first, 0, rowsOf(first, 3));
    expect((await queue.head(first, { vms: 3, from: 0, most: 3 })).rows).toEqual([]);
    expect(queue.isFilled(await queue.filled(), first, 0)).toBe(true);
    expect(queue.isFilled(await queue.filled(), first, 1)).toBe(false);
  });

  test("the lanes of a stage: the first order stays", async () => {
    const { queue } = await filled();
    const lane = { imageId: "a", osType: "Linux", vms: 1, expectedMs: 5 };
    expect(await queue.lanes(0)).toBeUndefined();
    await queue.layOut(0, [lane]);
    expect(await queue.layOut(0, [{ ...lane, expectedMs: 7 }, lane])).toEqual([lane]);
  });
});

describe("a move", () => {
  test("takes each VM once, whoever moves at the same time, and leaves the others", async () => {
    const { queue } = await filled(130);
    const wanted = keys(first, 0, 120);
    const move = () => queue.move(["queued", "active"], wanted, moved);
    await Promise.all([move(), move(), move()]);
    await move();
    expect((await queue.active()).map(keyOf)).toEqual(wanted);
    expect((await queue.head(first, { vms: 130, from: 0, most: 99 })).rows).toHaveLength(10);
    await queue.move(["active", "done"], wanted.slice(0, 1), moved);
    expect((await queue.done()).map(({ key }) => key)).toEqual(["done:00:0000:0000:00"]);
  });

  test("of nobody asks nothing", async () => {
    const { queue } = await filled(1);
    await queue.move(["queued", "active"], [], moved);
    expect(await queue.active()).toEqual([]);
  });
});
