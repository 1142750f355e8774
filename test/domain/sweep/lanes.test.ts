import { describe, expect, test } from "@jest/globals";
import { newTrial } from "../../../src/domain/sweep/image-trial";
import { lanesInReach, MOST_FINISHED, reachOf, stageToOpen, without } from "../../../src/domain/sweep/lanes";
import { noControl, plannedState, type SweepState } from "../../../src/domain/sweep/state";
import type { SweepSight, SweepVm } from "../../../src/domain/sweep/tick";
import { policyOf, policyText } from "../../policy/policy-text";

const NOW = Date.parse("2026-12-01T06:00:00Z");
const policy = (more: string) => policyOf(policyText(`mode: patch\ninstall: { maximumDuration: PT1H }\n${more}`));
const OPEN = "exposure: { cap: 10000, ramp: [rest] }\n";
const lane = (left: number) => ({ left, from: 0 });
const vm = (index: number, imageId: string | null, stage = 0): SweepVm => ({
  key: `${stage}:${index}`,
  vmId: `vm-${index}`,
  stage,
  lane: index,
  imageId,
});

function sightOf(
  lefts: readonly number[],
  images: readonly (string | null)[],
  change: Partial<SweepSight> = {},
): SweepSight {
  const state: SweepState = {
    ...plannedState([lefts.reduce((sum, left) => sum + left, 0) + (change.active?.length ?? 0)], NOW),
    queue: { stage: 0, lanes: lefts.map(lane) },
  };
  return {
    now: NOW,
    policy: policy(`${OPEN}concurrency: 10\n`),
    control: noControl,
    appHeld: false,
    state,
    lanes: images.map((imageId, index) => ({ imageId, vms: lefts[index] ?? 0 })),
    active: [],
    ended: [],
    known: new Map(),
    ...change,
  };
}

describe("what a tick reads of the queue", () => {
  test("of lanes that may go as many as there is room for, the first first", () => {
    expect(reachOf(sightOf([4, 20, 5], [null, null, null]))).toEqual([
      { lane: 0, most: 10 },
      { lane: 1, most: 6 },
    ]);
  });

  test("of an unknown image version one, of one that is on its way nothing, and lanes that are empty not at all", () => {
    const active = [vm(2, "b")];
    const sight = sightOf([5, 0, 5, 5, 5], ["a", null, "b", null, "a"], { active });
    const images = { b: newTrial(NOW) };
    expect(reachOf({ ...sight, state: { ...sight.state, images } })).toEqual([
      { lane: 0, most: 1 },
      { lane: 3, most: 8 },
    ]);
  });

  test("nothing to release where there is no room; what is held back all the same", () => {
    const trial = { since: NOW, silent: [], against: ["x", "y"], supported: false };
    const sight = sightOf([5, 5, 5], [null, "bad", "new"], {
      policy: policy(`${OPEN}concurrency: 1\n`),
      active: [vm(9, null)],
    });
    expect(reachOf({ ...sight, state: { ...sight.state, images: { bad: trial } } })).toEqual([
      { lane: 1, most: MOST_FINISHED },
    ]);
  });

  test("of several lanes that are held back no more than a tick ends", () => {
    const trial = { since: NOW, silent: [], against: ["x", "y"], supported: false };
    const sight = sightOf([150, 150, 150], ["a", "b", "c"]);
    expect(reachOf({ ...sight, state: { ...sight.state, images: { a: trial, b: trial, c: trial } } })).toEqual([
      { lane: 0, most: MOST_FINISHED },
      { lane: 1, most: 50 },
    ]);
  });

  test("of a sweep that was stopped the first of all lanes", () => {
    const control = { ...noControl, cancelled: true };
    const sight = sightOf([150, 0, 150, 150], ["a", "b", null, "d"], { control });
    expect(reachOf(sight)).toEqual([
      { lane: 0, most: 150 },
      { lane: 2, most: 50 },
    ]);
  });

  test("nothing while the sweep waits, is over, has no queue open, or that of another stage", () => {
    const sight = sightOf([5], [null]);
    expect(reachOf({ ...sight, control: { ...noControl, paused: true } })).toEqual([]);
    expect(reachOf({ ...sight, state: plannedState([0], NOW) })).toEqual([]);
    expect(reachOf({ ...sight, state: plannedState([5], NOW) })).toEqual([]);
    expect(reachOf({ ...sight, state: { ...sight.state, stages: plannedState([0, 5], NOW).stages } })).toEqual([]);
    const unopened = { ...sight, state: plannedState([5], NOW), control: { ...noControl, cancelled: true } };
    expect(reachOf(unopened)).toEqual([]);
  });

  test("nothing, where no queue is open", () => {
    const { queue: _queue, ...state } = sightOf([5], [null]).state;
    expect(reachOf({ ...sightOf([5], [null]), state })).toEqual([]);
    expect(reachOf({ ...sightOf([5], [null]), state, control: { ...noControl, cancelled: true } })).toEqual([]);
  });

  test("of an image version only as many as its own step of the ramp has room for, in all its lanes", () => {
    const sight = sightOf([20, 20, 20], ["a", null, "a"], {
      policy: policy("exposure: { cap: 100, ramp: [1, 5, rest] }\nconcurrency: 20\n"),
    });
    const [stage] = sight.state.stages;
    const state: SweepState = {
      ...sight.state,
      stages: stage ? [{ ...stage, ended: 5, verified: 5 }] : [],
      images: { a: { since: NOW, silent: [], against: [], supported: true } },
      proofs: { a: { verified: 2, failed: 0 } },
    };
    expect(reachOf({ ...sight, state })).toEqual([
      { lane: 0, most: 3 },
      { lane: 1, most: 17 },
    ]);
  });

  test("a lane that nobody described is of no image version", () => {
    expect(reachOf(sightOf([5], []))).toEqual([{ lane: 0, most: 5 }]);
  });
});

test("in reach are lanes with VMs left: 64 beyond those that may wait for a VM in flight", () => {
  const { state } = sightOf([0, ...Array.from({ length: 100 }, () => 1)], []);
  expect(lanesInReach(state, 0)).toEqual(Array.from({ length: 64 }, (_, index) => ({ lane: index + 1, left: 1 })));
  expect(lanesInReach(state, 10)).toHaveLength(74);
  expect(lanesInReach(plannedState([1], NOW), 5)).toEqual([]);
});

describe("the stage whose queue is opened", () => {
  const state: SweepState = { ...plannedState([3, 3, 3], NOW), current: 1 };
  const ended = (...counts: readonly number[]): SweepState => ({
    ...state,
    stages: state.stages.map((tally, index) => ({ ...tally, ended: counts[index] ?? 0 })),
  });

  test("is the current one", () => {
    expect(stageToOpen({ state, control: noControl, inFlight: [] })).toBe(1);
  });

  test("of a sweep that is stopped is the first in which VMs wait", () => {
    const control = { ...noControl, cancelled: true };
    const stop = { reason: "approval" as const, detail: "nobody", at: NOW };
    expect(stageToOpen({ state: ended(3, 1, 0), control, inFlight: [vm(0, null, 1)] })).toBe(1);
    expect(stageToOpen({ state: ended(3, 2, 0), control, inFlight: [vm(0, null, 1)] })).toBe(2);
    expect(stageToOpen({ state: { ...ended(3, 3, 3), stop }, control: noControl, inFlight: [] })).toBe(1);
  });
});

test("VMs that left the queue are counted off their lanes; those of another stage are not in it", () => {
  const state: SweepState = {
    ...plannedState([9, 9], NOW),
    queue: { stage: 0, lanes: [lane(4), { left: 5, from: 3 }] },
  };
  const taken = [vm(1, null), { ...vm(1, null), key: "0:7" }, vm(0, null, 1)];
  expect(without(state, taken).queue?.lanes).toEqual([lane(4), { left: 3, from: 3 }]);
  expect(without(plannedState([1], NOW), taken)).toEqual(plannedState([1], NOW));
});
