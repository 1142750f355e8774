import { describe, expect, test } from "@jest/globals";
import {
  afterRefusal,
  afterRemaining,
  answerAll,
  EMPTY_BOOK,
  grantIn,
  type Answer,
  type Ask,
  type Book,
} from "../../../src/domain/rate/book";
import { paceOf, type Asker } from "../../../src/domain/rate/bucket";

const NOW = 1_000_000;
const WEST = { bucket: "west", pace: paceOf({ capacity: 7, refill: 2, everyMs: 2000 }) };
const WRITES = { bucket: "writes", pace: paceOf({ capacity: 13, refill: 10, everyMs: 1000 }) };
const ask = (key: string, extra: Partial<Ask> = {}): Ask => ({
  key,
  asker: "single",
  draws: [WEST, WRITES],
  repeatable: false,
  spread: 0,
  ...extra,
});
const asks = (count: number, extra: Partial<Ask> = {}) =>
  Array.from({ length: count }, (_, n) => ask(`call-${n}`, extra));
const bookWith = (count: number, extra: Partial<Ask> = {}, now = NOW): Book =>
  answerAll(EMPTY_BOOK, asks(count, extra), now).book ?? EMPTY_BOOK;
const fromNow = (answers: readonly Answer[], now = NOW) => answers.map(({ kind, at }) => `${kind} ${at - now}`);

describe("a grant", () => {
  test("is the latest time over all buckets that the call draws on", () => {
    // Three writes at once and ten a second; five calls of the region at once and one a second.
    expect(fromNow(answerAll(EMPTY_BOOK, asks(8), NOW).answers)).toEqual(
      [0, 0, 0, 100, 200, 1000, 2000, 3000].map((ms) => `granted ${ms}`),
    );
  });

  test("is the same for the same call, and nothing is drawn twice", () => {
    const book = bookWith(8);
    const again = answerAll(book, [ask("call-7"), ask("call-0")], NOW + 500);
    expect(again).toEqual({
      answers: [
        { kind: "granted", at: NOW + 3000 },
        { kind: "granted", at: NOW },
      ],
    });
  });

  test("is the same for one call that is asked for twice at a time", () => {
    const { answers, book } = answerAll(EMPTY_BOOK, [ask("one"), ask("one")], NOW);
    expect(fromNow(answers)).toEqual(["granted 0", "granted 0"]);
    expect(book?.buckets["west"]).toEqual({ fullAt: NOW + 1000, closedUntil: 0 });
  });

  test("is void half a minute after its time: then another is drawn", () => {
    const book = bookWith(1);
    expect(grantIn(book, "call-0", NOW + 29_999)).toEqual({ at: NOW, buckets: ["west", "writes"] });
    expect(grantIn(book, "call-0", NOW + 30_000)).toBeUndefined();
    expect(grantIn(book, "call-1", NOW)).toBeUndefined();
    const { answers, book: next } = answerAll(book, [ask("call-0")], NOW + 30_000);
    expect(fromNow(answers)).toEqual(["granted 30000"]);
    expect(next?.grants).toEqual({ "call-0": { at: NOW + 30_000, buckets: ["west", "writes"] } });
  });

  test("of a call that may come again is gone once it is used, and not kept at all when that is at once", () => {
    const repeatable = { repeatable: true };
    const book = bookWith(7, repeatable);
    expect(Object.keys(book.grants)).toEqual(["call-3", "call-4", "call-5", "call-6"]);
    const [early, due] = [NOW + 1999, NOW + 2000].map((now) => answerAll(book, [ask("call-6", repeatable)], now));
    expect(early).toEqual({ answers: [{ kind: "granted", at: NOW + 2000 }] });
    expect(due?.answers).toEqual([{ kind: "granted", at: NOW + 2000 }]);
    expect(due?.book?.grants).toEqual({
      "call-3": expect.anything(),
      "call-4": expect.anything(),
      "call-5": expect.anything(),
    });
  });

  test("leaves nothing behind of buckets that are full again and grants that are void", () => {
    const other = { bucket: "east", pace: WEST.pace };
    const { book } = answerAll(bookWith(8), [ask("new", { draws: [other] })], NOW + 60_000);
    expect(book).toEqual({
      buckets: { east: { fullAt: NOW + 61_000, closedUntil: 0 } },
      grants: { new: { at: NOW + 60_000, buckets: ["east"] } },
    });
  });
});

describe("who comes too late for the time ahead", () => {
  const lastOf = (count: number, extra: Partial<Ask>) =>
    fromNow(answerAll(EMPTY_BOOK, asks(count, extra), NOW).answers.slice(-1))[0];

  test.each<[Asker, number, string, number, string]>([
    ["single", 65, "granted 60000", 66, "askAgain 30000"],
    ["sweep", 35, "granted 30000", 36, "askAgain 15000"],
  ])("a %s is granted nothing further ahead", (asker, last, granted, tooMany, askAgain) => {
    expect(lastOf(last, { asker })).toBe(granted);
    expect(lastOf(tooMany, { asker })).toBe(askAgain);
  });

  test("comes back at a time of its own", () => {
    expect(lastOf(66, { spread: 0.5 })).toBe("askAgain 45000");
    expect(lastOf(66, { spread: 1 })).toBe("askAgain 60000");
  });

  test("comes back when the bucket opens, if that is later", () => {
    const book = afterRefusal(EMPTY_BOOK, WEST, NOW + 600_000, NOW) ?? EMPTY_BOOK;
    expect(fromNow(answerAll(book, [ask("late")], NOW).answers)).toEqual(["askAgain 540000"]);
  });
});

describe("what Azure tells", () => {
  test("is no news while its tokens are at least as many as we think", () => {
    const book = bookWith(3);
    expect(afterRemaining(book, WEST, 7, NOW)).toBeUndefined();
    expect(afterRemaining(book, WEST, 2, NOW)).toBeUndefined();
    expect(afterRemaining(EMPTY_BOOK, WEST, 5, NOW)).toBeUndefined();
  });

  test("slows down all who draw on the bucket when there are fewer", () => {
    const book = afterRemaining(bookWith(3), WEST, 1, NOW) ?? EMPTY_BOOK;
    expect(fromNow(answerAll(book, [ask("a"), ask("b")], NOW).answers)).toEqual(["granted 100", "granted 1000"]);
  });

  test("counts the calls that are granted and not sent yet", () => {
    // Eight calls drew five tokens and owe three; three left at once, so that five are still to be paid for.
    const book = bookWith(8);
    expect(afterRemaining(book, WEST, 2, NOW)).toBeUndefined();
    expect(afterRemaining(book, WEST, 1, NOW)?.buckets["west"]?.fullAt).toBe(NOW + 9000);
  });

  test("by a refusal closes the bucket for all, and withdraws the grants for the time until then", () => {
    const closed = afterRefusal(bookWith(8), WEST, NOW + 2500, NOW + 100) ?? EMPTY_BOOK;
    expect(Object.keys(closed.grants)).toEqual(["call-0", "call-1", "call-2", "call-3", "call-7"]);
    const { answers } = answerAll(closed, [ask("call-5"), ask("call-7"), ask("call-6")], NOW + 200);
    expect(fromNow(answers)).toEqual(["granted 3500", "granted 3000", "granted 4500"]);
  });

  test("by further refusals of calls that left together is no news", () => {
    const book = afterRefusal(EMPTY_BOOK, WEST, NOW + 60_000, NOW) ?? EMPTY_BOOK;
    expect(afterRefusal(book, WEST, NOW + 61_000, NOW)).toBeUndefined();
    expect(afterRefusal(book, WEST, NOW + 63_000, NOW)?.buckets["west"]?.closedUntil).toBe(NOW + 63_000);
  });
});
