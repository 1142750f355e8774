import { describe, expect, test } from "@jest/globals";
import { decideTick } from "../../../src/domain/sweep/decide-tick";
import { MOST_FINISHED } from "../../../src/domain/sweep/lanes";
import { noControl, plannedState, type SweepState } from "../../../src/domain/sweep/state";
import type { SweepVm, TickView } from "../../../src/domain/sweep/tick";
import { policyOf, policyText } from "../../policy/policy-text";

const NOW = Date.parse("2026-12-01T06:00:00Z");
const MINUTE = 60_000;
const policy = (more = "") => policyOf(policyText(`mode: patch\ninstall: { maximumDuration: PT1H }\n${more}`));
const OPEN = "exposure: { cap: 1000, ramp: [rest] }\nconcurrency: 1000\n";
const vm = (index: number, more: Partial<SweepVm> = {}): SweepVm => ({
  key: `00:${index}`,
  vmId: `vm-${index}`,
  stage: 0,
  lane: 0,
  imageId: null,
  ...more,
});
const vms = (count: number, more: Partial<SweepVm> = {}) =>
  Array.from({ length: count }, (_, index) => vm(index, more));
const patched = (of: SweepVm) => ({ ...of, code: "Patched" as const, failed: false, verified: true });
const harmed = (of: SweepVm) => ({ ...of, code: "NotWellAfterInstall" as const, failed: true, verified: false });

/** A view whose queue is open: a lane for each image version of the VMs that wait, and all of them read. */
function viewOf(change: Partial<TickView> & Pick<TickView, "policy">): TickView {
  const state = change.state ?? plannedState([change.queued?.length ?? 0], NOW);
  const images = [...new Set((change.queued ?? []).map(({ imageId }) => imageId))];
  const queued = (change.queued ?? []).map((each) => ({ ...each, lane: images.indexOf(each.imageId) }));
  const lanes = images.map((_, lane) => ({ left: queued.filter((each) => each.lane === lane).length, from: 0 }));
  return {
    now: NOW,
    control: noControl,
    appHeld: false,
    active: [],
    ended: [],
    known: new Map(),
    ...change,
    queued,
    lanes: images.map((imageId, lane) => ({ imageId, vms: lanes[lane]?.left ?? 0 })),
    state: { ...state, queue: { stage: queued[0]?.stage ?? state.current, lanes } },
  };
}

describe("what a tick releases", () => {
  test("as many as concurrency, the stage's concurrency and the ramp have room for", () => {
    const count = (more: string) => decideTick(viewOf({ policy: policy(more), queued: vms(40) })).release.length;
    expect(count(OPEN)).toBe(40);
    expect(count("exposure: { cap: 1000, ramp: [rest] }\nconcurrency: 7\n")).toBe(7);
    expect(count(`${OPEN}stages: [{ name: all, concurrency: 3 }]\n`)).toBe(3);
    expect(count("")).toBe(1);
  });

  test("an assessing sweep has no exposure", () => {
    const decision = decideTick(viewOf({ policy: { ...policy(), mode: "assess" }, queued: vms(40) }));
    expect(decision.release).toHaveLength(40);
  });

  test("no more than get their turn to assess soon, and then looks after half a minute", () => {
    const flying = (count: number, waits: boolean) =>
      vms(count).map((each) => ({ ...each, key: `00:f${waits}${each.key}`, waits }));
    const decide = (active: TickView["active"]) => {
      const queued = vms(600);
      const state = plannedState([queued.length + active.length], NOW);
      return decideTick(viewOf({ policy: policy(OPEN), queued, active, state }));
    };
    expect(decide([]).release).toHaveLength(250);
    // Those that assess already, or are not ready, are in nobody's way.
    const decision = decide([...flying(100, true), ...flying(300, false)]);
    expect(decision.release).toHaveLength(150);
    expect(decision.lookAt).toBe(NOW + MINUTE / 2);
    expect(decide(flying(251, true)).release).toEqual([]);
    expect(decideTick(viewOf({ policy: policy(OPEN), queued: vms(40) })).lookAt).toBe(NOW + MINUTE);
  });

  test("one of each unknown image version", () => {
    const queued = [vm(0, { imageId: "a" }), vm(1, { imageId: "a" }), vm(2, { imageId: "b" }), vm(3)];
    const decision = decideTick(viewOf({ policy: policy(OPEN), queued }));
    expect(decision.release).toEqual(["00:0", "00:2", "00:3"]);
    expect(Object.keys(decision.state.images)).toEqual(["a", "b"]);
  });

  test("in the order of the queue", () => {
    const queued = [vm(7), vm(3), vm(5)];
    const two = policy("exposure: { cap: 1000, ramp: [rest] }\nconcurrency: 2\n");
    const decision = decideTick(viewOf({ policy: two, queued }));
    expect(decision.release).toEqual(["00:7", "00:3"]);
    expect(decision.state.queue?.lanes).toEqual([{ left: 1, from: 0 }]);
  });

  test("nobody of another stage", () => {
    const queued = [vm(0), vm(1, { stage: 1 })];
    const state = plannedState([1, 1], NOW);
    const two = policy(`${OPEN}stages: [{ name: one, share: 1 }, { name: two }]\n`);
    expect(decideTick(viewOf({ policy: two, queued, state })).release).toEqual(["00:0"]);
  });
});

describe("what it ends without a run", () => {
  test("a limited number a tick, and the rest soon", () => {
    const queued = vms(MOST_FINISHED + 50);
    const control = { ...noControl, cancelled: true };
    const decision = decideTick(viewOf({ policy: policy(), queued, control }));
    expect(decision).toMatchObject({ status: { kind: "stopping" }, lookAt: NOW + 2000 });
    expect(decision.finish.map(({ keys, code }) => [keys.length, code])).toEqual([[MOST_FINISHED, "SweepCancelled"]]);
    expect(decision.state.stages[0]).toMatchObject({
      ended: MOST_FINISHED,
      failed: 0,
      outcomes: { cancelled: MOST_FINISHED },
    });
  });

  test("held-back VMs of several image versions share that number", () => {
    const queued = [
      ...vms(150, { imageId: "a" }),
      ...vms(150, { imageId: "b" }).map((each) => ({ ...each, key: `x${each.key}` })),
      vm(999, { imageId: "c" }),
    ];
    const trial = { since: 0, silent: [], against: ["one", "two"], supported: false };
    const state = {
      ...plannedState([queued.length], NOW),
      images: { a: trial, b: trial, c: { ...trial, against: ["x", "y"] } },
    };
    const { finish } = decideTick(viewOf({ policy: policy(OPEN), queued, state }));
    expect(finish.reduce((sum, { keys }) => sum + keys.length, 0)).toBe(MOST_FINISHED);
    expect(finish).toHaveLength(1);
  });

  test("nothing while the last ones are in flight", () => {
    const state = { ...plannedState([1], NOW), stop: { reason: "approval" as const, detail: "nobody", at: 0 } };
    const decision = decideTick(viewOf({ policy: policy(), active: [vm(0)], state }));
    expect(decision).toMatchObject({ finish: [], status: { kind: "stopping" }, lookAt: NOW + MINUTE });
  });
});

describe("what it waits for", () => {
  test("a window, and looks when it opens, or after five minutes to hear a cancellation", () => {
    const closed = (from: string) => policy(`windows: [{ from: "${from}", to: "12:00" }]\n`);
    const look = (from: string) => decideTick(viewOf({ policy: closed(from), queued: vms(1) }));
    expect(look("06:03")).toMatchObject({
      status: { for: "window", until: NOW + 3 * MINUTE },
      lookAt: NOW + 3 * MINUTE,
    });
    expect(look("08:00")).toMatchObject({ status: { for: "window" }, lookAt: NOW + 5 * MINUTE });
  });

  test("while VMs are in flight it looks every minute", () => {
    const control = { ...noControl, paused: true };
    expect(
      decideTick(viewOf({ policy: policy(), active: vms(1), state: plannedState([1], NOW), control })).lookAt,
    ).toBe(NOW + MINUTE);
  });

  test("no window for more than a year: it stops", () => {
    const frozen = policy("blackouts: [{ from: 2026-01-01, to: 2029-01-01 }]\n");
    const decision = decideTick(viewOf({ policy: frozen, queued: vms(1) }));
    expect(decision.state.stop?.reason).toBe("noWindow");
    expect(decision.finish[0]?.code).toBe("SweepStopped");
  });

  const gated = (onTimeout: string) =>
    policy(`${OPEN}stages: [{ name: all, gate: { timeout: PT1H, onTimeout: ${onTimeout} } }]\n`);

  test.each([
    ["stop", 59, "waiting"],
    ["stop", 60, "over"],
    ["go", 59, "waiting"],
    ["go", 60, "working"],
  ])("an approval: %s after %i minutes: %s", (onTimeout, minutes, kind) => {
    const state = plannedState([1], NOW);
    const decision = decideTick(
      viewOf({ policy: gated(onTimeout), queued: vms(1), state, now: NOW + minutes * MINUTE }),
    );
    expect(decision.status.kind).toBe(kind);
  });

  test("a timeout that is none is over at once", () => {
    const broken = policy(OPEN);
    const gate = { timeout: "soon", onTimeout: "stop" as const };
    const stages = broken.stages.map((stage) => ({ ...stage, gate }));
    expect(decideTick(viewOf({ policy: { ...broken, stages }, queued: vms(1) })).state.stop?.reason).toBe("approval");
  });

  test("an approval that was given", () => {
    const control = { ...noControl, approved: ["all"] };
    expect(decideTick(viewOf({ policy: gated("stop"), queued: vms(1), control })).release).toHaveLength(1);
  });
});

describe("from stage to stage", () => {
  const two = policy(`${OPEN}stages: [{ name: one, share: 1, wait: PT30M }, { name: two }]\n`);

  test("the wait counts from the end of the stage", () => {
    const ended = [patched(vm(0))];
    const state = { ...plannedState([1, 1], NOW), begun: true };
    const decision = decideTick(viewOf({ policy: two, ended, state, now: NOW + 5 * MINUTE }));
    expect(decision.status).toEqual({ kind: "waiting", for: "wait", until: NOW + 35 * MINUTE });
    expect(decision.state).toMatchObject({ current: 1, begun: false });
  });

  test("an empty stage is passed without waiting", () => {
    const state = plannedState([0, 1], NOW);
    const queued = [vm(1, { stage: 1 })];
    expect(decideTick(viewOf({ policy: two, queued, state })).release).toEqual(["00:1"]);
  });

  test("a sweep without VMs is over", () => {
    expect(decideTick(viewOf({ policy: two, state: plannedState([0, 0], NOW) })).status).toEqual({ kind: "over" });
  });

  test("a policy that lost its stages stops nothing and waits for nothing", () => {
    const state = plannedState([1, 1], NOW);
    const ended = [patched(vm(0))];
    const none = { ...two, stages: [] };
    const queued = [vm(1, { stage: 1 })];
    expect(decideTick(viewOf({ policy: none, state, ended, queued })).release).toEqual(["00:1"]);
  });
});

test("failed VMs that use up the ramp's step stop the sweep once nothing is in flight", () => {
  const state = { ...plannedState([5], NOW), begun: true };
  const ended = [harmed(vm(0))];
  const lenient = policy("failureBudget: 5\nstages: [{ name: all, failureBudget: 5 }]\n");
  const decision = decideTick(viewOf({ policy: lenient, queued: vms(5).slice(1), ended, state }));
  expect(decision.state.stop).toMatchObject({
    reason: "exposure",
    detail: expect.stringMatching(/^1 failed VMs use up/),
  });
  expect(decision.finish[0]?.keys).toHaveLength(4);
});

describe("the ramp climbs on verified VMs alone", () => {
  const lenient = "failureBudget: 9\nstages: [{ name: all, failureBudget: 9 }]\n";
  const ramp = policy(`exposure: { cap: 100, ramp: [1, 3, rest] }\nconcurrency: 100\n${lenient}`);
  const after = (...ended: TickView["ended"]) => {
    const queued = vms(20).slice(ended.length);
    const state = { ...plannedState([20], NOW), begun: true };
    return decideTick(viewOf({ policy: ramp, queued, ended, state })).release.length;
  };
  const untouched = (index: number, code: "VmBusy" | "VmStopped") => ({
    ...vm(index),
    code: code === "VmBusy" ? ("OperationInProgress" as const) : code,
    failed: false,
    verified: false,
  });

  test("a VM that ended untouched gives its place to one other", () => {
    expect(after(untouched(0, "VmBusy"))).toBe(1);
    expect(after(...Array.from({ length: 10 }, (_, index) => untouched(index, "VmStopped")))).toBe(1);
  });

  test("one that is verified begins the next step", () => {
    expect(after(untouched(0, "VmBusy"), patched(vm(1)))).toBe(2);
    expect(after(patched(vm(0)), patched(vm(1)), patched(vm(2)))).toBe(17);
  });

  test("one that failed keeps its place", () => {
    expect(after(patched(vm(0)), harmed(vm(1)))).toBe(1);
    expect(after(patched(vm(0)), harmed(vm(1)), harmed(vm(2)))).toBe(0);
  });
});

describe("patches that hurt an image version", () => {
  const lenient = "failureBudget: 50%\nstages: [{ name: all, failureBudget: 50% }]\n";
  const ramp = policy(`exposure: { cap: 100, ramp: [1, 3, rest] }\nconcurrency: 100\n${lenient}`);
  const supported = { since: NOW, silent: [], against: [], supported: true };
  const images = { a: supported, b: supported };
  const of = (imageId: string, from: number, to: number) => vms(to, { imageId }).slice(from);
  const begun = (proofs: SweepState["proofs"], verified: number, failed: number): SweepState => {
    const stage = { vms: 40, ended: verified + failed, verified, failed, outcomes: {} };
    return { ...plannedState([40], NOW), begun: true, images, proofs, stages: [stage] };
  };
  const released = (decision: ReturnType<typeof decideTick>, queued: readonly SweepVm[]) =>
    decision.release.map((key) => queued.find((each) => each.key === key)?.imageId);

  test("VMs of another prove nothing about it: one goes first, and the others wait for it", () => {
    const queued = [...of("a", 10, 15), ...of("b", 20, 30)];
    const state = begun({ a: { verified: 10, failed: 0 } }, 10, 0);
    const decision = decideTick(viewOf({ policy: ramp, queued, state }));
    expect(released(decision, queued)).toEqual(["a", "a", "a", "a", "a", "b"]);
    const waits = decideTick(viewOf({ policy: ramp, queued: queued.slice(6), active: of("b", 20, 21), state }));
    expect(waits).toMatchObject({ release: [], finish: [] });
  });

  test("its own VMs do, once they are known to be well", () => {
    const queued = of("b", 20, 30);
    const state = begun({ a: { verified: 10, failed: 0 } }, 10, 0);
    const ended = [patched(vm(31, { imageId: "b" })), patched(vm(32))];
    const decision = decideTick(viewOf({ policy: ramp, queued, ended, state }));
    expect(decision.release).toHaveLength(2);
    expect(decision.state.proofs).toEqual({ a: { verified: 10, failed: 0 }, b: { verified: 1, failed: 0 } });
  });

  test("one that ended untouched shows nothing", () => {
    const ended = [{ ...vm(1, { imageId: "b" }), code: "VmStopped" as const, failed: false, verified: false }];
    const decision = decideTick(viewOf({ policy: ramp, queued: of("b", 2, 5), ended, state: begun({}, 0, 0) }));
    expect(decision.state.proofs).toEqual({});
    expect(decision.release).toHaveLength(1);
  });

  test("an image version that no lane names goes as the sweep has room", () => {
    const view = viewOf({ policy: ramp, queued: of("b", 20, 30), state: begun({}, 10, 0) });
    expect(decideTick({ ...view, lanes: [] }).release).toHaveLength(10);
  });

  test("hold back the rest of it, and nothing else", () => {
    const queued = [...of("a", 10, 15), ...of("b", 20, 30)];
    const ended = [harmed(vm(31, { imageId: "b" }))];
    const decision = decideTick(
      viewOf({ policy: ramp, queued, ended, state: begun({ a: { verified: 10, failed: 0 } }, 10, 0) }),
    );
    expect(released(decision, queued)).toEqual(["a", "a", "a", "a", "a"]);
    expect(decision.finish).toEqual([
      {
        keys: of("b", 20, 30).map(({ key }) => key),
        code: "ImageHeldBack",
        detail: "1 of its image version failed at the step of 1 VMs of exposure.ramp",
      },
    ]);
  });
});

describe("when it looks again", () => {
  test("soon, where it has room for what it has not seen", () => {
    const two = policy(`${OPEN}stages: [{ name: one, share: 1 }, { name: two }]\n`);
    const state = { ...plannedState([1, 1], NOW), begun: true };
    const decision = decideTick(viewOf({ policy: two, state, ended: [patched(vm(0))] }));
    expect(decision).toMatchObject({ release: [], lookAt: NOW + 2000, state: { current: 1, begun: true } });
    const lanes = Array.from({ length: 70 }, () => ({ left: 1, from: 0 }));
    const view = viewOf({ policy: policy(OPEN), queued: [vm(0)], state: plannedState([70], NOW) });
    const wide = { ...view, state: { ...view.state, queue: { stage: 0, lanes } } };
    expect(decideTick(wide).lookAt).toBe(NOW + 2000);
  });

  test("after a minute, where all is seen or there is no room", () => {
    expect(decideTick(viewOf({ policy: policy(OPEN), queued: vms(3) })).lookAt).toBe(NOW + MINUTE);
    expect(decideTick(viewOf({ policy: policy(), queued: vms(3) })).lookAt).toBe(NOW + MINUTE);
  });
});

test("what VMs in flight and ended ones tell is kept for their image version", () => {
  const trial = { since: NOW, silent: [], against: [], supported: false };
  const state = { ...plannedState([4], NOW), images: { a: trial, b: trial } };
  const active = [{ ...vm(0, { imageId: "a" }), told: "supported" as const }];
  const ended = [{ ...vm(1, { imageId: "b" }), code: "VmStopped" as const, failed: false, verified: false }];
  const { images } = decideTick(viewOf({ policy: policy(OPEN), active, ended, state })).state;
  expect(images["a"]).toMatchObject({ supported: true });
  expect(images["b"]).toMatchObject({ supported: false, silent: ["vm-1"] });
});

describe("hooks before and after a stage", () => {
  const hooked = policy(
    `${OPEN}stages: [{ name: one, share: 1 }, { name: two }]\nhooks:\n  beforeStage: { url: "https://hooks.example.com", key: hook }\n  afterStage: { url: "https://hooks.example.com", key: hook }\n`,
  );
  const planned = plannedState([1, 1], NOW);
  const look = (answers: Record<string, string>, change: Partial<TickView> = {}) =>
    decideTick(
      viewOf({
        policy: hooked,
        queued: [vm(0), vm(1, { stage: 1 })],
        state: planned,
        stageAnswers: new Map(Object.entries(answers)),
        ...change,
      }),
    );
  const over = {
    ...planned,
    begun: true,
    stages: [
      { vms: 1, ended: 1, failed: 0, verified: 0, outcomes: {} },
      { vms: 1, ended: 0, failed: 0, verified: 0, outcomes: {} },
    ],
  };

  test("a stage begins with its hook's yes, and stops the sweep with its no", () => {
    const asked = look({});
    expect(asked).toMatchObject({
      release: [],
      status: { kind: "waiting", for: "hook", hook: { moment: "beforeStage", stage: 0 } },
      state: { begun: false },
    });
    expect(look({ "beforeStage:0": "agreed" }).release).toEqual(["00:0"]);
    const refused = look({ "beforeStage:0": "it answered 403" });
    expect(refused.state.stop).toEqual({
      reason: "hook",
      detail: "hook beforeStage of stage one: it answered 403",
      at: NOW,
    });
    expect(refused.finish[0]).toMatchObject({ keys: ["00:0", "00:1"], code: "SweepStopped" });
  });

  test("one that is begun is not asked for again", () => {
    expect(look({}, { state: { ...planned, begun: true } }).release).toEqual(["00:0"]);
  });

  test("it is asked only when nothing else stands before the stage", () => {
    expect(look({}, { control: { ...noControl, paused: true } }).status).toMatchObject({ for: "pause" });
  });

  test("the next stage is reached once the hook after the one before said yes", () => {
    const queued = [vm(1, { stage: 1 })];
    expect(look({}, { state: over, queued }).status).toMatchObject({
      for: "hook",
      hook: { moment: "afterStage", stage: 0 },
    });
    expect(look({ "afterStage:0": "agreed" }, { state: over, queued })).toMatchObject({
      status: { for: "hook", hook: { moment: "beforeStage", stage: 1 } },
      state: { current: 1 },
    });
    expect(look({ "afterStage:0": "no" }, { state: over, queued }).state.stop?.reason).toBe("hook");
  });

  test("the last stage has one after it too", () => {
    const done = { ...over, current: 1, stages: [...over.stages.map((tally) => ({ ...tally, ended: 1 }))] };
    expect(look({}, { state: done, queued: [] }).status).toMatchObject({ for: "hook" });
    expect(look({ "afterStage:1": "agreed" }, { state: done, queued: [] }).status).toEqual({ kind: "over" });
    expect(look({ "afterStage:1": "no" }, { state: done, queued: [] })).toMatchObject({
      status: { kind: "over" },
      state: { stop: { detail: "hook afterStage of stage two: no" } },
    });
  });

  test("a policy without them asks nobody, and answers that nobody looked up are none", () => {
    expect(decideTick(viewOf({ policy: policy(OPEN), queued: vms(1) })).release).toEqual(["00:0"]);
    expect(decideTick(viewOf({ policy: hooked, queued: vms(1) })).status).toMatchObject({ for: "hook" });
  });
});
