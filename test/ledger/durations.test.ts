import { describe, expect, test } from "@jest/globals";
import { DurationLedger, type Kind } from "../../src/ledger/durations";
import { MemoryStore } from "../../src/store/memory";

const kind = (changes: Partial<Kind> = {}): Kind => ({
  operation: "install",
  imageId: "gold/1",
  osType: "Linux",
  ...changes,
});

describe("DurationLedger", () => {
  test("tells the image version's own durations once there are enough, else the operating system's", async () => {
    const durations = new DurationLedger(new MemoryStore());
    for (const ms of [1, 2, 3]) await durations.note(kind(), ms);
    for (const ms of [7, 8]) await durations.note(kind({ imageId: "gold/2" }), ms);

    expect(await durations.of(kind(), 3)).toEqual([1, 2, 3]);
    expect(await durations.of(kind({ imageId: "gold/2" }), 3)).toEqual([1, 2, 3, 7, 8]);
    expect(await durations.of(kind({ imageId: null }), 3)).toEqual([1, 2, 3, 7, 8]);
    expect(await durations.of(kind(), 6)).toEqual([]);
  });

  test("keeps operations, operating systems and VMs of which neither is known apart", async () => {
    const durations = new DurationLedger(new MemoryStore());
    await durations.note(kind({ imageId: null }), 5);
    await durations.note(kind({ imageId: null, osType: null }), 6);

    expect(await durations.of(kind({ operation: "assess" }), 1)).toEqual([]);
    expect(await durations.of(kind({ osType: "Windows" }), 1)).toEqual([]);
    expect(await durations.of(kind({ imageId: null, osType: null }), 0)).toEqual([]);
    expect(await durations.of(kind(), 1)).toEqual([5]);
  });

  test("forgets the oldest beyond 64", async () => {
    const durations = new DurationLedger(new MemoryStore());
    for (let ms = 1; ms <= 70; ms++) await durations.note(kind(), ms);
    expect(await durations.of(kind(), 8)).toEqual(Array.from({ length: 64 }, (_, index) => index + 7));
  });

  test("of a crowd that writes at once some are lost, and nobody is held up", async () => {
    const durations = new DurationLedger(new MemoryStore());
    await Promise.all(Array.from({ length: 30 }, (_, ms) => durations.note(kind(), ms)));
    const kept = await durations.of(kind(), 1);
    expect(kept.length).toBeGreaterThan(0);
    expect(new Set(kept).size).toBe(kept.length);
  });
});
