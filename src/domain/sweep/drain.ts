import { finished, firstOf } from "./finish";
import type { StoppedState } from "./standing";
import { sumOf } from "./state";
import { SOON_MS, TICK_MS, type TickDecision, type TickView } from "./tick";

/** Ends what was not begun; what is in flight is followed to its end. */
export function drain(view: TickView, state: StoppedState): TickDecision {
  const { now, queued, active } = view;
  const code = state.stop.reason === "cancelled" ? "SweepCancelled" : "SweepStopped";
  const finish = firstOf([{ keys: queued.map(({ key }) => key), code, detail: state.stop.detail }]);
  const left = finished(state, queued, finish);
  const unended = sumOf(left.stages, "vms") - sumOf(left.stages, "ended");
  if (unended === 0) return { state: left, release: [], finish, status: { kind: "over" }, lookAt: now };
  return {
    state: left,
    release: [],
    finish,
    status: { kind: "stopping" },
    lookAt: now + (unended === active.length ? TICK_MS : SOON_MS),
  };
}
