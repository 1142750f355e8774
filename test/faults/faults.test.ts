import { describe, expect, test } from "@jest/globals";
import { program } from "./outside-jest";

const { play, scheduleOf, verdictOnSeed } = program;

/** A short form of `npm run test:faults`: seeds of its own, so that both together see more. */
const FIRST_SEED = 1_000_001;
const SEEDS = 60;

test(`${SEEDS} seeded courses of faults break no invariant`, async () => {
  const violated: string[] = [];
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
    const { violations } = await verdictOnSeed(seed);
    violated.push(...violations.map((violation) => `npm run test:faults -- --seed ${seed} --trace: ${violation}`));
  }
  expect(violated).toEqual([]);
}, 300_000);

describe("a course", () => {
  test("follows from its seed, to the millisecond", async () => {
    const of = async (seed: number) => {
      const { runs, exchanges, deliveries, truth } = await play(scheduleOf(seed));
      return JSON.stringify({ runs, exchanges, deliveries, truth });
    };
    const first = await of(11);
    expect(await of(11)).toBe(first);
    expect(await of(12)).not.toBe(first);
  }, 60_000);

  test("is not the same for another seed", () => {
    expect(scheduleOf(1)).toEqual(scheduleOf(1));
    expect(scheduleOf(1)).not.toEqual(scheduleOf(2));
  });
});
