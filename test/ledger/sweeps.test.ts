import { expect, test } from "@jest/globals";
import { SweepLedger } from "../../src/ledger/sweeps";
import { MemoryStore } from "../../src/store/memory";

test("a sweep that released all its runs is known by its id, and no other", async () => {
  const sweeps = new SweepLedger(new MemoryStore());
  expect(await sweeps.isReleased("sweep-1")).toBe(false);
  await sweeps.markReleased("sweep-1", "2026-11-23T10:00:00.000Z");
  await sweeps.markReleased("sweep-1", "2026-11-23T11:00:00.000Z");
  expect(await sweeps.isReleased("sweep-1")).toBe(true);
  expect(await sweeps.isReleased("sweep-10")).toBe(false);
});
