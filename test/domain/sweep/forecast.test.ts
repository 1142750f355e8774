import { describe, expect, test } from "@jest/globals";
import { paceOf } from "../../../src/domain/rate/bucket";
import { callsOf, rebootsOf } from "../../../src/domain/sweep/forecast/calls";
import { timingOf } from "../../../src/domain/operation/operation";
import { untilSeen } from "../../../src/domain/sweep/forecast/durations";
import { forecast, type Expected } from "../../../src/domain/sweep/forecast/forecast";
import type { PlannedLane, PlannedSweep } from "../../../src/domain/sweep/forecast/plan";
import { quantile, randomOf } from "../../../src/domain/sweep/forecast/random";
import { plannedState } from "../../../src/domain/sweep/state";
import { stageTimes } from "../../../src/domain/sweep/stage-times";
import { policyOf, policyText } from "../../policy/policy-text";

const NOW = Date.parse("2026-12-01T06:00:00Z");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SEED = 7;
const policy = (more = "") => policyOf(policyText(`mode: patch\ninstall: { maximumDuration: PT1H }\n${more}`));
const CAREFREE = "exposure: { cap: 100%, ramp: [rest] }\nconcurrency: 1000\n";
/** Ten minutes of assessment and twenty of installation, each time. */
const LEARNED = { assess: Array<number>(8).fill(10 * MINUTE), install: Array<number>(8).fill(20 * MINUTE) };
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

const image = (name: string): string => `/images/${name}`;
const verdict = (told: "supported" | "unsupported") => ({ told, vmId: "/earlier", at: NOW });

describe("a sweep whose VMs take half an hour each, and some minutes around it", () => {
  test("all at once", () => {
    expect(endOf({})).toBeGreaterThanOrEqual(31);
    expect(endOf({})).toBeLessThanOrEqual(36);
  });

  test.each<[string, Partial<PlannedSweep>, number]>([
    ["concurrency", { policy: policy(CAREFREE.replace("1000", "5")) }, 2],
    ["the app's active runs", { mostActive: 2 }, 5],
    ["the ramp", { policy: policy("exposure: { cap: 100%, ramp: [1, 3, rest] }\n") }, 3],
    ["groups", { policy: policy(`${CAREFREE}groups: [{ tag: a }]\n`), stages: [[lane(4, { groups: ["0:x"] })]] }, 4],
    [
      "one of an image version first",
      { stages: [[lane(4, { imageId: image("a") })]], policy: policy("exposure: { cap: 100%, ramp: [1, rest] }\n") },
      2,
    ],
    [
      "a stage after another",
      { policy: policy(`${CAREFREE}stages: [{ name: a, share: 1 }, { name: b }]\n`), stages: [[lane(1)], [lane(9)]] },
      2,
    ],
  ])("rounds by %s", (_what, change, rounds) => {
    expect(endOf(change)).toBeGreaterThanOrEqual(rounds * 31);
    expect(endOf(change)).toBeLessThanOrEqual(rounds * 36);
  });

  test("the ramp counts for each image version; one with a verdict need not tell first", () => {
    const known = new Map([[image("a"), verdict("supported")]]);
    const stages = [[lane(4, { imageId: image("a") })]];
    expect(endOf({ stages, known })).toBeLessThanOrEqual(36);
    const ramp = "exposure: { cap: 100%, ramp: [2, rest] }\nconcurrency: 1000\n";
    expect(
      endOf({
        stages: [[lane(4, { imageId: image("a") }), lane(4, { imageId: image("a"), osType: null })]],
        known,
        policy: policy(ramp),
      }),
    ).toBeGreaterThan(62);
  });

  test("a full image version does not keep others waiting; an assessing sweep has no ramp", () => {
    const known = new Map([[image("a"), verdict("supported")]]);
    const a = { imageId: image("a") };
    const stages = [[lane(4, a), lane(4, { ...a, osType: null }), lane(100)]];
    expect(endOf({ stages, known, policy: policy('exposure: { cap: 100%, ramp: ["10%", rest] }\n') })).toBeGreaterThan(
      62,
    );
    expect(endOf({ stages, known, policy: policyOf(policyText("concurrency: 1000\n")) })).toBeLessThan(20);
  });

  test("the wait after a stage, not after one without VMs", () => {
    const two = policy(`${CAREFREE}stages: [{ name: a, share: 1, wait: PT1H }, { name: b }]\n`);
    const { stages } = forecast(sweep({ policy: two, stages: [[lane(1)], [lane(1)]] }), SEED);
    expect(minutes(stages[1]?.begins) - minutes(stages[0]?.ends)).toBe(60);
    const empty = forecast(sweep({ policy: two, stages: [[], [lane(1)]] }), SEED);
    expect(empty.stages[0]).toEqual({ vms: 0, heldBack: 0, begins: null, ends: null });
    expect(minutes(empty.stages[1]?.begins)).toBe(0);
    expect(forecast(sweep({ policy: two, stages: [[], []] }), SEED).ends).toBeNull();
    expect(endOf({ stages: [[lane(1)], [lane(1)]] })).toBeLessThanOrEqual(72);
  });

  test("windows and blackouts: nothing begins outside, and what was begun ends", () => {
    const late = 'windows: [{ days: [Tuesday], from: "08:00", to: "10:00" }]\n';
    const { stages } = forecast(sweep({ policy: policy(CAREFREE + late) }), SEED);
    expect(minutes(stages[0]?.begins)).toBe(120);
    // A release needs half an hour and an hour: of ten VMs, one at a time, one each Tuesday.
    const weekly = endOf({ policy: policy(CAREFREE.replace("1000", "1") + late), stages: [[lane(3)]] });
    expect(Math.floor(weekly / (24 * 60))).toBe(14);
    const years = { policy: policy(CAREFREE.replace("1000", "1") + late), stages: [[lane(70)]] };
    expect(forecast(sweep(years), SEED).ends).toBeNull();
    const assess = policyOf(policyText(`install: { maximumDuration: PT1H }\n${CAREFREE}${late}`));
    expect(minutes(forecast(sweep({ policy: assess }), SEED).ends)).toBeLessThan(120 + 16);
  });

  test("windows that never open: it ends nowhere", () => {
    const never = policy(`${CAREFREE}blackouts: [{ from: 2026-11-01, to: 2028-12-31 }]\n`);
    expect(forecast(sweep({ policy: never, stages: [[lane(1)], [lane(1)]] }), SEED)).toMatchObject({
      ends: null,
      stages: [{ begins: null, ends: null }, { begins: null }],
    });
  });

  test("an image version that is Unsupported: one VM more is asked, then the others are held back", () => {
    const known = new Map([[image("a"), verdict("unsupported")]]);
    const told = forecast(sweep({ known, stages: [[lane(6, { imageId: image("a") })]] }), SEED);
    expect(told.stages[0]?.heldBack).toBe(5);
    expect(minutes(told.ends)).toBeLessThanOrEqual(13);
    const { calls, reboots } = { calls: callsOf(policy(), told, 1), reboots: rebootsOf(policy(), told) };
    expect([calls.armWrites, reboots]).toEqual([
      { least: 1, most: 2 },
      { least: 0, most: 1 },
    ]);
  });

  test("the rate: two calls a VM, 200 calls a minute", () => {
    const most = endOf({
      mostActive: 20_000,
      policy: policy("exposure: { cap: 100%, ramp: [rest] }\nconcurrency: 1000\n"),
      stages: [[lane(1000)]],
    });
    expect(most).toBeGreaterThanOrEqual(38);
  });
});

test("few learned: the end is seen late, for looks grow apart where a kind is hardly known", () => {
  const few = { assess: LEARNED.assess.slice(0, 3), install: LEARNED.install.slice(0, 3) };
  expect(endOf({ stages: [[lane(10, { learned: few })]] })).toBeGreaterThan(36);
  expect(endOf({ stages: [[lane(10, { learned: few })]] })).toBeLessThan(60);
  expect(untilSeen(few.assess, timingOf("assess", HOUR), () => 0)(90 * HOUR)).toBe(90 * HOUR);
});

test("nothing learned: somewhere in the assumed ranges, and therefore wide", () => {
  const of = (learned: PlannedLane["learned"]) => forecast(sweep({ stages: [[lane(10, { learned })]] }), SEED).ends;
  const width = (ends: Expected | null) => (ends ? ends.within90[1] - ends.within90[0] : 0);
  expect(width(of({ assess: [], install: [] }))).toBeGreaterThan(3 * width(of(LEARNED)));
  expect(minutes(of({ assess: [], install: [] }))).toBeGreaterThan(20);
});

test("the same seed is the same forecast, and intervals are nested", () => {
  const one = forecast(sweep({ stages: [[lane(30, { learned: { assess: [], install: [] } })]] }), SEED);
  const again = forecast(sweep({ stages: [[lane(30, { learned: { assess: [], install: [] } })]] }), SEED);
  expect(again).toEqual(one);
  const [low, , high] = [...(one.ends?.within90 ?? []), ...(one.ends?.within50 ?? [])].sort((a, b) => a - b);
  expect(one.ends?.within90[0]).toBe(low);
  expect(one.ends?.within90[1]).toBeGreaterThanOrEqual(high ?? 0);
  expect(randomOf(1)()).not.toBe(randomOf(2)());
});

test("20,000 VMs of 40 groups take as few plays as are needed", () => {
  const stages = [Array.from({ length: 40 }, (_, index) => lane(500, { groups: [`0:${index}`] }))];
  const told = forecast(sweep({ policy: policy("groups: [{ tag: a }]\n"), stages, mostActive: 50 }), SEED);
  expect(told.stages[0]?.vms).toBe(20_000);
  expect(told.plays).toBeGreaterThanOrEqual(10);
  expect(told.plays).toBeLessThan(120);
}, 60_000);

test("a quantile lies between two values by proportion", () => {
  expect([quantile([], 0.5), quantile([4], 0.9), quantile([0, 10], 0.25)]).toEqual([0, 4, 2.5]);
});

describe("calls and reboots", () => {
  const told = forecast(sweep({}), SEED);
  test("an assessing sweep installs and reboots nothing", () => {
    const assess = policyOf(policyText());
    expect(callsOf(assess, told, 3).armWrites).toEqual({ least: 10, most: 10 });
    expect(rebootsOf(assess, told)).toEqual({ least: 0, most: 0 });
  });
  test("a sweep that ends nowhere asks Resource Graph as often as its VMs want", () => {
    expect(callsOf(policy(), { ...told, ends: null }, 3).graphQueries).toEqual({ least: 4, most: 83 });
  });
  test.each([
    ["Never", 0, 0],
    ["Always", 10, 10],
    ["IfRequired", 0, 10],
  ])("%s", (setting, least, most) => {
    const given = policyOf(policyText(`mode: patch\ninstall: { maximumDuration: PT1H, rebootSetting: ${setting} }\n`));
    expect(rebootsOf(given, told)).toEqual({ least, most });
  });
});

test("stage times: when it was seen to begin and to end", () => {
  const state = { ...plannedState([1, 2], NOW), begun: true };
  const first = stageTimes(undefined, state, NOW);
  expect(first).toEqual([{ beganAt: NOW }, {}]);
  const [one, two] = state.stages;
  const over = {
    ...state,
    current: 1,
    begun: false,
    stages: [{ ...(one ?? state.stages[0]), ended: 1 }, two],
  } as typeof state;
  const second = stageTimes(first, over, NOW + MINUTE);
  expect(second).toEqual([{ beganAt: NOW, endedAt: NOW + MINUTE }, {}]);
  expect(stageTimes(second, over, NOW + HOUR)).toEqual(second);
});
