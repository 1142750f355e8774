import { drain } from "./drain";
import { release } from "./release";
import { standingOf } from "./standing";
import type { SweepState } from "./state";
import { SOON_MS, TICK_MS, type TickDecision, type TickView, type Waiting } from "./tick";

/** An operator's word comes with a nudge; one that is lost is heard after so long while a sweep waits for a time to come. */
const LONGEST_PAUSE_MS = 5 * 60_000;

/**
 * What a sweep does now: pure, so that a tick that is asked for again decides the same.
 *
 * 1. Counts what ended, and learns from it about image versions (learn.ts).
 * 2. Stops when it was cancelled or a failure budget is overdrawn; what was not begun ends as such (drain.ts).
 * 3. Goes on to the next stage, unless a hook, a wait, an approval, a pause or a window stands before it (standing.ts).
 * 4. Holds back VMs of image versions without a verdict in their favour, and releases as many others as concurrency
 *    and exposure have room for (release.ts).
 */
export function decideTick(view: TickView): TickDecision {
  const standing = standingOf(view);
  switch (standing.kind) {
    case "over":
      return { state: standing.state, release: [], finish: [], status: { kind: "over" }, lookAt: view.now };
    case "stopped":
      return drain(view, standing.state);
    case "waiting":
      return wait(view, standing.state, standing.status);
    case "open": {
      const decision = release(view, standing.state);
      return "reason" in decision ? drain(view, { ...standing.state, stop: decision }) : decision;
    }
  }
}

function wait({ now, active }: TickView, state: SweepState, status: Waiting): TickDecision {
  const pause = active.length > 0 ? TICK_MS : LONGEST_PAUSE_MS;
  const lookAt = Math.min(status.until ?? Number.POSITIVE_INFINITY, now + pause);
  return { state, release: [], finish: [], status, lookAt: Math.max(lookAt, now + SOON_MS) };
}
