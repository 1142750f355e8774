import type { HostClock } from "../../clock/host-clock";
import type { NamedData } from "../core/contract";
import type { InstanceStore, TimerDue } from "../durable/store";
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

export interface TimerServices {
  readonly app: Registry;
  readonly clock: HostClock;
  /** Remembers when functions are due. */
  readonly store: Pick<InstanceStore, "timerDue" | "setTimerDue">;
  readonly clientInputs: (fn: RegisteredFunction) => NamedData[];
}

/**
 * Fires the functions on the clock until the returned function is called. One function never overlaps itself. An
 * occurrence that was missed while no host ran comes at once, past due; several missed ones come as one.
 */
export function startTimers(functions: readonly TimerFunction[], services: TimerServices): () => void {
  const stops = functions.map((timer) => startTimer(timer, services));
  return () => {
    for (const stop of stops) stop();
  };
}

function startTimer({ fn, schedule }: TimerFunction, { app, clock, store, clientInputs }: TimerServices): () => void {
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
    store.setTimerDue(fn.name, { due, after });
    cancel = clock.at(due, () => void fire(due).then(() => arm(Math.max(due, clock.now()))));
  };

  const missed = missedOccurrence(schedule, store.timerDue(fn.name), clock.now());
  if (missed !== undefined) void fire(missed).then(() => arm(clock.now()));
  else {
    if (fn.trigger.binding.runOnStartup) void fire(clock.now());
    arm(clock.now());
  }
  return () => {
    stopped = true;
    cancel();
  };
}

/** An occurrence of another schedule than today's was not missed. */
function missedOccurrence(schedule: Schedule, timer: TimerDue | undefined, now: number): number | undefined {
  return timer && timer.due < now && schedule.next(timer.after) === timer.due && isMonitored(schedule, timer.due)
    ? timer.due
    : undefined;
}

function isMonitored(schedule: Schedule, due: number): boolean {
  const following = schedule.next(due);
  return following === undefined || following - due >= MONITORED_INTERVAL_MS;
}
