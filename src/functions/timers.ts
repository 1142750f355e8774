import { startDueSweeps } from "../activities/policy/start-due-sweeps";
import type { Instances } from "../activities/run/deps";
import type { WatchdogDeps } from "../activities/watchdog/deps";
import { watchdog } from "../activities/watchdog/watchdog";
import type { TimerName } from "../contracts/names";
import type { TriggerPorts } from "../triggers/ports";
import { POLICY_SCHEDULE, scheduledPolicies } from "../triggers/timers/scheduled-policies";
import { scheduledSweep } from "../triggers/timers/scheduled-sweep";

interface Timer {
  /** NCRONTAB, UTC. */
  readonly schedule: string;
  readonly tick: (instances: Instances) => Promise<void>;
}

/** What comes by itself, by its function's name. */
export function timersOf(deps: WatchdogDeps, app: TriggerPorts) {
  const { GOLDPATCH_SWEEP_SCHEDULE, GOLDPATCH_WATCHDOG_SCHEDULE } = deps.settings;
  const watch = watchdog(deps);
  return {
    scheduledSweep: { schedule: GOLDPATCH_SWEEP_SCHEDULE, tick: scheduledSweep(app) },
    scheduledPolicies: { schedule: POLICY_SCHEDULE, tick: scheduledPolicies(app, startDueSweeps(deps)) },
    watchdog: {
      schedule: GOLDPATCH_WATCHDOG_SCHEDULE,
      // Without a store there are no runs.
      tick: async (instances) => (app.refusal === undefined ? watch(instances) : undefined),
    },
  } satisfies Record<TimerName, Timer>;
}
