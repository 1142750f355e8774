import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createServer, get, type Server } from "node:http";
import { held, sleepUntil } from "../../src/local/clock/host-clock";
import { VirtualClock } from "../../src/local/clock/virtual-clock";

const START = Date.parse("2026-11-23T12:00:00Z");
const DAY_MS = 86_400_000;

let clock: VirtualClock;
let log: string[];

beforeEach(() => {
  clock = new VirtualClock({ start: START });
  log = [];
});
afterEach(() => clock.close());

const note = (name: string) => () => log.push(`${name} +${clock.now() - START}`);
/** Until nothing but timers is left to do, and they have been given their chance. */
const turns = async (count = 20): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe("timers", () => {
  test("fire in the order of their instants, then of their making, and time stands at each", async () => {
    clock.at(START + 2 * DAY_MS, note("b"));
    clock.at(START + DAY_MS, note("a"));
    clock.at(START + 2 * DAY_MS, note("c"));
    await sleepUntil(clock, START + 30 * DAY_MS);
    expect(log).toEqual([`a +${DAY_MS}`, `b +${2 * DAY_MS}`, `c +${2 * DAY_MS}`]);
    expect(clock.now()).toBe(START + 30 * DAY_MS);
  });

  test("fire as soon as possible when their instant has passed", async () => {
    clock.at(START - 1, note("past"));
    await turns();
    expect(log).toEqual(["past +0"]);
  });

  test("do not fire once they are cancelled, which may be done twice", async () => {
    const cancel = clock.at(START + 1000, note("cancelled"));
    clock.at(START + 500, () => cancel());
    await sleepUntil(clock, START + 2000);
    cancel();
    expect(log).toEqual([]);
  });

  test("may set timers for the same instant", async () => {
    clock.at(START + 5, () => clock.at(START + 5, note("again")));
    await sleepUntil(clock, START + 6);
    expect(log).toEqual(["again +5"]);
  });

  test("never fire after the clock was closed", async () => {
    clock.at(START + 1, note("late"));
    clock.close();
    await turns();
    expect(log).toEqual([]);
  });
});

describe("time stands still", () => {
  test("while it is held, by however many", async () => {
    const [first, second] = [clock.hold(), clock.hold()];
    clock.at(START + 1000, note("fired"));
    await turns();
    first();
    first();
    await turns();
    expect(log).toEqual([]);
    second();
    await turns();
    expect(log).toEqual(["fired +1000"]);
  });

  test("while promises go on", async () => {
    clock.at(START + 1000, note("fired"));
    for (let step = 0; step < 1000; step++) await Promise.resolve();
    expect(log).toEqual([]);
  });

  test("while held work runs, also when it fails", async () => {
    clock.at(START + 1000, note("fired"));
    const work = held(clock, async () => {
      await turns();
      expect(log).toEqual([]);
      throw new Error("failed");
    });
    await expect(work).rejects.toThrow("failed");
    await turns();
    expect(log).toEqual(["fired +1000"]);
  });

  test("when there is no timer", async () => {
    await turns();
    expect(clock.now()).toBe(START);
  });
});

describe("a request over HTTP holds the clock until it is over", () => {
  let server: Server;
  let url: string;
  let answer: () => void;

  beforeEach(async () => {
    server = createServer((_, response) => {
      answer = () => response.end("done");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  test("answered", async () => {
    const asked = new Promise((resolve) => server.once("request", resolve));
    const done = new Promise((resolve) => get(url, (response) => response.resume().once("end", resolve)));
    clock.at(START + 1000, note("fired"));
    await asked;
    await turns();
    expect(log).toEqual([]);
    answer();
    await done;
    await sleepUntil(clock, START + 2000);
    expect(log).toEqual(["fired +1000"]);
  });

  test("cut", async () => {
    const asked = new Promise((resolve) => server.once("request", resolve));
    const failed = new Promise((resolve) => get(url).once("error", resolve));
    clock.at(START + 1000, note("fired"));
    await asked;
    server.closeAllConnections();
    await failed;
    await sleepUntil(clock, START + 2000);
    expect(log).toEqual(["fired +1000"]);
  });
});

test("thousands of timers cost no more than their number", async () => {
  const instants = Array.from({ length: 20_000 }, (_, n) => START + ((n * 7919) % 20_000));
  let fired = 0;
  for (const instant of instants) clock.at(instant, () => fired++);
  await sleepUntil(clock, START + 20_000);
  expect(fired).toBe(20_000);
});
