import { policyDurationMs } from "../policy/duration";
import { hookState, type StageHook } from "./stage-hook";
import type { SweepState, SweepStop } from "./state";
import type { SweepSight, Waiting } from "./tick";
import { releaseGateAt } from "./times";

export type Obstacle =
  { readonly kind: "wait"; readonly status: Waiting } | { readonly kind: "stop"; readonly stop: SweepStop };

/** What keeps the current stage from having VMs released, in the order in which an operator should hear of it. */
export function obstacleBefore(sight: SweepSight, state: SweepState): Obstacle | undefined {
  const { policy, control, appHeld, now } = sight;
  if (control.paused) return waits({ for: "pause" });
  if (appHeld) return waits({ for: "stop" });
  if (!state.begun && now < state.notBefore) return waits({ for: "wait", until: state.notBefore });
  const unapproved = state.begun ? undefined : approvalBefore(sight, state);
  if (unapproved) return unapproved;
  const gate = releaseGateAt(policy, now);
  if (gate.kind === "open") {
    return state.begun ? undefined : unasked(sight, { moment: "beforeStage", stage: state.current });
  }
  if (gate.opensAt !== undefined) return waits({ for: "window", until: gate.opensAt });
  return { kind: "stop", stop: { reason: "noWindow", detail: "no window opens within 400 days", at: now } };
}

/** What the hook after the current stage keeps the sweep from, once all VMs of the stage have their outcome. */
export function obstacleAfter(sight: SweepSight, { begun, current, stages }: SweepState): Obstacle | undefined {
  const tally = stages[current];
  const isOver = begun && tally !== undefined && tally.ended >= tally.vms;
  return isOver ? unasked(sight, { moment: "afterStage", stage: current }) : undefined;
}

function unasked({ policy, stageAnswers = new Map(), now }: SweepSight, hook: StageHook): Obstacle | undefined {
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

function approvalBefore({ policy, control, now }: SweepSight, state: SweepState): Obstacle | undefined {
  const stage = policy.stages[state.current];
  if (!stage?.gate || control.approved.includes(stage.name)) return undefined;
  const until = state.reachedAt + (policyDurationMs(stage.gate.timeout) ?? 0);
  if (now < until) return waits({ for: "approval", until });
  if (stage.gate.onTimeout === "go") return undefined;
  const detail = `nobody approved stage ${stage.name} within ${stage.gate.timeout}`;
  return { kind: "stop", stop: { reason: "approval", detail, at: now } };
}

const waits = (what: Omit<Waiting, "kind">): Obstacle => ({ kind: "wait", status: { kind: "waiting", ...what } });
