import { describe, expect, test } from "@jest/globals";
import { PATCH_OPERATIONS_OF_REGION, ARM_WRITES } from "../../src/azure/limits";
import type { Answer, Ask } from "../../src/domain/rate/book";
import { paceOf, type Asker } from "../../src/domain/rate/bucket";
import { Rates, type BookRef } from "../../src/ledger/rates";
import { TokenBucket } from "../../src/local/simulated-azure/rates/token-bucket";
import { MemoryStore } from "../../src/store/memory";
import type { RowValue, StoredRow } from "../../src/store/store";

const NOW = Date.parse("2026-12-01T06:00:00Z");
const BOOK: BookRef = { subscriptionId: "11111111-2222-4333-8444-555555555555", calls: "patchOperations" };
const REGION = { bucket: "region westeurope", pace: paceOf(PATCH_OPERATIONS_OF_REGION, { reserve: 100 }) };
const WRITES = { bucket: "writes", pace: paceOf(ARM_WRITES, { burst: 20, reserve: 5 }) };
const ask = (key: string, asker: Asker = "single", spread = 0, turnAt?: number): Ask => ({
  ...(turnAt !== undefined && { turnAt }),
  key,
  asker,
  spread,
  draws: [REGION, WRITES],
  repeatable: false,
});

/** Counts what reaches it, and gives way before each answer, so that workers overtake each other. */
class BusyStore extends MemoryStore {
  reads = 0;
  writes = 0;
  lost = 0;

  override async get<T extends RowValue>(partition: string, key: string): Promise<StoredRow<T> | undefined> {
    this.reads++;
    await new Promise(setImmediate);
    return super.get<T>(partition, key);
  }

  override async batch(...write: Parameters<MemoryStore["batch"]>): Promise<boolean> {
    await new Promise(setImmediate);
    const done = await super.batch(...write);
    if (done) this.writes++;
    else this.lost++;
    return done;
  }
}

/** The same draws each time. */
function drawsFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe("a book", () => {
  test("answers one call with one read and one write", async () => {
    const store = new BusyStore();
    expect(await new Rates(store).ask(BOOK, ask("one"), NOW)).toEqual({ kind: "granted", at: NOW });
    expect(store).toMatchObject({ reads: 1, writes: 1, lost: 0 });
  });

  test("gives a redelivered call the same grant, from whichever worker, and writes nothing", async () => {
    const store = new BusyStore();
    const rates = new Rates(store);
    await Promise.all(Array.from({ length: 30 }, (_, n) => rates.ask(BOOK, ask(`call-${n}`), NOW)));
    const first = await rates.ask(BOOK, ask("call-x"), NOW);
    const { writes } = store;
    expect(first.at).toBeGreaterThan(NOW);
    expect(await new Rates(store).ask(BOOK, ask("call-x"), first.at)).toEqual(first);
    expect(await rates.knows(BOOK, "call-x", first.at)).toBe(true);
    expect(await rates.knows(BOOK, "call-y", NOW)).toBe(false);
    expect(store.writes).toBe(writes);
  });

  test("answers all calls of a worker that wait for it together", async () => {
    const store = new BusyStore();
    const rates = new Rates(store);
    const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => rates.ask(BOOK, ask(`call-${n}`), NOW)));
    expect(answers.filter(({ kind }) => kind === "granted")).toHaveLength(200);
    expect(new Set(answers.map(({ at }) => at)).size).toBe(181);
    expect(store).toMatchObject({ reads: 2, writes: 2, lost: 0 });
  });

  test("of one subscription does not hold up another's, nor reads patch operations", async () => {
    const rates = new Rates(new MemoryStore());
    await Promise.all(Array.from({ length: 30 }, (_, n) => rates.ask(BOOK, ask(`call-${n}`), NOW)));
    const others: BookRef[] = [
      { ...BOOK, calls: "reads" },
      { ...BOOK, subscriptionId: "other" },
    ];
    for (const other of others) expect((await rates.ask(other, ask("x"), NOW)).at).toBe(NOW);
    expect(
      (await rates.ask({ ...BOOK, subscriptionId: BOOK.subscriptionId.toUpperCase() }, ask("x"), NOW)).at,
    ).toBeGreaterThan(NOW);
  });

  test("sends those away whose worker loses every race", async () => {
    const store = new MemoryStore();
    store.batch = () => Promise.resolve(false);
    expect(await new Rates(store).ask(BOOK, ask("x", "single", 0.5), NOW)).toEqual({
      kind: "askAgain",
      at: NOW + 7500,
    });
  });

  test("that cannot be read fails all who wait, and works again afterwards", async () => {
    const store = new MemoryStore();
    const get = store.get.bind(store);
    store.get = () => Promise.reject(new Error("no answer"));
    const rates = new Rates(store);
    const failed = await Promise.allSettled([rates.ask(BOOK, ask("a"), NOW), rates.ask(BOOK, ask("b"), NOW)]);
    expect(failed.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    store.get = get;
    expect(await rates.ask(BOOK, ask("a"), NOW)).toEqual({ kind: "granted", at: NOW });
  });

  test("passes on to every worker what Azure tells one of them", async () => {
    const store = new MemoryStore();
    const [one, other] = [new Rates(store), new Rates(store)];
    await one.tell(BOOK, REGION, 1, NOW);
    expect((await other.ask(BOOK, ask("a"), NOW)).at).toBe(NOW);
    expect((await other.ask(BOOK, ask("b"), NOW)).at).toBe(NOW + 300);
    await one.close(BOOK, REGION, NOW + 45_000, NOW);
    expect((await other.ask(BOOK, ask("b"), NOW)).at).toBe(NOW + 45_000);
  });
});

interface Sent {
  readonly at: number;
  readonly asker: Asker;
  /** How often it was asked for. */
  readonly asked: number;
}

interface Call {
  readonly asker: Asker;
  readonly from: number;
  /** So often it asks at most, and then never comes back. */
  readonly patience?: number;
}

/**
 * Workers on one store ask for all calls again and again until each was granted, and send each when its time has come,
 * up to two seconds late. Answers every call that was sent.
 */
async function sendAll(seed: number, calls: readonly Call[]): Promise<Sent[]> {
  const draw = drawsFrom(seed);
  const store = new BusyStore();
  const workers = Array.from({ length: 8 }, () => new Rates(store));
  const sent: Sent[] = [];
  let due = calls.map(({ asker, from, patience = Number.POSITIVE_INFINITY }, n) => ({
    ...{ asker, at: from, key: `${n}`, spread: draw(), asked: 0, patience },
    turnAt: undefined as number | undefined,
  }));
  while (due.length > 0) {
    const now = Math.min(...due.map(({ at }) => at));
    const [mine, later] = [due.filter(({ at }) => at === now), due.filter(({ at }) => at !== now)];
    const answers = await Promise.all(
      mine.map(({ key, asker, spread, turnAt }): Promise<Answer> => {
        const worker = workers[Math.floor(draw() * workers.length)];
        if (!worker) throw new Error("no worker");
        return worker.ask(BOOK, ask(key, asker, spread, turnAt), now);
      }),
    );
    due = later;
    for (const [index, answer] of answers.entries()) {
      const call = mine[index];
      if (!call) throw new Error("no call");
      const asked = call.asked + 1;
      const turnAt = answer.kind === "askAgain" ? (answer.turnAt ?? call.turnAt) : call.turnAt;
      if (answer.kind === "granted" && answer.at <= now)
        sent.push({ at: now + Math.floor(draw() * 200), asker: call.asker, asked });
      else if (asked < call.patience)
        due.push({ ...call, asked, turnAt, at: Math.max(answer.at, now) + Math.floor(draw() * 2000) });
    }
  }
  return sent.sort((a, b) => a.at - b.at);
}

/** So many of the calls Azure's buckets refuse, which get their tokens in lumps. */
function refusedByLumps(sent: readonly Sent[], phase: number): number {
  const buckets = [
    new TokenBucket({ policy: "region", ...PATCH_OPERATIONS_OF_REGION }, NOW, phase),
    new TokenBucket({ policy: "writes", ...ARM_WRITES }, NOW, phase % 1000),
  ];
  return sent.filter(({ at }) => {
    const refused = buckets.some((bucket) => bucket.remaining(at) < 1);
    if (!refused) for (const bucket of buckets) bucket.take(at);
    return refused;
  }).length;
}

describe("many workers with sweeps and single runs", () => {
  test.each([1, 2, 3, 4, 5])("stay within Azure's buckets, whenever those are refilled (seed %d)", async (seed) => {
    const draw = drawsFrom(seed);
    const calls = Array.from({ length: 1500 }, (_, n) => ({
      asker: n % 10 === 0 ? ("single" as const) : ("sweep" as const),
      // A wave at once, a pause in which the buckets fill, another wave.
      from: NOW + (n < 900 ? 0 : 600_000 + Math.floor(draw() * 5000)),
    }));
    const sent = await sendAll(seed, calls);
    expect(sent).toHaveLength(calls.length);
    for (const phase of [0, 1, 15_000, 30_000, 45_500, 59_999]) expect(refusedByLumps(sent, phase)).toBe(0);
  });

  test("a sweep has the whole pace while no single run asks", async () => {
    const sent = await sendAll(
      7,
      Array.from({ length: 900 }, () => ({ asker: "sweep", from: NOW })),
    );
    // All at once, the reserve too, as fast as writes may come, and then 200 a minute.
    const last = sent.at(-1)?.at ?? 0;
    expect(last - NOW).toBeLessThan(((900 - 400) / 200) * 60_000 + 5_000);
  });

  test("each asks twice, however many wait, and once more in two minutes at the most", async () => {
    const sent = await sendAll(
      8,
      Array.from({ length: 3000 }, () => ({ asker: "sweep", from: NOW })),
    );
    expect(sent).toHaveLength(3000);
    const late = sent.filter(({ at, asked }) => asked > 2 + Math.floor((at - NOW) / 120_000));
    // Some find that others took their place, when they were a little late, and wait for another.
    expect(late.length).toBeLessThan(300);
  });

  test("nothing is lost for long to calls that never come back", async () => {
    const gone = Array.from({ length: 1500 }, () => ({ asker: "sweep" as const, from: NOW, patience: 1 }));
    const later = Array.from({ length: 1500 }, () => ({ asker: "sweep" as const, from: NOW + 10_000 }));
    const sent = await sendAll(11, [...gone, ...later]);
    const last = sent.at(-1)?.at ?? 0;
    // What was granted at once is all that those who went had; the others take it within four minutes.
    expect(last - NOW).toBeLessThan(((1500 + 315 - 400) / 200) * 60_000 + 250_000);
    expect(sent.filter(({ at }) => at < NOW + 420_000).length).toBeGreaterThan(1000);
  });

  test("sweep and single runs in crowds are served side by side", async () => {
    const crowd = (asker: Asker) => Array.from({ length: 900 }, () => ({ asker, from: NOW }));
    const sent = await sendAll(12, [...crowd("single"), ...crowd("sweep")]);
    const halfway = sent.slice(0, 900).filter(({ asker }) => asker === "sweep").length;
    expect(halfway).toBeGreaterThan(50);
    expect(halfway).toBeLessThan(450);
  });

  test("a single run does not wait for a sweep's backlog", async () => {
    const sweep = Array.from({ length: 900 }, () => ({ asker: "sweep" as const, from: NOW }));
    const singles = Array.from({ length: 20 }, (_, n) => ({
      asker: "single" as const,
      from: NOW + 100_000 + n * 3000,
    }));
    const sent = await sendAll(9, [...sweep, ...singles]);
    const times = sent.filter(({ asker }) => asker === "single").map(({ at }) => at);
    for (const [n, at] of times.entries()) expect(at - (singles[n]?.from ?? 0)).toBeLessThan(15_000);
  });
});
