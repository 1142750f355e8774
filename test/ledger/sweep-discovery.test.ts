import { describe, expect, test } from "@jest/globals";
import { SweepDiscovery, type FoundVm } from "../../src/ledger/sweep-discovery";
import { MemoryStore } from "../../src/store/memory";

const vms = (page: number, count: number): FoundVm[] =>
  Array.from({ length: count }, (_, index) => ({
    vmId: `/vm-${page}-${index}`,
    imageId: index % 3 === 0 ? null : `image-${index % 3}`,
    osType: index % 2 === 0 ? "Linux" : null,
    stages: index % 5 === 0 ? [0, 1] : [1],
  }));

describe("what a discovery has read", () => {
  test("is all of its pages, in their order", async () => {
    const discovery = new SweepDiscovery(new MemoryStore(), "sweep");
    expect(await discovery.pages()).toEqual([]);
    await discovery.keep(0, vms(0, 250), "next");
    await discovery.keep(1, [], "after");
    await discovery.keep(2, vms(2, 1), undefined);
    const pages = await discovery.pages();
    expect(pages).toEqual([{ vms: 250, skipToken: "next" }, { vms: 0, skipToken: "after" }, { vms: 1 }]);
    expect(await discovery.vms(pages)).toEqual([...vms(0, 250), ...vms(2, 1)]);
  });

  test("stays when a page is kept again, for Azure may answer another one by then", async () => {
    const discovery = new SweepDiscovery(new MemoryStore(), "sweep");
    await discovery.keep(0, vms(0, 250), "next");
    await discovery.keep(0, vms(7, 350), undefined);
    const pages = await discovery.pages();
    expect(pages).toEqual([{ vms: 250, skipToken: "next" }]);
    expect(await discovery.vms(pages)).toEqual(vms(0, 250));
  });

  test("is not told by halves: VMs that are being forgotten stand in the queue", async () => {
    const store = new MemoryStore();
    const discovery = new SweepDiscovery(store, "sweep");
    await discovery.keep(0, vms(0, 250), undefined);
    const pages = await discovery.pages();
    const row = await store.get("policy-sweep-found:sweep", "found:0000:01");
    if (row) await store.batch(row.partition, [{ kind: "delete", key: row.key, etag: row.etag }]);
    expect(await discovery.vms(pages)).toBeUndefined();
    await discovery.forgetVms();
    expect(await discovery.vms(pages)).toBeUndefined();
    expect(await discovery.pages()).toEqual(pages);
    await discovery.forget();
    expect(await discovery.pages()).toEqual([]);
  });

  test("comes in pages that one batch takes", async () => {
    const discovery = new SweepDiscovery(new MemoryStore(), "sweep");
    await expect(discovery.keep(0, vms(0, 9901), undefined)).rejects.toThrow(
      new RangeError("a page of 9901 VMs: give at most 9900"),
    );
    await discovery.keep(0, vms(0, 9900), undefined);
    expect(await discovery.pages()).toEqual([{ vms: 9900 }]);
  });
});
