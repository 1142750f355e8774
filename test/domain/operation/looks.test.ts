import { describe, expect, test } from "@jest/globals";
import { FEWEST, growingLooks, nextLook, plannedLooks } from "../../../src/domain/operation/looks";
import { timingOf } from "../../../src/domain/operation/operation";

const MINUTE_MS = 60_000;
const install = timingOf("install", 240 * MINUTE_MS);
/** 8 to 25 minutes, evenly. */
const evenly = Array.from({ length: 64 }, (_, index) => (8 + (index * 17) / 63) * MINUTE_MS);

/** What it costs to look at these times: looks, and how late the end is seen, on average over what may come. */
function cost(looks: readonly number[], durations: readonly number[]) {
  const seen = durations.map((duration) => looks.findIndex((look) => look >= duration));
  const late = durations.map((duration, index) => (looks[seen[index] ?? -1] ?? Number.NaN) - duration);
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  return { looks: mean(seen) + 1, lateMs: mean(late), mostLateMs: Math.max(...late) };
}

describe("growingLooks", () => {
  test("look about seven times at an operation of which nothing is known, late by less than half of its time", () => {
    const { looks } = cost(growingLooks(install, 0.5), evenly);
    expect(looks).toBeLessThan(7.5);
    for (const spread of [0, 1]) {
      const all = growingLooks(install, spread);
      expect(all[0]).toBe(2 * MINUTE_MS * (1 + spread / 4));
      for (const [index, look] of all.slice(1).entries()) expect(look / (all[index] ?? 0)).toBeCloseTo(1.5, 3);
      expect(all.at(-1)).toBeGreaterThan(170 * MINUTE_MS);
    }
  });
});

describe("plannedLooks", () => {
  test("plans nothing from too little", () => {
    expect(plannedLooks(evenly.slice(0, FEWEST - 1), install, 0)).toEqual([]);
    expect(plannedLooks(evenly.slice(0, FEWEST), install, 0)).not.toEqual([]);
  });

  test("looks about three times at an operation, where a look every minute takes sixteen", () => {
    const { looks, lateMs } = cost(plannedLooks(evenly, install, 0.5), evenly);
    expect(looks).toBeLessThan(3.5);
    expect(lateMs).toBeLessThan(2.5 * MINUTE_MS);
  });

  test.each([0, 0.5, 1])("sees the longest of them at most a minute late (spread %d)", (spread) => {
    const planned = plannedLooks(evenly, install, spread);
    expect(planned.at(-1)).toBeGreaterThanOrEqual(25 * MINUTE_MS);
    expect(planned.at(-1)).toBeLessThanOrEqual(26 * MINUTE_MS);
  });

  test("runs that began together look at different times", () => {
    const firsts = [0, 0.25, 0.5, 0.75, 1].map((spread) => plannedLooks(evenly, install, spread)[0]);
    expect(new Set(firsts).size).toBe(5);
  });

  test.each([[timingOf("assess", 0)], [install]])(
    "never looks sooner than its pause after the look before: %j",
    (timing) => {
      const close = Array.from({ length: 64 }, (_, index) => 100_000 + index);
      const looks = plannedLooks([...close, ...evenly], timing, 0.3);
      for (const [index, look] of looks.entries()) {
        expect(look - (looks[index - 1] ?? 0)).toBeGreaterThanOrEqual(timing.pollEveryMs);
      }
    },
  );

  test("ends after a dozen looks, however long the tail", () => {
    const tail = Array.from({ length: 256 }, (_, index) => 2 ** (index / 16) * MINUTE_MS);
    expect(plannedLooks(tail, install, 0)).toHaveLength(12);
  });
});

describe("nextLook", () => {
  const followed = { since: 1_000_000, looks: [600_000, 900_000] };

  test.each([
    ["the first planned look", 1_000_000, undefined, 1_600_000],
    ["the next one, once the first was made", 1_600_500, undefined, 1_900_000],
    ["not sooner than Azure asks for", 1_000_000, 700_000, 1_700_000],
    ["the next one too when a timer brought the first a second early", 1_599_000, undefined, 1_900_000],
    ["never within 16 s", 1_598_999, undefined, 1_614_999],
    ["the usual pause when no look is left", 1_900_000, undefined, 1_960_000],
  ])("is %s", (_, now, retryAfterMs, at) => {
    expect(nextLook(now, followed, 60_000, 0, retryAfterMs)).toBe(at);
  });

  test("is the usual pause, spread, where nothing is planned", () => {
    expect(nextLook(0, { since: 0, looks: [] }, 30_000, 0.5)).toBe(35_000);
  });
});
