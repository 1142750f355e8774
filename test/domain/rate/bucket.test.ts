import { describe, expect, test } from "@jest/globals";
import {
  asked,
  closed,
  drawn,
  earliest,
  FULL,
  isFull,
  paceOf,
  told,
  type Bucket,
} from "../../../src/domain/rate/bucket";

const NOW = 1_000_000;
/** A token a second, five at once, two of them for single runs. */
const PACE = paceOf({ capacity: 65, refill: 60, everyMs: 60_000 }, { reserve: 2 });
const afterDraws = (count: number, from: Bucket = FULL): Bucket =>
  Array.from({ length: count }).reduce<Bucket>((bucket) => drawn(bucket, PACE, NOW, NOW), from);

describe("paceOf", () => {
  test("leaves one refill of the capacity alone", () => {
    expect(paceOf({ capacity: 600, refill: 200, everyMs: 60_000 })).toEqual({
      burst: 400,
      intervalMs: 300,
      reserve: 0,
      headroomMs: 0,
    });
  });

  test("knows for how long the bucket keeps a token beside a smaller burst", () => {
    const pace = paceOf({ capacity: 200, refill: 10, everyMs: 1000 }, { burst: 20, reserve: 5 });
    expect(pace).toEqual({ burst: 20, intervalMs: 100, reserve: 5, headroomMs: 17_000 });
  });
});

describe("a bucket", () => {
  test("gives the burst at once, then one call each interval", () => {
    expect(earliest(afterDraws(4), PACE, "single", NOW)).toBeLessThanOrEqual(NOW);
    expect([5, 6, 7].map((count) => earliest(afterDraws(count), PACE, "single", NOW) - NOW)).toEqual([
      1000, 2000, 3000,
    ]);
  });

  test("keeps its reserve for single runs, and sweeps have it filled first", () => {
    const since = asked(FULL, NOW);
    expect(earliest(afterDraws(2, since), PACE, "sweep", NOW)).toBeLessThanOrEqual(NOW);
    expect(earliest(afterDraws(3, since), PACE, "sweep", NOW) - NOW).toBe(1000);
    expect(earliest(afterDraws(3, since), PACE, "single", NOW)).toBeLessThanOrEqual(NOW);
  });

  test("lends its reserve to sweeps where no single run came for five minutes", () => {
    expect(earliest(afterDraws(4), PACE, "sweep", NOW)).toBeLessThanOrEqual(NOW);
    const since = asked(FULL, NOW - 300_000);
    expect(earliest(afterDraws(4, since), PACE, "sweep", NOW)).toBeLessThanOrEqual(NOW);
    expect(earliest(afterDraws(4, since), PACE, "sweep", NOW - 1) - NOW).toBe(2000);
  });

  test("is full again when all it gave has come back", () => {
    expect([4999, 5000].map((later) => isFull(afterDraws(5), NOW + later))).toEqual([false, true]);
    expect(isFull({ fullAt: 0, closedUntil: NOW + 1 }, NOW)).toBe(false);
    expect([299_999, 300_000].map((later) => isFull(asked(FULL, NOW), NOW + later))).toEqual([false, true]);
  });

  test("does not fill up between now and a call that is granted for later", () => {
    expect(drawn(FULL, PACE, NOW + 9000, NOW).fullAt).toBe(NOW + 10_000);
  });

  test("fills up before a call for later as far as Azure's bucket has room beside the burst", () => {
    const pace = { ...PACE, headroomMs: 8000 };
    expect(drawn(FULL, pace, NOW + 9000, NOW).fullAt).toBe(NOW + 2000);
    expect(drawn(FULL, pace, NOW + 5000, NOW).fullAt).toBe(NOW + 1000);
  });

  test("gives less when others drew from it", () => {
    const bucket = told(afterDraws(1), PACE, 2, 0, NOW);
    expect(earliest(afterDraws(1, bucket), PACE, "single", NOW)).toBeLessThanOrEqual(NOW);
    expect(earliest(afterDraws(2, bucket), PACE, "single", NOW) - NOW).toBe(1000);
  });

  test("does not give tokens that are kept for calls on their way", () => {
    expect(told(FULL, PACE, 4, 3, NOW)).toEqual(told(FULL, PACE, 1, 0, NOW));
  });

  test("gives no more for having more tokens than thought", () => {
    expect(told(afterDraws(4), PACE, 65, 0, NOW)).toEqual(afterDraws(4));
  });

  test("is closed after a refusal, and then gives one call after the other, those first that were granted", () => {
    const bucket = closed(FULL, PACE, NOW + 30_000, 2);
    expect(bucket.closedUntil).toBe(NOW + 30_000);
    expect(earliest(bucket, PACE, "single", NOW) - NOW).toBe(32_000);
    expect(earliest(closed(FULL, PACE, NOW + 30_000, 0), PACE, "single", NOW) - NOW).toBe(30_000);
  });

  test("stays closed even if it is full", () => {
    expect(earliest({ fullAt: 0, closedUntil: NOW + 500 }, PACE, "single", NOW)).toBe(NOW + 500);
  });
});
