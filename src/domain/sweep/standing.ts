import { policyDurationMs } from "../policy/duration";
import { learn } from "./learn";
import { obstacleAfter, obstacleBefore, type Obstacle } from "./obstacle";
import { spentBudget } from "./post-gate";
import type { SweepState, SweepStop } from "./state";
import type { SweepSight, Waiting } from "./tick";

export type StoppedState = SweepState & { readonly stop: SweepStop };

/** Where a sweep stands, after what ended since its last tick was counted. */
export type Standing =
  /** Every VM has ended. */
  | { readonly kind: "over"; readonly state: SweepState }
  /** It starts nothing more. */
  | { readonly kind: "stopped"; readonly state: StoppedState }
  | { readonly kind: "waiting"; readonly state: SweepState; readonly status: Waiting }
  /** Its current stage may have VMs released. */
  | { readonly kind: "open"; readonly state: SweepState };

export function standingOf(sight: SweepSight): Standing {
  const seen = learn(sight);
  const stop = seen.stop ?? whyStop(sight, seen);
  if (stop) return { kind: "stopped", state: { ...seen, stop } };
  const after = obstacleAfter(sight, seen);
  if (after) return held(seen, after);
  const reached = advance(sight, seen);
  if (reached === undefined) return { kind: "over", state: seen };
  const obstacle = obstacleBefore(sight, reached);
  if (obstacle === undefined) return { kind: "open", state: { ...reached, begun: true } };
  return held(reached, obstacle);
}

function held(state: SweepState, obstacle: Obstacle): Standing {
  if (obstacle.kind === "stop") return { kind: "stopped", state: { ...state, stop: obstacle.stop } };
  return { kind: "waiting", state, status: obstacle.status };
}

function whyStop({ policy, control, now }: SweepSight, state: SweepState): SweepStop | undefined {
  if (control.cancelled) return { reason: "cancelled", detail: "the sweep was cancelled", at: now };
  const failed = state.stages.flatMap((tally, index) => Array.from({ length: tally.failed }, () => index));
  const detail = spentBudget(policy, state, failed);
  return detail === undefined ? undefined : { reason: "failureBudget", detail, at: now };
}

/** The sweep at the first stage, from the current one on, that has VMs left; undefined when none has. */
function advance({ now, policy }: SweepSight, state: SweepState): SweepState | undefined {
  const next = state.stages.findIndex(({ vms, ended }, index) => index >= state.current && ended < vms);
  if (next < 0) return undefined;
  if (next === state.current) return state;
  // An empty stage is nothing to wait after.
  const wait = state.stages[state.current]?.vms ? policy.stages[state.current]?.wait : undefined;
  const notBefore = now + (policyDurationMs(wait ?? "") ?? 0);
  return { ...state, current: next, begun: false, reachedAt: notBefore, notBefore };
}
