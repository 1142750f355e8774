import type { ScheduleResultView } from "../contracts/api/schedules";
import type { WindowText } from "../domain/maintenance/window";
import { remove, removeAll } from "../store/remove";
import { update, type Store } from "../store/store";
import { hourOf } from "./hours";
import { machineKey, scheduleKey } from "./keys";

/** A schedule whose runs are watched. */
export interface KnownSchedule {
  readonly scheduleId: string;
  /** Null where it cannot be read: its runs are known by their events only. */
  readonly window: WindowText | null;
}

/** One run of a schedule. Instants are ISO 8601. */
export interface ScheduleRun {
  readonly scheduleId: string;
  /** The run's id in lower case: `maintenanceRunId` of its installations. */
  readonly runId: string;
  /** `yyyyMMddHHmmss` */
  readonly run: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly decision: { readonly kind: "cancelled" | "tooLate" | "refused"; readonly reason: string } | null;
}

const SCHEDULES = "schedules";
const RUNS = "schedule-runs";
/** Runs that may still be going on, apart from the others so that a tick of the watchdog reads no others. */
const OPEN = "schedule-runs-open";
/** Runs by the hour of their end, by which they are forgotten: a schedule that is deleted has no tick of its own. */
const BY_HOUR = "schedule-runs-by-hour";
const resultsOf = (runId: string): string => `schedule-results:${scheduleKey(runId)}`;
const runKey = ({ scheduleId, run }: Pick<ScheduleRun, "scheduleId" | "run">): string =>
  `${scheduleKey(scheduleId)}:${run}`;

/** Schedules that this app has to do with, and their runs. Ids are compared in lower case by whoever calls. */
export class ScheduleLedger {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async note(schedule: KnownSchedule): Promise<void> {
    const key = scheduleKey(schedule.scheduleId);
    if (await this.#store.insertIfAbsent(SCHEDULES, key, schedule)) return;
    await update<KnownSchedule>(this.#store, SCHEDULES, key, (known) =>
      JSON.stringify(known) === JSON.stringify(schedule) ? undefined : schedule,
    );
  }

  forget(scheduleId: string): Promise<void> {
    return remove(this.#store, SCHEDULES, scheduleKey(scheduleId));
  }

  async schedules(): Promise<KnownSchedule[]> {
    return (await this.#store.scan<KnownSchedule>(SCHEDULES, "")).map(({ value }) => value);
  }

  /** What leads to the run goes first: one that is open is looked at until it is closed, and then it is forgotten. */
  async begin(run: ScheduleRun): Promise<void> {
    const indexed = { scheduleId: run.scheduleId, run: run.run };
    await this.#store.insertIfAbsent(BY_HOUR, `${hourOf(Date.parse(run.endsAt))}:${runKey(run)}`, indexed);
    await this.#store.insertIfAbsent(OPEN, runKey(run), indexed);
    await this.#store.insertIfAbsent(RUNS, runKey(run), run);
  }

  async decide(run: ScheduleRun): Promise<void> {
    await update<ScheduleRun>(this.#store, RUNS, runKey(run), (known) => ({ ...known, decision: run.decision }));
  }

  /** Nothing more is to come of it. */
  close(run: ScheduleRun): Promise<void> {
    return remove(this.#store, OPEN, runKey(run));
  }

  async open(): Promise<ScheduleRun[]> {
    const rows = await this.#store.scan<Pick<ScheduleRun, "scheduleId" | "run">>(OPEN, "");
    const runs = await Promise.all(rows.map(({ key }) => this.#store.get<ScheduleRun>(RUNS, key)));
    return runs.flatMap((row) => row?.value ?? []);
  }

  /** The newest first. */
  async runsOf(scheduleId: string): Promise<ScheduleRun[]> {
    const rows = await this.#store.scan<ScheduleRun>(RUNS, `${scheduleKey(scheduleId)}:`);
    return rows.map(({ value }) => value).reverse();
  }

  async result(runId: string, vmId: string): Promise<ScheduleResultView | undefined> {
    return (await this.#store.get<ScheduleResultView>(resultsOf(runId), machineKey(vmId)))?.value;
  }

  async noteResult(runId: string, result: ScheduleResultView): Promise<void> {
    const key = machineKey(result.vmId);
    if (await this.#store.insertIfAbsent(resultsOf(runId), key, result)) return;
    await update<ScheduleResultView>(this.#store, resultsOf(runId), key, () => result);
  }

  async results(runId: string): Promise<ScheduleResultView[]> {
    return (await this.#store.scan<ScheduleResultView>(resultsOf(runId), "")).map(({ value }) => value);
  }

  /** Removes the runs that ended in an hour, such as 2026-12-01T23, with their results, whoever has their schedule now. */
  async forgetHour(hour: string): Promise<void> {
    for (const row of await this.#store.scan<Pick<ScheduleRun, "scheduleId" | "run">>(BY_HOUR, `${hour}:`)) {
      const run = await this.#store.get<ScheduleRun>(RUNS, runKey(row.value));
      if (run) {
        const partition = resultsOf(run.value.runId);
        if (!(await removeAll(this.#store, partition, await this.#store.scan(partition, "")))) continue;
        await removeAll(this.#store, RUNS, [run]);
      }
      // The index goes last: what a crash leaves is found again.
      await removeAll(this.#store, BY_HOUR, [row]);
    }
  }
}
