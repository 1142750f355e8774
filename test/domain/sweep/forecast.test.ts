import { describe, expect, test } from "@jest/globals";
import { paceOf } from "../../../src/domain/rate/bucket";
import { callsOf, rebootsOf } from "../../../src/domain/sweep/forecast/calls";
import { forecast, type Expected, type SweepForecast } from "../../../src/domain/sweep/forecast/forecast";
import type { PlannedLane, PlannedSweep } from "../../../src/domain/sweep/forecast/plan";
import { randomOf } from "../../../src/domain/sweep/forecast/random";
import { policyOf, policyText } from "../../policy/policy-text";

const NOW = Date.parse("2026-12-01T06:00:00Z");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SEED = 7;
const policy = (more = "") => policyOf(policyText(`mode: patch\ninstall: { maximumDuration: PT1H }\n${more}`));
const CAREFREE = "exposure: { cap: 100%, ramp: [rest] }\nconcurrency: 1000\n";
/** Ten minutes of assessment and twenty of installation, each time. */
const LEARNED = { assess: [10, 10, 10].map((m) => m * MINUTE), install: [20, 20, 20].map((m) => m * MINUTE) };
const lane = (vms: number, more: Partial<PlannedLane> = {}): PlannedLane => ({
  imageId: null,
  osType: "Linux",
  vms,
  learned: LEARNED,
  ...more,
});
const sweep = (change: Partial<PlannedSweep>): PlannedSweep => ({
  now: NOW,
  policy: policy(CAREFREE),
  stages: [[lane(10)]],
  known: new Map(),
  mostActive: 1000,
  pace: paceOf({ capacity: 600, refill: 200, everyMs: MINUTE }, { reserve: 100 }),
  ...change,
});
const minutes = (expected: Expected | null | undefined): number => Math.round(((expected?.at ?? NaN) - NOW) / MINUTE);
const endOf = (change: Partial<PlannedSweep>): number => minutes(forecast(sweep(change), SEED).ends);

test("perf", () => {
  for (const [n, lanes, more] of [
    [1000, 3, ""],
    [100_000, 3, ""],
    [100_000, 500, ""],
    [100_000, 500, CAREFREE],
    [100_000, 500, `windows: [{ days: [Saturday, Sunday], from: "22:00", to: "04:00" }]\n`],
    [20_000, 100, `groups: [{ tag: node, concurrency: 1 }]\n`],
  ] as const) {
    const begun = performance.now();
    const f = forecast(
      sweep({
        policy: policy(`timeZone: Europe/Berlin\n${more}`),
        mostActive: 50,
        stages: [
          Array.from({ length: lanes }, (_, i) => lane(n / lanes, { imageId: `/image/${i}`, groups: [`0:${i}`] })),
        ],
      }),
      SEED,
    );
    process.stderr.write([n, lanes, more, f.plays, minutes(f.ends), Math.round(performance.now() - begun)].join(" | ") + "\n");
  }
  void [describe, callsOf, rebootsOf, randomOf, HOUR, endOf];
  void (undefined as unknown as SweepForecast);
  expect(1).toBe(1);
});
