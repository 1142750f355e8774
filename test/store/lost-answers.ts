import { beforeEach, describe, expect, test } from "@jest/globals";
import type { HttpClient } from "@azure/core-rest-pipeline";
import type { StoredRow } from "../../src/store/store";
import type { TableConnection } from "../../src/store/table-connection";
import { TablesStore } from "../../src/store/tables";
import { answerOf, cut, halfAnswer, ImpatientClock, LossyTransport, timedOut, type Loss } from "./lossy-transport";

interface Value {
  readonly by: string;
}
const ours: Value = { by: "us" };
const theirs: Value = { by: "them" };

/**
 * A write that the service did although its answer never came: who inserted an intent must know it, and nobody else.
 * @param newTable makes an empty table, and gives what connects to it
 */
export function describeLostAnswers(newTable: () => (transport?: HttpClient) => TableConnection): void {
  describe("TablesStore, when answers are lost", () => {
    let connect: (transport?: HttpClient) => TableConnection;
    let transport: LossyTransport;
    let clock: ImpatientClock;
    let store: TablesStore;
    let other: TablesStore;
    beforeEach(() => {
      transport = new LossyTransport();
      clock = new ImpatientClock();
      connect = newTable();
      store = new TablesStore(connect(transport), clock);
      other = new TablesStore(connect(), clock);
    });

    const lose = (...losses: readonly Loss[]) => transport.losses.push(...losses);
    const after: Loss = { when: "after", seen: cut };
    const before: Loss = { when: "before", seen: cut };
    const read = async (key: string): Promise<StoredRow<Value>> => {
      const row = await other.get<Value>("p", key);
      if (!row) throw new Error(`no row ${key}`);
      return row;
    };
    const insertIntent = (lease: StoredRow<Value>) =>
      store.batch("p", [
        { kind: "insert", key: "intent", value: ours },
        { kind: "replace", key: "lease", etag: lease.etag, value: ours },
      ]);

    test.each<[string, readonly Loss[]]>([
      ["the connection is cut", [after]],
      ["the time is up", [{ when: "after", seen: timedOut }]],
      ["half of the answer arrives", [{ when: "after", seen: halfAnswer }]],
      ["a gateway answers 504 instead", [{ when: "after", seen: answerOf(504) }]],
      ["it answers 500 although it did it", [{ when: "after", seen: answerOf(500, "InternalError") }]],
      ["it is cut again and again", [after, after, before, after]],
      ["the request got there the second time only", [before, after]],
      [
        "the answer to the question who wrote is lost too",
        [after, { when: "before", seen: answerOf(409, "EntityAlreadyExists") }, after, after],
      ],
    ])("an insert, a replace and a batch know their own writes: %s", async (_, losses) => {
      lose(...losses);
      expect(await store.insertIfAbsent("p", "lease", theirs)).toBe(true);
      lose(...losses);
      expect(await store.replaceIfMatch(await read("lease"), theirs)).toBe(true);
      lose(...losses);
      expect(await insertIntent(await read("lease"))).toBe(true);
      expect((await read("intent")).value).toEqual(ours);
      expect((await read("lease")).value).toEqual(ours);
      expect(transport.losses).toEqual([]);
    });

    test("a request that never got there loses to whoever wrote meanwhile", async () => {
      lose({ ...before, meanwhile: () => other.insertIfAbsent("p", "a", theirs) });
      expect(await store.insertIfAbsent("p", "a", ours)).toBe(false);
      const row = await read("a");
      expect(row.value).toEqual(theirs);
      lose({ ...before, meanwhile: () => other.replaceIfMatch(row, theirs) });
      expect(await store.replaceIfMatch(row, ours)).toBe(false);
      expect((await read("a")).value).toEqual(theirs);
    });

    test("a refusal whose answer was lost stays a refusal, even for the same value", async () => {
      await other.insertIfAbsent("p", "intent", ours);
      await other.insertIfAbsent("p", "lease", ours);
      const lease = await read("lease");
      lose(after);
      expect(await store.insertIfAbsent("p", "intent", ours)).toBe(false);
      lose(after);
      expect(await insertIntent(lease)).toBe(false);
      lose(after);
      expect(await store.replaceIfMatch({ ...lease, key: "gone" }, ours)).toBe(false);
      expect(await read("lease")).toEqual(lease);
    });

    test("a batch is ours as long as one of its rows still carries our mark", async () => {
      await other.insertIfAbsent("p", "lease", theirs);
      const takeOver = async () => other.replaceIfMatch(await read("lease"), theirs);
      const lease = await read("lease");
      lose({ ...after, meanwhile: takeOver });
      expect(await insertIntent(lease)).toBe(true);
      expect((await read("lease")).value).toEqual(theirs);
    });

    test("a write that was overwritten before we could look is not claimed: nobody posts rather than two", async () => {
      lose({ ...after, meanwhile: async () => other.replaceIfMatch(await read("a"), theirs) });
      expect(await store.insertIfAbsent("p", "a", ours)).toBe(false);
      expect((await read("a")).value).toEqual(theirs);
    });

    test("deletes alone are done when the rows are gone, and refused when one is not", async () => {
      await other.insertIfAbsent("p", "a", theirs);
      const row = await read("a");
      const remove = () => store.batch("p", [{ kind: "delete", key: "a", etag: row.etag }]);
      lose(after);
      expect(await remove()).toBe(true);
      lose({ ...before, meanwhile: () => other.insertIfAbsent("p", "a", theirs) });
      expect(await remove()).toBe(false);
      expect((await read("a")).value).toEqual(theirs);
    });

    test("of fifty that insert the same row one wins, whosever answers are lost", async () => {
      const tries = Array.from({ length: 50 }, (_, index) => {
        const ownWay = new LossyTransport();
        // None to three, so that nobody gives up.
        ownWay.losses.push(...[after, before, after, after].slice(index % 4, 3));
        return new TablesStore(connect(ownWay), clock).insertIfAbsent("p", "a", { by: String(index) });
      });
      const won = (await Promise.all(tries)).flatMap((inserted, index) => (inserted ? [String(index)] : []));
      expect(won).toEqual([(await read("a")).value.by]);
    });

    test("reads are asked again, each page of a long one too", async () => {
      const keys = Array.from({ length: 1_050 }, (_, index) => `row:${String(index).padStart(4, "0")}`);
      for (let from = 0; from < keys.length; from += 100) {
        const rows = keys.slice(from, from + 100);
        await other.batch(
          "p",
          rows.map((key) => ({ kind: "insert", key, value: ours })),
        );
      }
      lose(after, before);
      expect((await store.get("p", "row:0001"))?.value).toEqual(ours);
      lose(before, after, { when: "after", seen: answerOf(503, "ServerBusy") });
      // Two pages: the first is asked for four times.
      expect((await store.scan("p", "row:")).map(({ key }) => key)).toEqual(keys);
      expect(transport.losses).toEqual([]);
    });

    test("it gives up after five tries, with the reason, in one line", async () => {
      lose(after, after, before, before, { when: "before", seen: answerOf(503, "ServerBusy") });
      await expect(store.insertIfAbsent("p", "a", ours)).rejects.toThrow(
        /^http:\/\/127\.0\.0\.1:\d+ answered 503 ServerBusy$/,
      );
      expect(transport.sent).toHaveLength(5);
      expect(clock.waited).toEqual([250, 500, 1_000, 2_000]);
      lose(before, before, before, before, before);
      await expect(store.get("p", "a")).rejects.toThrow(/^http:\/\/127\.0\.0\.1:\d+: aborted$/);
    });
  });
}
