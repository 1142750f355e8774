import type { HostClock } from "../../clock/host-clock";
import type { NamedData } from "../core/contract";
import { invoke } from "../core/invoke";
import type { RegisteredFunction, Registry } from "../core/registry";
import { stackOf } from "../errors";
import { parseSchedule, type Schedule } from "./schedule";

/** The host keeps a status only for schedules of at least this interval (real-host: triggers). */
const MONITORED_INTERVAL_MS = 60_000;

/** Later than this, an occurrence is past due: the machine slept, or the function still ran. */
const PAST_DUE_MS = 1_000;

/** .NET's `DateTime.MinValue`: the function has not run yet. */
const NEVER = "0001-01-01T00:00:00";

export interface TimerFunction {
  readonly fn: RegisteredFunction;
  readonly schedule: Schedule;
}

/** @throws HostStartError when a schedule cannot be read. */
export const timerFunctions = (app: Registry): TimerFunction[] =>
  app.withTrigger("timerTrigger").map((fn) => ({
    fn,
    schedule: parseSchedule(fn.name, fn.trigger.binding.schedule ?? "", process.env),
  }));

/** Fires the functions on the clock until the returned function is called. One function never overlaps itself. */
export function startTimers(
  app: Registry,
  functions: readonly TimerFunction[],
  clock: HostClock,
  clientInputs: (fn: RegisteredFunction) => NamedData[],
): () => void {
  const stops = functions.map((timer) => startTimer(app, timer, clock, clientInputs));
  return () => {
    for (const stop of stops) stop();
  };
}

function startTimer(
  app: Registry,
  { fn, schedule }: TimerFunction,
  clock: HostClock,
  clientInputs: (fn: RegisteredFunction) => NamedData[],
): () => void {
  let cancel: () => void = () => undefined;
  let stopped = false;
  let last = NEVER;

  const fire = async (due: number): Promise<void> => {
    const info = {
      Schedule: { AdjustForDST: true },
      ScheduleStatus: isMonitored(schedule, due)
        ? { Last: last, Next: new Date(due).toISOString(), LastUpdated: last }
        : null,
      IsPastDue: clock.now() - due > PAST_DUE_MS,
    };
    last = new Date(clock.now()).toISOString();
    try {
      await invoke(app, fn, [{ name: fn.trigger.name, data: { json: JSON.stringify(info) } }, ...clientInputs(fn)]);
    } catch (thrown) {
      app.log({ level: "error", category: "timer", functionName: fn.name, message: stackOf(thrown) });
    }
  };
  const arm = (after: number): void => {
    const due = schedule.next(after);
    if (due === undefined || stopped) return;
    cancel = clock.at(due, () => void fire(due).then(() => arm(Math.max(due, clock.now()))));
  };

  if (fn.trigger.binding.runOnStartup) void fire(clock.now());
  arm(clock.now());
  return () => {
    stopped = true;
    cancel();
  };
}

function isMonitored(schedule: Schedule, due: number): boolean {
  const following = schedule.next(due);
  return following === undefined || following - due >= MONITORED_INTERVAL_MS;
}
