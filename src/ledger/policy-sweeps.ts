import type { OutcomeCode } from "../domain/outcome/table";
import type { Policy } from "../domain/policy/policy";
import { noControl, type SweepControl, type SweepState, type SweepStop } from "../domain/sweep/state";
import type { SweepForecast } from "../domain/sweep/forecast/forecast";
import { stageHookName, type StageAnswers, type StageHook } from "../domain/sweep/stage-hook";
import type { StageTimes } from "../domain/sweep/stage-times";
import type { FailedVm } from "../domain/sweep/post-gate";
import type { Finish, SweepStatus } from "../domain/sweep/tick";
import { removeAll } from "../store/remove";
import { update, type Store, type StoredRow } from "../store/store";
import { SweepDiscovery } from "./sweep-discovery";
import { SweepQueue } from "./sweep-queue";

/** A sweep's one row that its ticks write, each once. Instants are ISO 8601. */
export interface SweepHead {
  readonly sweepId: string;
  readonly policy: string;
  readonly policyHash: string;
  readonly mode: "assess" | "patch";
  readonly requestedAt: string;
  /** The occurrence of its policy's schedule that started it. */
  readonly occurrence?: string;
  /** Of the order that led to it, if it came with a key. */
  readonly orderId?: string;
  /** The last tick that was decided. */
  readonly tick: number;
  /** Absent until all its VMs are found and stand in the queue: one write makes it so. */
  readonly state?: SweepState;
  readonly decision: SweepDecision;
  readonly status: SweepStatus;
  /** Of each stage; absent before its first tick. */
  readonly stageTimes?: readonly StageTimes[];
  /** Why its VMs could not be found. */
  readonly failure?: SweepStop;
  readonly nextLookAt: string;
  readonly endedAt: string | null;
}

/** A sweep that was asked for, and has done nothing yet. */
export const newSweep = (
  sweepId: string,
  { name, mode }: Pick<Policy, "name" | "mode">,
  policyHash: string,
  at: string,
): SweepHead => ({
  sweepId,
  policy: name,
  policyHash,
  mode,
  requestedAt: at,
  tick: 0,
  decision: noDecision(at),
  status: { kind: "working" },
  nextLookAt: at,
  endedAt: null,
});

/** What a client's key stands for. */
export interface Order {
  readonly sweepId: string;
  readonly bodyHash: string;
}

/** What the last tick decided: carried out after it was written, and again if that was interrupted. */
export interface SweepDecision {
  readonly at: string;
  readonly release: readonly string[];
  readonly finish: readonly Finish[];
  /** VMs in flight that were seen to have ended. */
  readonly ended: readonly { readonly key: string; readonly code: OutcomeCode }[];
  /** Keys of VMs in flight whose run nobody began in time: its start may have been lost. Absent: none. */
  readonly startAgain?: readonly string[];
}

export const noDecision = (at: string): SweepDecision => ({ at, release: [], finish: [], ended: [] });

/** A hook before or after a stage, asked since this instant of our clock. */
export interface AskedHook {
  readonly since: number;
  /** `agreed`, or why not. */
  readonly answer?: string;
}

const PARTITION = "policy-sweeps";
const headKey = (sweepId: string): string => `head:${sweepId}`;
const controlKey = (sweepId: string): string => `control:${sweepId}`;
const policyKey = (sweepId: string): string => `policy:${sweepId}`;
const forecastKey = (sweepId: string): string => `forecast:${sweepId}`;
const orderKey = (orderId: string): string => `order:${orderId}`;
const harmPartition = (sweepId: string): string => `policy-sweep-failed:${sweepId}`;
const hookPartition = (sweepId: string): string => `policy-sweep-hooks:${sweepId}`;

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

  /** Notes what an order stands for, and answers what it stood for if it was given before. */
  async order(orderId: string, order: Order): Promise<Order> {
    if (await this.#store.insertIfAbsent(PARTITION, orderKey(orderId), order)) return order;
    return (await this.#store.get<Order>(PARTITION, orderKey(orderId)))?.value ?? order;
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

  /** What was expected of the sweep when it was planned. The first that is kept stands. */
  async keepForecast(sweepId: string, forecast: SweepForecast): Promise<void> {
    await this.#store.insertIfAbsent(PARTITION, forecastKey(sweepId), forecast);
  }

  async forecast(sweepId: string): Promise<SweepForecast | undefined> {
    return (await this.#store.get<SweepForecast>(PARTITION, forecastKey(sweepId)))?.value;
  }

  async control(sweepId: string): Promise<SweepControl> {
    return (await this.#store.get<SweepControl>(PARTITION, controlKey(sweepId)))?.value ?? noControl;
  }

  async changeControl(sweepId: string, change: (control: SweepControl) => SweepControl): Promise<void> {
    await update<SweepControl>(this.#store, PARTITION, controlKey(sweepId), change);
  }

  /** Where its VMs are found and kept until they stand in the queue. */
  discovery(sweepId: string): SweepDiscovery {
    return new SweepDiscovery(this.#store, sweepId);
  }

  queue(sweepId: string): SweepQueue {
    return new SweepQueue(this.#store, sweepId);
  }

  /** A run of the sweep failed (domain/sweep/harm.ts). One row each, so that what races is counted once. */
  async noteFailed(sweepId: string, runId: string, failed: FailedVm): Promise<void> {
    await this.#store.insertIfAbsent(harmPartition(sweepId), runId, failed);
  }

  async failed(sweepId: string): Promise<FailedVm[]> {
    return (await this.#store.scan<FailedVm>(harmPartition(sweepId), "")).map(({ value }) => value);
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
      await this.discovery(value.sweepId).forget();
      await this.queue(value.sweepId).forget();
      await this.#forgetAll(harmPartition(value.sweepId));
      await this.#forgetAll(hookPartition(value.sweepId));
      // The head goes last: what a crash leaves is found again.
      const { sweepId, orderId } = value;
      const order = orderId === undefined ? [] : [orderKey(orderId)];
      const keys = [forecastKey, policyKey, controlKey, headKey].map((keyOf) => keyOf(sweepId));
      for (const key of [...order, ...keys]) {
        const row = await this.#store.get(PARTITION, key);
        if (row) await removeAll(this.#store, PARTITION, [row]);
      }
    }
  }

  async #forgetAll(partition: string): Promise<void> {
    await removeAll(this.#store, partition, await this.#store.scan(partition, ""));
  }
}
