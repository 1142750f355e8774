import { describe, expect, test } from "@jest/globals";
import { MemoryStore } from "../../src/store/memory";
import { remove, removeAll } from "../../src/store/remove";

async function storeOf(count: number): Promise<MemoryStore> {
  const store = new MemoryStore();
  for (let index = 0; index < count; index++) await store.insertIfAbsent("p", `key-${index}`, { index });
  return store;
}

describe("rows are removed", () => {
  test("many of them, in batches that a table takes", async () => {
    const store = await storeOf(250);
    const sizes: number[] = [];
    const batch = store.batch.bind(store);
    store.batch = (partition, operations) => {
      sizes.push(operations.length);
      return batch(partition, operations);
    };
    expect(await removeAll(store, "p", await store.scan("p", ""))).toBe(true);
    expect(await store.scan("p", "")).toEqual([]);
    expect(sizes).toEqual([100, 100, 50]);
  });

  test("none of them, without asking the store", async () => {
    const store = await storeOf(0);
    store.batch = () => Promise.reject(new Error("an empty batch is refused by tables"));
    expect(await removeAll(store, "p", [])).toBe(true);
  });

  test("but not those that changed since they were read, nor what shares their batch", async () => {
    const store = await storeOf(101);
    const rows = await store.scan("p", "");
    const [first] = rows;
    if (!first) throw new Error("no row");
    await store.replaceIfMatch(first, { index: -1 });
    expect(await removeAll(store, "p", rows)).toBe(false);
    expect(await store.scan("p", "")).toHaveLength(100);
  });
});

describe("one row is removed", () => {
  test("whatever it holds by now", async () => {
    const store = await storeOf(2);
    const batch = store.batch.bind(store);
    let raced = false;
    store.batch = async (partition, operations) => {
      const row = await store.get("p", "key-0");
      if (!raced && row) {
        raced = true;
        await batch("p", [{ kind: "replace", key: "key-0", etag: row.etag, value: { index: 9 } }]);
      }
      return batch(partition, operations);
    };
    await remove(store, "p", "key-0");
    expect(raced).toBe(true);
    expect((await store.scan("p", "")).map(({ key }) => key)).toEqual(["key-1"]);
  });

  test("or is not there", async () => {
    const store = await storeOf(1);
    await remove(store, "p", "key-7");
    expect(await store.scan("p", "")).toHaveLength(1);
  });
});
