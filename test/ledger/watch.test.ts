import { describe, expect, test } from "@jest/globals";
import { Watch } from "../../src/ledger/watch";
import { MemoryStore } from "../../src/store/memory";

const MINUTE = 60_000;

describe("the watchdog looks on", () => {
  test("since its first tick, as long as no pause is longer than half an hour", async () => {
    const watch = new Watch(new MemoryStore());
    expect(await watch.tick(1000)).toBe(1000);
    expect(await watch.tick(1000 + 5 * MINUTE)).toBe(1000);
    expect(await watch.tick(1000 + 35 * MINUTE)).toBe(1000);
    expect(await watch.tick(1001 + 65 * MINUTE)).toBe(1001 + 65 * MINUTE);
    expect(await watch.tick(1001 + 66 * MINUTE)).toBe(1001 + 65 * MINUTE);
  });

  test("although an earlier tick of a slow process comes later", async () => {
    const watch = new Watch(new MemoryStore());
    await watch.tick(0);
    await watch.tick(20 * MINUTE);
    await watch.tick(10 * MINUTE);
    expect(await watch.tick(45 * MINUTE)).toBe(0);
  });
});

test("a round is taken up where it was left", async () => {
  const watch = new Watch(new MemoryStore());
  expect(await watch.round()).toBeUndefined();
  await watch.leaveRound({ shard: 3, oldestSince: 77 });
  await watch.leaveRound({ shard: 9, oldestSince: 55 });
  expect(await watch.round()).toEqual({ shard: 9, oldestSince: 55 });
});

test("hours go forward only, each work's for itself", async () => {
  const watch = new Watch(new MemoryStore());
  expect(await watch.hour("retention", "2026-11-24T05")).toBe("2026-11-24T05");
  expect(await watch.hour("retention", "2026-11-24T09")).toBe("2026-11-24T05");
  await watch.advance("retention", "2026-11-24T07");
  await watch.advance("retention", "2026-11-24T06");
  expect(await watch.hour("retention", "2026-11-24T05")).toBe("2026-11-24T07");
  expect(await watch.hour("history", "2026-11-24T05")).toBe("2026-11-24T05");
});
