import { describe, expect, test } from "@jest/globals";
import {
  afterRefusal,
  afterRemaining,
  afterUnused,
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
    answerAll(EMPTY_BOOK, asks(count, extra), NOW).answers.slice(-1)[0];

  test.each<[Asker, number, number, number]>([
    ["single", 65, 60_000, 66],
    ["sweep", 35, 30_000, 36],
  ])("a %s is granted nothing further ahead, and told its turn", (asker, last, ahead, tooMany) => {
    expect(lastOf(last, { asker })).toEqual({ kind: "granted", at: NOW + ahead });
    const turnAt = NOW + ahead + 1000;
    expect(lastOf(tooMany, { asker })).toEqual({ kind: "askAgain", at: turnAt, turnAt });
  });

  test("looks again after two to four minutes, however far its turn is", () => {
    const book = afterRefusal(EMPTY_BOOK, WEST, NOW + 600_000, NOW) ?? EMPTY_BOOK;
    for (const [spread, after] of [
      [0, 240_000],
      [1, 120_000],
    ] as const) {
      expect(answerAll(book, [ask("late", { spread })], NOW).answers).toEqual([
        { kind: "askAgain", at: NOW + after, turnAt: NOW + 600_000 },
      ]);
    }
  });

  test.each([
    [0, 30_000],
    [0.5, 45_000],
    [1, 60_000],
  ])("has no place if it may come again: with a spread of %d it comes back after %d ms", (spread, after) => {
    expect(lastOf(66, { repeatable: true, spread })).toEqual({ kind: "askAgain", at: NOW + after });
  });
});

describe("a line", () => {
  /** So many sweep's calls at once, each with its answer. */
  const crowd = (count: number, extra: Partial<Ask> = { asker: "sweep" }) => {
    const all = asks(count, extra);
    const { answers, book = EMPTY_BOOK } = answerAll(EMPTY_BOOK, all, NOW);
    return { all, answers, book };
  };
  const turnsOf = (answers: readonly Answer[]) =>
    answers.flatMap((answer) => (answer.kind === "askAgain" ? (answer.turnAt ?? 0) - NOW : []));
  const again = (book: Book, key: string, turnAt: number, now: number, extra: Partial<Ask> = { asker: "sweep" }) =>
    answerAll(book, [ask(key, { ...extra, turnAt })], now);

  test("gives each a turn of its own, at the pace of the bucket that is slowest in the long run", () => {
    const { answers } = crowd(40);
    expect(turnsOf(answers)).toEqual([31_000, 32_000, 33_000, 34_000, 35_000]);
  });

  test("is two numbers a bucket, however many wait in it", () => {
    const { book } = crowd(5000);
    expect(Object.keys(book.lines ?? {})).toEqual(["sweep west", "sweep writes"]);
    expect(Object.keys(book.grants)).toHaveLength(35);
  });

  test("lets who comes back at its turn draw at once, and is gone when all did", () => {
    let { book } = crowd(40);
    for (let n = 35; n < 40; n++) {
      const now = NOW + (n - 4) * 1000;
      const answered = again(book, `call-${n}`, now, now);
      expect(answered.answers).toEqual([{ kind: "granted", at: now }]);
      book = answered.book ?? book;
    }
    expect(book.lines).toBeUndefined();
  });

  test("tells who comes back too early the same turn, and writes nothing", () => {
    const { book } = crowd(40);
    expect(again(book, "call-39", NOW + 35_000, NOW + 20_000)).toEqual({
      answers: [{ kind: "askAgain", at: NOW + 35_000, turnAt: NOW + 35_000 }],
    });
  });

  test("has whoever comes new at its end, also where the bucket itself is free sooner", () => {
    const { book } = crowd(40);
    const { answers } = answerAll(book, [ask("new", { asker: "sweep" })], NOW + 32_000);
    // Five turns are to come, of which the bucket alone knows nothing.
    expect(fromNow(answers)).toEqual(["granted 36000"]);
    expect(answerAll(book, [ask("new", { asker: "sweep" })], NOW + 1000).answers).toMatchObject([
      { kind: "askAgain", turnAt: NOW + 36_000 },
    ]);
  });

  test("does not keep tokens for those who never come: another takes the place", () => {
    const { book } = crowd(400);
    const gone = NOW + 34_000;
    // Turns have passed unclaimed, the others are to come.
    const others = ["a", "b", "c"].map((key) => ask(key, { asker: "sweep", draws: [WRITES, WEST] }));
    const { answers, book: next } = answerAll(book, others, gone);
    expect(answers).toMatchObject([
      { kind: "granted", at: gone },
      { kind: "granted", at: gone },
      { kind: "askAgain", turnAt: NOW + 396_000 },
    ]);
    expect((next?.lines?.["sweep west"] ?? 0) - (book.lines?.["sweep west"] ?? 0)).toBe(1000);
  });

  test("lets who looks again before its turn go, when those before it did not come", () => {
    const { book } = crowd(400);
    const { answers, book: next } = again(book, "call-399", NOW + 395_000, NOW + 41_000);
    expect(answers).toEqual([{ kind: "granted", at: NOW + 41_000 }]);
    expect(next?.lines).toEqual(book.lines);
  });

  test("keeps no single run waiting behind a sweep's, whose turns then come later", () => {
    const { book } = crowd(400);
    const { answers, book: next = EMPTY_BOOK } = answerAll(book, [ask("single")], NOW + 31_000);
    expect(fromNow(answers)).toEqual(["granted 31000"]);
    expect((next.lines?.["sweep west"] ?? 0) - (book.lines?.["sweep west"] ?? 0)).toBe(1000);
    expect(next.lines?.["single west"]).toBeUndefined();
  });

  test("of single runs stands before that of sweeps", () => {
    const { book } = crowd(70, { asker: "single" });
    const sweeps = answerAll(book, [ask("s", { asker: "sweep" })], NOW);
    expect(turnsOf(sweeps.answers)).toEqual([70_000 - 4000]);
    const singles = answerAll(sweeps.book ?? book, [ask("one more")], NOW);
    expect(turnsOf(singles.answers)).toEqual([66_000]);
    expect(singles.book?.lines?.["sweep west"]).toBe((sweeps.book?.lines?.["sweep west"] ?? 0) + 1000);
  });

  test("counts a sweep's call that leaves at its turn against single runs that wait", () => {
    const both = answerAll(crowd(70, { asker: "single" }).book, [ask("s", { asker: "sweep" })], NOW).book ?? EMPTY_BOOK;
    const now = NOW + 66_000;
    const left = again(both, "s", now, now).book;
    expect((left?.lines?.["single west"] ?? 0) - (both.lines?.["single west"] ?? 0)).toBe(1000);
    expect(left?.lines?.["sweep west"]).toBe(both.lines?.["sweep west"]);
  });

  test("puts who finds its turn taken a little off, and further than is granted ahead at its end again", () => {
    const { book } = crowd(40);
    const told = afterRemaining(book, WEST, 0, NOW + 31_000) ?? EMPTY_BOOK;
    expect(fromNow(again(told, "call-35", NOW + 31_000, NOW + 31_000).answers)).toEqual(["granted 32000"]);
    const refused = afterRefusal(book, WEST, NOW + 200_000, NOW + 31_000) ?? EMPTY_BOOK;
    expect(Object.keys(refused.lines ?? {})).toEqual(["sweep writes"]);
    expect(again(refused, "call-35", NOW + 31_000, NOW + 31_000).answers).toMatchObject([
      { kind: "askAgain", turnAt: NOW + 200_000 },
    ]);
  });
});

describe("a call that does not leave", () => {
  test("leaves its tokens to others", () => {
    const book = bookWith(6);
    const unused = afterUnused(book, [WEST, WRITES], "call-5") ?? EMPTY_BOOK;
    expect(unused.buckets["west"]).toEqual(bookWith(5).buckets["west"]);
    expect(unused.grants).toEqual(bookWith(5).grants);
    expect(afterUnused(unused, [WEST, WRITES], "call-5")).toBeUndefined();
  });

  test("lets those in the lines come sooner", () => {
    const { book = EMPTY_BOOK } = answerAll(EMPTY_BOOK, asks(40, { asker: "sweep" }), NOW);
    const unused = afterUnused(book, [WEST], "call-3");
    expect((book.lines?.["sweep west"] ?? 0) - (unused?.lines?.["sweep west"] ?? 0)).toBe(1000);
    expect(unused?.lines?.["sweep writes"]).toBe(book.lines?.["sweep writes"]);
  });

  test("gives nothing back to a bucket that is full, or that it did not draw on", () => {
    const book: Book = { buckets: {}, grants: { call: { at: NOW, buckets: ["west"] } } };
    expect(afterUnused(book, [WEST, WRITES], "call")).toEqual(EMPTY_BOOK);
  });
});

test("a bucket's reserve is kept from sweeps once a single run has asked", () => {
  const kept = { bucket: "kept", pace: paceOf({ capacity: 7, refill: 2, everyMs: 2000 }, { reserve: 2 }) };
  const sweep = Array.from({ length: 6 }, (_, n) => ask(`call-${n}`, { asker: "sweep", draws: [kept] }));
  const after = (first: readonly Ask[]) => fromNow(answerAll(EMPTY_BOOK, [...first, ...sweep], NOW).answers);
  expect(after([])).toEqual([0, 0, 0, 0, 0, 1000].map((ms) => `granted ${ms}`));
  const single = ask("single", { draws: [kept] });
  expect(after([single])).toEqual([0, 0, 0, 1000, 2000, 3000, 4000].map((ms) => `granted ${ms}`));
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
