import { beforeEach, describe, expect, test } from "@jest/globals";
import { LARGEST_BATCH, LONGEST_KEY, LONGEST_VALUE } from "../../src/store/limits";
import { update, type BatchOperation, type Store, type StoredRow } from "../../src/store/store";

interface Value {
  readonly text: string;
}
const value = (text: string): Value => ({ text });

/** Keys that a table, a query language or a file system may stumble over; Azure Tables forbids some of them in keys. */
const oddKeys = [
  "a b",
  " ",
  "it's",
  'say "hi"',
  "100%",
  "under_score",
  "star*",
  "back\\slash",
  "slash/ed",
  "question?",
  "hash#",
  "tab\tbed",
  "line\nbroken",
  "semi;colon--",
  "café",
  "日本",
  "😀",
  "a",
  "A",
  "__proto__",
  "k".repeat(300),
];

/**
 * What every store promises, whatever keeps its rows.
 * @param create makes an empty store, before each test
 * @param changes to one row at a time: each is tried again after every other, so their cost grows with the square
 */
export function describeStore(name: string, create: () => Store | Promise<Store>, changes = 50): void {
  describe(`${name} as a store`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await create();
    });

    const read = async (key: string, partition = "p"): Promise<StoredRow<Value>> => {
      const row = await store.get<Value>(partition, key);
      if (!row) throw new Error(`no row ${partition}/${key}`);
      return row;
    };
    const contents = async (prefix = "", partition = "p"): Promise<[string, string][]> =>
      (await store.scan<Value>(partition, prefix)).map((row) => [row.key, row.value.text]);
    const insert = (...keys: readonly string[]) =>
      Promise.all(keys.map((key) => store.insertIfAbsent("p", key, value(key))));

    describe("get", () => {
      test("answers undefined for a row that is not there", async () => {
        await insert("a");
        expect(await store.get("p", "b")).toBeUndefined();
        expect(await store.get("q", "a")).toBeUndefined();
      });

      test("answers partition, key, value and etag", async () => {
        await insert("a");
        const row = await read("a");
        expect(row).toEqual({ partition: "p", key: "a", value: value("a"), etag: row.etag });
        expect(row.etag).not.toBe("");
      });

      test("answers the same etag until the row is written", async () => {
        await insert("a", "b");
        const { etag } = await read("a");
        await store.replaceIfMatch(await read("b"), value("changed"));
        expect((await read("a")).etag).toBe(etag);
      });
    });

    describe("insertIfAbsent", () => {
      test("keeps the first value", async () => {
        expect(await store.insertIfAbsent("p", "a", value("first"))).toBe(true);
        expect(await store.insertIfAbsent("p", "a", value("second"))).toBe(false);
        expect((await read("a")).value).toEqual(value("first"));
      });

      test("tells partitions apart", async () => {
        expect(await store.insertIfAbsent("p", "a", value("in p"))).toBe(true);
        expect(await store.insertIfAbsent("q", "a", value("in q"))).toBe(true);
        expect((await read("a", "p")).value).toEqual(value("in p"));
        expect((await read("a", "q")).value).toEqual(value("in q"));
      });

      test("has one winner among fifty at a time", async () => {
        const tries = Array.from({ length: 50 }, (_, index) => store.insertIfAbsent("p", "a", value(String(index))));
        const won = (await Promise.all(tries)).flatMap((inserted, index) => (inserted ? [String(index)] : []));
        expect(won).toHaveLength(1);
        expect((await read("a")).value).toEqual(value(won.join()));
      });
    });

    describe("replaceIfMatch", () => {
      test("replaces the row as read, and changes its etag", async () => {
        await insert("a");
        const row = await read("a");
        expect(await store.replaceIfMatch(row, value("new"))).toBe(true);
        const replaced = await read("a");
        expect(replaced.value).toEqual(value("new"));
        expect(replaced.etag).not.toBe(row.etag);
      });

      test("refuses a row that changed since, even to the same value", async () => {
        await insert("a");
        const row = await read("a");
        await store.replaceIfMatch(row, row.value);
        expect(await store.replaceIfMatch(row, value("late"))).toBe(false);
        expect((await read("a")).value).toEqual(value("a"));
      });

      test("refuses a row that is gone, and one that was inserted anew", async () => {
        await insert("a");
        const row = await read("a");
        await store.batch("p", [{ kind: "delete", key: "a", etag: row.etag }]);
        expect(await store.replaceIfMatch(row, value("late"))).toBe(false);
        expect(await store.get("p", "a")).toBeUndefined();
        await insert("a");
        expect(await store.replaceIfMatch(row, value("late"))).toBe(false);
        expect((await read("a")).value).toEqual(value("a"));
      });

      test("has one winner among fifty at a time", async () => {
        await insert("a");
        const row = await read("a");
        const tries = Array.from({ length: 50 }, (_, index) => store.replaceIfMatch(row, value(String(index))));
        const won = (await Promise.all(tries)).flatMap((replaced, index) => (replaced ? [String(index)] : []));
        expect(won).toHaveLength(1);
        expect((await read("a")).value).toEqual(value(won.join()));
      });
    });

    describe("scan", () => {
      test("answers nothing from a partition that is not there", async () => {
        expect(await store.scan("nowhere", "")).toEqual([]);
      });

      test("answers by key, whatever the order of writing", async () => {
        const keys = ["b:2", "a:10", "c", "a:2", "a", "b:1"];
        for (const key of keys) await insert(key);
        expect((await contents()).map(([key]) => key)).toEqual(["a", "a:10", "a:2", "b:1", "b:2", "c"]);
      });

      test("answers the keys that begin with the prefix, in this very case, and of this partition", async () => {
        await insert("run:1", "run:2", "run", "runs:1", "RUN:3", "a run:4");
        await store.insertIfAbsent("q", "run:5", value("elsewhere"));
        expect((await contents("run:")).map(([key]) => key)).toEqual(["run:1", "run:2"]);
        expect((await contents("run:1")).map(([key]) => key)).toEqual(["run:1"]);
        expect(await contents("run:12")).toEqual([]);
      });

      test.each(["%", "_", "*", "?", "[", "'", "\\"])("takes %j in a prefix for itself", async (character) => {
        await insert(`x${character}1`, "xy1", "xyz1");
        expect((await contents(`x${character}`)).map(([key]) => key)).toEqual([`x${character}1`]);
      });

      test("answers rows that can be replaced", async () => {
        await insert("a");
        for (const row of await store.scan<Value>("p", "")) await store.replaceIfMatch(row, value("replaced"));
        expect(await contents()).toEqual([["a", "replaced"]]);
      });

      test("answers every row of a partition with more than a thousand", async () => {
        const keys = Array.from({ length: 1_050 }, (_, index) => `row:${String(index).padStart(4, "0")}`);
        for (let from = 0; from < keys.length; from += LARGEST_BATCH) {
          const rows = keys.slice(from, from + LARGEST_BATCH);
          await store.batch(
            "p",
            rows.map((key) => ({ kind: "insert", key, value: value(key) })),
          );
        }
        expect((await contents("row:")).map(([key]) => key)).toEqual(keys);
      });
    });

    describe("batch", () => {
      test("inserts, replaces and deletes together", async () => {
        await insert("replaced", "deleted", "untouched");
        const [replaced, deleted] = [await read("replaced"), await read("deleted")];
        const done = await store.batch("p", [
          { kind: "insert", key: "inserted", value: value("new") },
          { kind: "replace", key: "replaced", etag: replaced.etag, value: value("changed") },
          { kind: "delete", key: "deleted", etag: deleted.etag },
        ]);
        expect(done).toBe(true);
        expect(await contents()).toEqual([
          ["inserted", "new"],
          ["replaced", "changed"],
          ["untouched", "untouched"],
        ]);
      });

      test.each<[string, (stale: StoredRow<Value>) => BatchOperation]>([
        ["an insert of a row that is there", () => ({ kind: "insert", key: "taken", value: value("lost") })],
        [
          "a replace of a row that changed",
          ({ etag }) => ({ kind: "replace", key: "stale", etag, value: value("lost") }),
        ],
        [
          "a replace of a row that is not there",
          ({ etag }) => ({ kind: "replace", key: "none", etag, value: value("lost") }),
        ],
        ["a delete of a row that changed", ({ etag }) => ({ kind: "delete", key: "stale", etag })],
        ["a delete of a row that is not there", ({ etag }) => ({ kind: "delete", key: "none", etag })],
      ])("does nothing at all because of %s, first or last", async (_, losing) => {
        await insert("taken", "stale", "kept", "deleted");
        const stale = await read("stale");
        await store.replaceIfMatch(stale, value("changed"));
        const before = await store.scan("p", "");
        const winning: BatchOperation[] = [
          { kind: "insert", key: "inserted", value: value("new") },
          { kind: "replace", key: "kept", etag: (await read("kept")).etag, value: value("lost") },
          { kind: "delete", key: "deleted", etag: (await read("deleted")).etag },
        ];
        expect(await store.batch("p", [losing(stale), ...winning])).toBe(false);
        expect(await store.batch("p", [...winning, losing(stale)])).toBe(false);
        expect(await store.scan("p", "")).toEqual(before);
      });

      test("gives every row that it writes an etag for the next write", async () => {
        await store.batch("p", [
          { kind: "insert", key: "a", value: value("a") },
          { kind: "insert", key: "b", value: value("b") },
        ]);
        const [a, b] = [await read("a"), await read("b")];
        const next: BatchOperation[] = [a, b].map(({ key, etag }) => ({
          kind: "replace",
          key,
          etag,
          value: value("c"),
        }));
        expect(await store.batch("p", next)).toBe(true);
        expect(await store.batch("p", next)).toBe(false);
      });

      test("takes a hundred rows and not one more", async () => {
        const rows = Array.from({ length: LARGEST_BATCH + 1 }, (_, index): BatchOperation => {
          return { kind: "insert", key: String(index), value: value("") };
        });
        expect(rows).toHaveLength(101);
        await expect(store.batch("p", rows)).rejects.toThrow("a batch of 101 rows exceeds 100");
        expect(await store.scan("p", "")).toEqual([]);
        expect(await store.batch("p", rows.slice(1))).toBe(true);
        expect(await store.scan("p", "")).toHaveLength(100);
      });

      test("refuses to write a row twice, as an entity group transaction does", async () => {
        const twice: BatchOperation[] = [
          { kind: "insert", key: "a", value: value("first") },
          { kind: "insert", key: "a", value: value("second") },
        ];
        await expect(store.batch("p", twice)).rejects.toThrow('a batch names the row "a" twice');
        expect(await store.scan("p", "")).toEqual([]);
      });

      test("of nothing is done", async () => {
        expect(await store.batch("p", [])).toBe(true);
      });

      test("has one winner among fifty that want the same row", async () => {
        const tries = Array.from({ length: 50 }, (_, index) =>
          store.batch("p", [
            { kind: "insert", key: "shared", value: value(String(index)) },
            { kind: "insert", key: `own:${String(index).padStart(2, "0")}`, value: value(String(index)) },
          ]),
        );
        const won = (await Promise.all(tries)).flatMap((done, index) => (done ? [String(index).padStart(2, "0")] : []));
        expect(won).toHaveLength(1);
        expect(await contents("own:")).toEqual(won.map((index) => [`own:${index}`, String(Number(index))]));
      });
    });

    describe("values", () => {
      const nested = {
        text: "ü\u0000'\"\n",
        number: -1.5,
        nothing: null,
        yes: true,
        list: [1, { deep: ["x"] }],
        empty: {},
      };

      test("come back as they were", async () => {
        await store.insertIfAbsent("p", "a", nested);
        expect((await store.get("p", "a"))?.value).toEqual(nested);
      });

      test("are copies: neither what was written nor what was read changes the row", async () => {
        const written = { list: ["kept"] };
        await store.insertIfAbsent("p", "a", written);
        written.list.push("added by the writer");
        const got = await store.get<typeof written>("p", "a");
        got?.value.list.push("added by a reader");
        const [scanned] = await store.scan<typeof written>("p", "a");
        scanned?.value.list.push("added by another reader");
        expect((await store.get("p", "a"))?.value).toEqual({ list: ["kept"] });
      });

      test("may be many times as long as a pair of signed operation addresses", async () => {
        const long = value("x".repeat(30_000));
        await store.insertIfAbsent("p", "a", long);
        expect((await read("a")).value).toEqual(long);
      });
    });

    describe("keys", () => {
      test.each(oddKeys)("may be %j", async (key) => {
        expect(await store.insertIfAbsent("p", key, value("first"))).toBe(true);
        expect(await store.insertIfAbsent("p", key, value("again"))).toBe(false);
        expect(await store.replaceIfMatch(await read(key), value("second"))).toBe(true);
        expect(await contents(key)).toEqual([[key, "second"]]);
        expect(await store.batch("p", [{ kind: "delete", key, etag: (await read(key)).etag }])).toBe(true);
        expect(await store.get("p", key)).toBeUndefined();
      });

      test("that look alike are told apart", async () => {
        await insert(...oddKeys);
        const rows = await contents();
        expect(new Map(rows)).toEqual(new Map(oddKeys.map((key) => [key, key])));
        expect(rows).toHaveLength(oddKeys.length);
      });

      test.each(oddKeys)("of partitions may be %j", async (partition) => {
        await store.insertIfAbsent(partition, "a", value("here"));
        expect(await contents("", partition)).toEqual([["a", "here"]]);
        expect(await contents()).toEqual([]);
      });
    });

    describe("limits, the same in every store", () => {
      const key = "k".repeat(LONGEST_KEY);

      test("a key may have 512 characters, as a row's and as a partition's", async () => {
        expect(await store.insertIfAbsent(key, key, value("kept"))).toBe(true);
        expect(await contents(key, key)).toEqual([[key, "kept"]]);
      });

      test.each([
        ["of 513 characters", `${key}k`, "exceeds 512 characters: it is written with 513"],
        ["of 103 slashes, which take five characters each", "/".repeat(103), "it is written with 515"],
        ["that ends in half a surrogate pair", "half \ud83d", "holds half a character"],
      ])("no key may be one %s", async (_, bad, problem) => {
        await expect(store.insertIfAbsent("p", bad, value("a"))).rejects.toThrow(RangeError);
        await expect(store.insertIfAbsent("p", bad, value("a"))).rejects.toThrow(problem);
        await expect(store.insertIfAbsent(bad, "a", value("a"))).rejects.toThrow(problem);
        expect(await store.get("p", bad)).toBeUndefined();
        expect(await store.get(bad, "a")).toBeUndefined();
        expect(await store.scan("p", bad)).toEqual([]);
      });

      /** Values as long as may be, of characters that a store might cut, count or send differently. */
      const longest = (unit: string): Value => {
        const room = LONGEST_VALUE - JSON.stringify(value("")).length;
        return value("x".repeat(room % unit.length) + unit.repeat(Math.floor(room / unit.length)));
      };

      test.each(["x", "ü", "日", "😀"])("a value may have 480,000 characters, of %s", async (unit) => {
        const long = longest(unit);
        await store.insertIfAbsent("p", "a", long);
        expect((await read("a")).value).toEqual(long);
        await store.replaceIfMatch(await read("a"), value("short"));
        expect((await read("a")).value).toEqual(value("short"));
      });

      test("one more is refused, and nothing of its batch is written", async () => {
        const tooLong = value(`${longest("x").text}x`);
        const problem = 'the value of row "long" exceeds 480000 characters: it has 480001';
        await expect(store.insertIfAbsent("p", "long", tooLong)).rejects.toThrow(new RangeError(problem));
        const batch: BatchOperation[] = [
          { kind: "insert", key: "short", value: value("") },
          { kind: "insert", key: "long", value: tooLong },
        ];
        await expect(store.batch("p", batch)).rejects.toThrow(problem);
        expect(await contents()).toEqual([]);
      });

      test("a batch may have 4 MiB, counted in bytes as they are sent", async () => {
        const rows = (count: number, unit: string) =>
          Array.from({ length: count }, (_, index): BatchOperation => {
            return { kind: "insert", key: `${unit}${index}`, value: longest(unit) };
          });
        expect(await store.batch("p", rows(8, "x"))).toBe(true);
        expect(await store.batch("p", rows(2, "日"))).toBe(true);
        const problem = /^a batch of \d+ bytes, rows ".0" to ".\d", exceeds 4194304: write fewer rows at once$/;
        await expect(store.batch("p", rows(9, "y"))).rejects.toThrow(problem);
        await expect(store.batch("p", rows(3, "本"))).rejects.toThrow(problem);
        expect(await contents("y")).toEqual([]);
        expect(await contents("本")).toEqual([]);
      });
    });

    describe("update", () => {
      test(`loses none of ${changes} changes at a time`, async () => {
        await store.insertIfAbsent("p", "counter", { count: 0 });
        const increments = Array.from({ length: changes }, () =>
          update<{ count: number }>(store, "p", "counter", ({ count }) => ({ count: count + 1 })),
        );
        const seen = (await Promise.all(increments)).map((counter) => counter?.count ?? 0);
        expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: changes }, (_, index) => index + 1));
        expect((await store.get("p", "counter"))?.value).toEqual({ count: changes });
      });

      test("answers undefined for a row that is not there, and creates none", async () => {
        expect(await update<Value>(store, "p", "a", () => value("new"))).toBeUndefined();
        expect(await store.scan("p", "")).toEqual([]);
      });

      test("leaves the row untouched when there is nothing to change", async () => {
        await insert("a");
        const before = await read("a");
        expect(await update<Value>(store, "p", "a", () => undefined)).toEqual(value("a"));
        expect(await read("a")).toEqual(before);
      });
    });
  });
}
