import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, describe, expect, test } from "@jest/globals";
import { SqliteStore } from "../../src/store/sqlite";
import { describeStore } from "./store-contract";

const folder = mkdtempSync(path.join(tmpdir(), "goldpatch-sqlite-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newFile = (): string => path.join(folder, `store-${++files}.db`);

const open = new Set<SqliteStore>();
function openStore(file: string): SqliteStore {
  const store = SqliteStore.open(file);
  open.add(store);
  return store;
}
function close(store: SqliteStore): void {
  open.delete(store);
  store.close();
}
afterEach(() => {
  for (const store of open) close(store);
});

describeStore("SqliteStore in a file", () => openStore(newFile()));
describeStore("SqliteStore in memory", () => openStore(":memory:"));

describe("SqliteStore", () => {
  test("keeps its rows and their etags for the next process", async () => {
    const file = newFile();
    const first = openStore(file);
    await first.insertIfAbsent("p", "a", { text: "kept" });
    const before = await first.get("p", "a");
    close(first);
    const second = openStore(file);
    expect(await second.get("p", "a")).toEqual(before);
    if (before) expect(await second.replaceIfMatch(before, { text: "changed" })).toBe(true);
  });

  test("never gives an etag again, not even to a row that was inserted anew after a restart", async () => {
    const file = newFile();
    const first = openStore(file);
    await first.insertIfAbsent("p", "a", { text: "same" });
    const old = await first.get("p", "a");
    if (!old) throw new Error("no row");
    await first.batch("p", [{ kind: "delete", key: "a", etag: old.etag }]);
    close(first);
    const second = openStore(file);
    await second.insertIfAbsent("p", "a", { text: "same" });
    expect(await second.replaceIfMatch(old, { text: "late" })).toBe(false);
    expect((await second.get("p", "a"))?.value).toEqual({ text: "same" });
  });
});
