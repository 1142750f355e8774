import { randomUUID } from "node:crypto";
import type { OutcomeCode } from "../domain/outcome/table";
import type { Policy } from "../domain/policy/policy";
import type { Finish, SweepStatus } from "../domain/sweep/decide-tick";
import { noControl, type SweepControl, type SweepState, type SweepStop } from "../domain/sweep/state";
import { stageHookName, type StageAnswers, type StageHook } from "../domain/sweep/stage-hook";
import { LARGEST_BATCH } from "../store/limits";
import { removeAll } from "../store/remove";
import { update, type BatchOperation, type RowValue, type Store, type StoredRow } from "../store/store";

/** A sweep's one row that its ticks write, each once. Instants are ISO 8601. */
export interface SweepHead {
  readonly sweepId: string;
  readonly policy: string;
  readonly policyHash: string;
  readonly mode: "assess" | "patch";
  readonly requestedAt: string;
  /** Where its VMs' rows are; absent until all are found. */
  readonly generation?: string;
  /** The last tick that was decided. */
  readonly tick: number;
  /** Absent until its VMs are found. */
  readonly state?: SweepState;
  readonly decision: SweepDecision;
  readonly status: SweepStatus;
  /** Why its VMs could not be found. */
  readonly failure?: SweepStop;
  readonly nextLookAt: string;
  readonly endedAt: string | null;
}

/** What the last tick decided: carried out after it was written, and again if that was interrupted. */
export interface SweepDecision {
  readonly at: string;
  readonly release: readonly string[];
  readonly finish: readonly Finish[];
  /** VMs in flight that were seen to have ended. */
  readonly ended: readonly { readonly key: string; readonly code: OutcomeCode }[];
}

export const noDecision = (at: string): SweepDecision => ({ at, release: [], finish: [], ended: [] });

/** A VM of a sweep. It waits in the queue, is in flight, or is done; which of them the row's key tells. */
export interface SweepVmRow {
  readonly vmId: string;
  readonly imageId: string | null;
  readonly stage: number;
}

export interface ActiveVmRow extends SweepVmRow {
  readonly runId: string;
  /** ISO 8601. Its run takes it from here: whether that was claimed, the run's row tells. */
  readonly releasedAt: string;
}

export interface DoneVmRow extends SweepVmRow {
  readonly runId: string;
  readonly code: OutcomeCode;
}

/** A hook before or after a stage, asked since this instant of our clock. */
export interface AskedHook {
  readonly since: number;
  /** `agreed`, or why not. */
  readonly answer?: string;
}

export type Place = "queued" | "active" | "done";

const PARTITION = "policy-sweeps";
const headKey = (sweepId: string): string => `head:${sweepId}`;
const controlKey = (sweepId: string): string => `control:${sweepId}`;
const policyKey = (sweepId: string): string => `policy:${sweepId}`;
const harmPartition = (sweepId: string): string => `policy-sweep-failed:${sweepId}`;
const vmPartition = (sweepId: string, generation: string): string => `policy-sweep:${sweepId}:${generation}`;
const hookPartition = (sweepId: string): string => `policy-sweep-hooks:${sweepId}`;
/** A move takes two rows of a batch. */
const MOVES = LARGEST_BATCH / 2;

/** Sorts as it counts. */
export const vmKey = (stage: number, index: number): string =>
  `${String(stage).padStart(2, "0")}:${String(index).padStart(5, "0")}`;
export const keyOf = (row: StoredRow): string => row.key.slice(row.key.indexOf(":") + 1);

/** The rows of policy sweeps. Nothing counts up a row: each is written for one event, or once a tick. */
export class PolicySweepLedger {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The head goes last: a sweep that has one has all. */
  async create(head: SweepHead, policy: Policy): Promise<void> {
    await this.#store.insertIfAbsent(PARTITION, policyKey(head.sweepId), policy);
    await this.#store.insertIfAbsent(PARTITION, controlKey(head.sweepId), noControl);
    await this.#store.insertIfAbsent(PARTITION, headKey(head.sweepId), head);
  }

  head(sweepId: string): Promise<StoredRow<SweepHead> | undefined> {
    return this.#store.get<SweepHead>(PARTITION, headKey(sweepId));
  }

  async heads(): Promise<SweepHead[]> {
    return (await this.#store.scan<SweepHead>(PARTITION, headKey(""))).map(({ value }) => value);
  }

  /** False when another delivery was faster. */
  replaceHead(row: StoredRow<SweepHead>, head: SweepHead): Promise<boolean> {
    return this.#store.replaceIfMatch(row, head);
  }

  async policy(sweepId: string): Promise<Policy | undefined> {
    return (await this.#store.get<Policy>(PARTITION, policyKey(sweepId)))?.value;
  }

  async control(sweepId: string): Promise<SweepControl> {
    return (await this.#store.get<SweepControl>(PARTITION, controlKey(sweepId)))?.value ?? noControl;
  }

  async changeControl(sweepId: string, change: (control: SweepControl) => SweepControl): Promise<void> {
    await update<SweepControl>(this.#store, PARTITION, controlKey(sweepId), change);
  }

  /** Writes the queue where nobody reads it yet, and answers where: the head names it once, in one write. */
  async fillQueue(sweepId: string, stages: readonly (readonly SweepVmRow[])[]): Promise<string> {
    const generation = randomUUID();
    const rows = stages.flatMap((vms, stage) =>
      vms.map((value, index): BatchOperation => ({ kind: "insert", key: `queued:${vmKey(stage, index)}`, value })),
    );
    for (let from = 0; from < rows.length; from += LARGEST_BATCH) {
      await this.#store.batch(vmPartition(sweepId, generation), rows.slice(from, from + LARGEST_BATCH));
    }
    return generation;
  }

  async forgetQueue(sweepId: string, generation: string): Promise<void> {
    await this.#forgetAll(vmPartition(sweepId, generation));
  }

  queued(sweepId: string, generation: string, stage?: number): Promise<StoredRow<SweepVmRow>[]> {
    const prefix = stage === undefined ? "queued:" : `queued:${String(stage).padStart(2, "0")}:`;
    return this.#store.scan<SweepVmRow>(vmPartition(sweepId, generation), prefix);
  }

  active(sweepId: string, generation: string): Promise<StoredRow<ActiveVmRow>[]> {
    return this.#store.scan<ActiveVmRow>(vmPartition(sweepId, generation), "active:");
  }

  done(sweepId: string, generation: string): Promise<StoredRow<DoneVmRow>[]> {
    return this.#store.scan<DoneVmRow>(vmPartition(sweepId, generation), "done:");
  }

  /** Moves the VMs that are still there; one that was moved already stays where it is. */
  async move(
    { sweepId, generation }: { readonly sweepId: string; readonly generation: string },
    [from, to]: readonly [Place, Place],
    keys: readonly string[],
    valueOf: (key: string, row: SweepVmRow) => RowValue,
  ): Promise<void> {
    const wanted = new Set(keys);
    const partition = vmPartition(sweepId, generation);
    for (let left = wanted.size > 0; left;) {
      const rows = (await this.#store.scan<SweepVmRow>(partition, `${from}:`)).filter((row) => wanted.has(keyOf(row)));
      for (let at = 0; at < rows.length; at += MOVES) {
        const moves = rows.slice(at, at + MOVES).flatMap((row): BatchOperation[] => [
          { kind: "delete", key: row.key, etag: row.etag },
          { kind: "insert", key: `${to}:${keyOf(row)}`, value: valueOf(keyOf(row), row.value) },
        ]);
        await this.#store.batch(partition, moves);
      }
      left = rows.length > 0;
    }
  }

  /** A run of the sweep failed (domain/sweep/harm.ts). One row each, so that what races is counted once. */
  async noteFailed(sweepId: string, runId: string, stage: number): Promise<void> {
    await this.#store.insertIfAbsent(harmPartition(sweepId), runId, { stage });
  }

  /** The stage of each VM that failed. */
  async failedStages(sweepId: string): Promise<number[]> {
    const rows = await this.#store.scan<{ stage: number }>(harmPartition(sweepId), "");
    return rows.map(({ value }) => value.stage);
  }

  /** The hook's row, which is inserted the first time: its deadline counts from there. */
  async askedHook(sweepId: string, hook: StageHook, now: number): Promise<AskedHook> {
    const [partition, key] = [hookPartition(sweepId), stageHookName(hook)];
    const known = await this.#store.get<AskedHook>(partition, key);
    if (known) return known.value;
    await this.#store.insertIfAbsent(partition, key, { since: now });
    return (await this.#store.get<AskedHook>(partition, key))?.value ?? { since: now };
  }

  /** The first answer stands. */
  async keepAnswer(sweepId: string, hook: StageHook, answer: string): Promise<void> {
    await update<AskedHook>(this.#store, hookPartition(sweepId), stageHookName(hook), (asked) =>
      asked.answer === undefined ? { ...asked, answer } : undefined,
    );
  }

  async stageAnswers(sweepId: string): Promise<StageAnswers> {
    const rows = await this.#store.scan<AskedHook>(hookPartition(sweepId), "");
    return new Map(
      rows.flatMap(({ key, value }) => (value.answer === undefined ? [] : [[key, value.answer] as const])),
    );
  }

  /** Removes the sweeps that were asked for in an hour, such as 2026-11-24T05: their ids begin with the time. */
  async forgetHour(hour: string): Promise<void> {
    for (const { value } of await this.#store.scan<SweepHead>(
      PARTITION,
      headKey(`policy-${hour.replaceAll("-", "")}`),
    )) {
      if (value.generation !== undefined) await this.forgetQueue(value.sweepId, value.generation);
      await this.#forgetAll(harmPartition(value.sweepId));
      await this.#forgetAll(hookPartition(value.sweepId));
      // The head goes last: what a crash leaves is found again.
      for (const key of [policyKey, controlKey, headKey]) {
        const row = await this.#store.get(PARTITION, key(value.sweepId));
        if (row) await removeAll(this.#store, PARTITION, [row]);
      }
    }
  }

  async #forgetAll(partition: string): Promise<void> {
    await removeAll(this.#store, partition, await this.#store.scan(partition, ""));
  }
}
