import { outcomeOf, type OutcomeCode } from "../outcome/table";
import { policyDurationMs } from "../policy/duration";
import { exposureLimit } from "../policy/exposure";
import type { Policy } from "../policy/policy";
import { heard, newTrial, trialState, type KnownVerdict, type Told } from "./image-trial";
import { spentBudget } from "./post-gate";
import { hookState, type StageAnswers, type StageHook } from "./stage-hook";
import { tallied, type EndedVm, type SweepControl, type SweepState, type SweepStop } from "./state";
import { releaseGateAt } from "./times";

export interface SweepVm {
  /** Unique in the sweep. */
  readonly key: string;
  readonly vmId: string;
  readonly stage: number;
  /** Null: no image version stands behind it. */
  readonly imageId: string | null;
}

/** What one tick sees. Instants are milliseconds since the epoch. */
export interface TickView {
  readonly now: number;
  readonly policy: Policy;
  readonly control: SweepControl;
  /** What keeps every run of the app from sending anything. */
  readonly appHeld: boolean;
  readonly state: SweepState;
  /** Those of the current stage, or more, in their order. */
  readonly queued: readonly SweepVm[];
  /** In flight. */
  readonly active: readonly (SweepVm & { readonly told?: Told })[];
  /** Ended since the last tick. */
  readonly ended: readonly (SweepVm & Pick<EndedVm, "code" | "failed"> & { readonly told?: Told })[];
  readonly known: ReadonlyMap<string, KnownVerdict>;
  /** What hooks before and after stages answered; absent: none was asked. */
  readonly stageAnswers?: StageAnswers;
}

export type SweepStatus =
  | { readonly kind: "working" }
  | {
      readonly kind: "waiting";
      readonly for: "approval" | "hook" | "pause" | "stop" | "wait" | "window";
      readonly until?: number;
      /** The hook that is to be asked now. */
      readonly hook?: StageHook;
    }
  /** It starts nothing more; what is in flight is followed to its end. */
  | { readonly kind: "stopping" }
  | { readonly kind: "over" };

/** VMs that end without a run, with the same reason. */
export interface Finish {
  readonly keys: readonly string[];
  readonly code: OutcomeCode;
  readonly detail: string;
}

export interface TickDecision {
  readonly state: SweepState;
  /** Keys of queued VMs whose runs start. */
  readonly release: readonly string[];
  readonly finish: readonly Finish[];
  readonly status: SweepStatus;
  readonly lookAt: number;
}

/** Runs take many minutes; a minute more between two of them is little. */
const TICK_MS = 60_000;
/** How long an operator's word may go unheard while a sweep waits for a time to come. */
const LONGEST_PAUSE_MS = 5 * 60_000;
/** There is more to do at once. */
const SOON_MS = 2_000;
/** VMs that one tick ends without a run: each is two rows to write. */
export const MOST_FINISHED = 200;

/**
 * What a sweep does now: pure, so that a tick that is asked for again decides the same.
 *
 * 1. Counts what ended, and learns from it about image versions.
 * 2. Stops when it was cancelled or a failure budget is overdrawn; what was not begun ends as such.
 * 3. Goes on to the next stage, unless a hook, a wait, an approval, a pause or a window stands before it.
 * 4. Holds back VMs of image versions without a verdict in their favour, and releases as many others as concurrency
 *    and exposure have room for.
 */
export function decideTick(view: TickView): TickDecision {
  const seen = learn(view);
  const stop = seen.stop ?? whyStop(view, seen);
  if (stop) return stopped(view, { ...seen, stop });
  const unasked = isStageOver(seen) ? hookObstacle(view, { moment: "afterStage", stage: seen.current }) : undefined;
  if (unasked) return held(view, seen, unasked);
  const reached = advance(view, seen);
  if (reached === undefined) return end(view, seen);
  const obstacle = obstacleBefore(view, reached);
  return obstacle ? held(view, reached, obstacle) : release(view, { ...reached, begun: true });
}

function held(view: TickView, state: SweepState, obstacle: Obstacle): TickDecision {
  if (obstacle.kind === "stop") return stopped(view, { ...state, stop: obstacle.stop });
  const { status } = obstacle;
  const pause = view.active.length > 0 ? TICK_MS : LONGEST_PAUSE_MS;
  const lookAt = Math.min(status.until ?? Number.POSITIVE_INFINITY, view.now + pause);
  return { state, release: [], finish: [], status, lookAt: Math.max(lookAt, view.now + SOON_MS) };
}

/** All its VMs have their outcome, and at least one was released or held back in it. */
function isStageOver({ begun, current, stages }: SweepState): boolean {
  const tally = stages[current];
  return begun && tally !== undefined && tally.ended >= tally.vms;
}

function hookObstacle({ policy, stageAnswers = new Map(), now }: TickView, hook: StageHook): Obstacle | undefined {
  const asked = hookState(policy, stageAnswers, hook);
  switch (asked.kind) {
    case "open":
      return undefined;
    case "ask":
      return waits({ for: "hook", until: now, hook });
    case "refused":
      return { kind: "stop", stop: { reason: "hook", detail: asked.detail, at: now } };
  }
}

function learn({ state, ended, active }: TickView): SweepState {
  const images = { ...state.images };
  for (const { vm, isOver } of [
    ...ended.map((vm) => ({ vm, isOver: true })),
    ...active.map((vm) => ({ vm, isOver: false })),
  ]) {
    const trial = vm.imageId === null ? undefined : images[vm.imageId];
    if (vm.imageId !== null && trial) images[vm.imageId] = heard(trial, vm.vmId, vm.told, isOver);
  }
  const stages = tallied(
    state.stages,
    ended.map(({ stage, code, failed }) => ({ stage, code, failed, outcome: outcomeOf(code).outcome })),
  );
  return { ...state, images, stages };
}

function whyStop({ policy, control, now }: TickView, state: SweepState): SweepStop | undefined {
  if (control.cancelled) return { reason: "cancelled", detail: "the sweep was cancelled", at: now };
  const failed = state.stages.flatMap((tally, index) => Array.from({ length: tally.failed }, () => index));
  const detail = spentBudget(policy, state, failed);
  return detail === undefined ? undefined : { reason: "failureBudget", detail, at: now };
}

/** The sweep at the first stage, from the current one on, that has VMs left; undefined when none has. */
function advance({ now, policy }: TickView, state: SweepState): SweepState | undefined {
  const next = state.stages.findIndex(({ vms, ended }, index) => index >= state.current && ended < vms);
  if (next < 0) return undefined;
  if (next === state.current) return state;
  // An empty stage is nothing to wait after.
  const wait = state.stages[state.current]?.vms ? policy.stages[state.current]?.wait : undefined;
  const notBefore = now + (policyDurationMs(wait ?? "") ?? 0);
  return { ...state, current: next, begun: false, reachedAt: notBefore, notBefore };
}

type Obstacle =
  | { readonly kind: "wait"; readonly status: Extract<SweepStatus, { kind: "waiting" }> }
  | { readonly kind: "stop"; readonly stop: SweepStop };

function obstacleBefore(view: TickView, state: SweepState): Obstacle | undefined {
  const { policy, control, appHeld, now } = view;
  const stage = policy.stages[state.current];
  if (control.paused) return waits({ for: "pause" });
  if (appHeld) return waits({ for: "stop" });
  if (!state.begun && now < state.notBefore) return waits({ for: "wait", until: state.notBefore });
  if (!state.begun && stage?.gate && !control.approved.includes(stage.name)) {
    const until = state.reachedAt + (policyDurationMs(stage.gate.timeout) ?? 0);
    if (now < until) return waits({ for: "approval", until });
    if (stage.gate.onTimeout === "stop") {
      const detail = `nobody approved stage ${stage.name} within ${stage.gate.timeout}`;
      return { kind: "stop", stop: { reason: "approval", detail, at: now } };
    }
  }
  const gate = releaseGateAt(policy, now);
  if (gate.kind === "open") {
    return state.begun ? undefined : hookObstacle(view, { moment: "beforeStage", stage: state.current });
  }
  if (gate.opensAt !== undefined) return waits({ for: "window", until: gate.opensAt });
  return { kind: "stop", stop: { reason: "noWindow", detail: "no window opens within 400 days", at: now } };
}

const waits = (what: Omit<Extract<SweepStatus, { kind: "waiting" }>, "kind">): Obstacle => ({
  kind: "wait",
  status: { kind: "waiting", ...what },
});

/** How many more VMs may be in flight. An assessment changes nothing on a VM, so it is no exposure. */
function roomOf({ policy, active }: TickView, { stages, current }: SweepState) {
  const sum = (of: "vms" | "ended" | "failed") => stages.reduce((total, tally) => total + tally[of], 0);
  const concurrency = Math.min(policy.concurrency, policy.stages[current]?.concurrency ?? policy.concurrency);
  const failed = sum("failed");
  const limit = exposureLimit(policy.exposure, sum("vms"), sum("ended") - failed);
  return {
    concurrency: concurrency - active.length,
    exposure: policy.mode === "assess" ? Number.POSITIVE_INFINITY : limit - failed - active.length,
  };
}

function release(view: TickView, state: SweepState): TickDecision {
  const { now, policy, active, queued, known } = view;
  const room = roomOf(view, state);
  const images = { ...state.images };
  const silent = new Set(active.flatMap(({ imageId, told }) => (imageId !== null && !told ? imageId : [])));
  const held = new Map<string, string[]>();
  const released: string[] = [];
  for (const { key, imageId } of queued.filter(({ stage }) => stage === state.current)) {
    const trial =
      imageId === null
        ? ({ kind: "go" } as const)
        : trialState(policy.verdict, now, known.get(imageId), images[imageId], silent.has(imageId));
    if (trial.kind === "holdBack") {
      held.set(trial.detail, [...(held.get(trial.detail) ?? []), key]);
    } else if (trial.kind !== "wait" && released.length < Math.min(room.concurrency, room.exposure)) {
      released.push(key);
      if (imageId !== null && trial.kind === "try") {
        images[imageId] ??= newTrial(now);
        silent.add(imageId);
      }
    }
  }
  const finish = firstOf([...held].map(([detail, keys]) => ({ keys, code: "ImageHeldBack" as const, detail })));
  if (released.length + finish.length + active.length === 0 && queued.length > 0 && room.exposure <= 0) {
    const failed = state.stages.reduce((total, tally) => total + tally.failed, 0);
    const detail = `${failed} failed VMs use up the exposure of this step of the ramp`;
    return stopped(view, { ...state, stop: { reason: "exposure", detail, at: now } });
  }
  const stages = finishTallies(view, state, finish);
  const status: SweepStatus = { kind: "working" };
  return {
    state: { ...state, images, stages },
    release: released,
    finish,
    status,
    lookAt: now + (finish.length > 0 ? SOON_MS : TICK_MS),
  };
}

function stopped(view: TickView, state: SweepState & { readonly stop: SweepStop }): TickDecision {
  const code = state.stop.reason === "cancelled" ? "SweepCancelled" : "SweepStopped";
  const keys = view.queued.map(({ key }) => key);
  const finish = keys.length === 0 ? [] : firstOf([{ keys, code, detail: state.stop.detail }]);
  const stages = finishTallies(view, state, finish);
  const left = stages.reduce((total, { vms, ended }) => total + vms - ended, 0);
  if (left === 0) return { ...end(view, { ...state, stages }), finish };
  const idle = left === view.active.length;
  return {
    state: { ...state, stages },
    release: [],
    finish,
    status: { kind: "stopping" },
    lookAt: view.now + (idle ? TICK_MS : SOON_MS),
  };
}

const end = ({ now }: TickView, state: SweepState): TickDecision => ({
  state,
  release: [],
  finish: [],
  status: { kind: "over" },
  lookAt: now,
});

/** As many as one tick ends. */
function firstOf(finishes: readonly Finish[]): Finish[] {
  let left = MOST_FINISHED;
  return finishes.flatMap(({ keys, ...why }) => {
    const taken = keys.slice(0, left);
    left -= taken.length;
    return taken.length === 0 ? [] : [{ ...why, keys: taken }];
  });
}

function finishTallies({ queued }: TickView, { stages }: SweepState, finishes: readonly Finish[]) {
  const ended = finishes.flatMap(({ keys, code }) => {
    const { outcome } = outcomeOf(code);
    const names = new Set(keys);
    return queued.filter(({ key }) => names.has(key)).map(({ stage }) => ({ stage, code, outcome, failed: false }));
  });
  return tallied(stages, ended);
}
