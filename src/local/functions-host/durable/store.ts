import type { Instance, InstanceHead, RuntimeStatus } from "./instance";

/** Which instances a client asks for; all when nothing is named. Instants are milliseconds since the epoch, both included. */
export interface InstanceQuery {
  readonly createdFrom?: number | undefined;
  readonly createdTo?: number | undefined;
  readonly idPrefix?: string;
  readonly statuses?: readonly RuntimeStatus[];
}

export interface InstancePage {
  readonly heads: readonly InstanceHead[];
  /** Id of the first instance of the next page; undefined on the last one. */
  readonly next: string | undefined;
}

/** When a timer function fires next; instants are milliseconds since the epoch. */
export interface TimerDue {
  /** The schedule's first occurrence after `after`. */
  readonly due: number;
  readonly after: number;
}

/**
 * Where instances survive the process, and where they stay once they have ended. The engine keeps those that have not
 * ended as live objects and tells the store what changed after every step; one call is one transaction. Histories only
 * grow, except that continue-as-new and a new start replace them.
 */
export interface InstanceStore {
  /** Those that have not ended, in the order of creation. Called once, when the host starts. */
  unfinished(): Instance[];
  head(instanceId: string): InstanceHead | undefined;
  find(instanceId: string): Instance | undefined;
  /** By id, from the given one on. */
  page(query: InstanceQuery, limit: number, fromId?: string): InstancePage;
  /** All of them, in the order of creation. */
  heads(): InstanceHead[];
  commit(saved: readonly Instance[], deletedIds: readonly string[]): void;
  timerDue(functionName: string): TimerDue | undefined;
  setTimerDue(functionName: string, timer: TimerDue): void;
}
