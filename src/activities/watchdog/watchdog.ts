import type { Instances } from "../run/deps";
import { pickUpScheduledRuns } from "../schedule/pick-up";
import type { WatchdogDeps } from "./deps";
import { purgeHistory } from "./history";
import { forgetOldRuns } from "./retention";
import { reviveSweeps } from "./revive-sweeps";
import { watchOpenRuns } from "./round";

/** Of the ten minutes that host.json gives a function; the last look may take some more. */
const TICK_MS = 4 * 60_000;

/**
 * One tick of the watchdog. It may die between any two writes, and may run twice at once: every part finds what is
 * left to do and repeats what it did.
 *
 * A timer function, not an orchestration: whatever one tick leaves the next takes up, so there is nothing to replay,
 * and the durable engine that it watches neither carries it nor keeps its history.
 *
 * 1. Settle runs whose orchestration is over or hangs.
 * 2. Start the control loops of policy sweeps anew that are lost.
 * 3. Pick up what schedules of Azure's did.
 * 4. Remove runs that ended too long ago.
 * 5. Let the durable engine forget what is over for long.
 */
export const watchdog =
  (deps: WatchdogDeps) =>
  async (instances: Instances): Promise<void> => {
    const now = deps.clock.now();
    const until = now + TICK_MS;
    const watchedSince = await deps.watch.tick(now);
    const oldestOpen = await attempt(deps, "open runs", () => watchOpenRuns(deps, instances, { watchedSince, until }));
    await attempt(deps, "policy sweeps", () => reviveSweeps(deps, instances));
    await attempt(deps, "schedules", () => pickUpScheduledRuns(deps));
    await attempt(deps, "retention", () => forgetOldRuns(deps, until));
    if (oldestOpen !== undefined) {
      await attempt(deps, "history", () => purgeHistory(deps, instances, { oldestOpen, until }));
    }
    deps.logs.watchdogTicked({ seconds: Math.round((deps.clock.now() - now) / 1000) });
  };

/** A part that fails keeps the others from nothing, and is tried again at the next tick. */
async function attempt<T>({ logs }: WatchdogDeps, part: string, act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (failure) {
    logs.watchdogFailed({ at: part, failure: String(failure) });
    return undefined;
  }
}
