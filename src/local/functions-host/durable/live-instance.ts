import type { HostClock } from "../../clock/host-clock";
import { DurableTimers } from "./durable-timers";
import { PlayedHistory } from "./episode";
import { endedTask, isScheduled, type Scheduled } from "./history";
import type { Instance } from "./instance";

/** An instance with what the engine keeps beside it and can build anew from it. */
export class LiveInstance {
  readonly instance: Instance;
  readonly timers: DurableTimers;
  played = new PlayedHistory();
  /** Tasks that were sent out and have not ended; a second completion of one is dropped. */
  readonly pending = new Set<number>();
  /** Waits for its turn, or has it. */
  queued = false;
  /** Messages of the inbox that must wait: for the end of a suspension, or for a newer version of the app. */
  parked = 0;
  /** Replaced or purged: whatever still arrives for it is dropped. */
  gone = false;

  constructor(instance: Instance, clock: HostClock) {
    this.instance = instance;
    this.timers = new DurableTimers(clock);
  }

  /** Drops all that belongs to the execution that ends or is replaced. */
  endExecution(): void {
    this.timers.cancelAll();
    this.pending.clear();
    this.played = new PlayedHistory();
  }

  /** Work that history says was sent out and that has not ended: to be sent again after a restart. */
  unfinishedWork(): Scheduled[] {
    const { history, inbox } = this.instance;
    const unfinished = new Map<number, Scheduled>();
    for (const event of history) {
      if (isScheduled(event)) unfinished.set(event.EventId, event);
    }
    for (const event of [...history, ...inbox]) {
      const taskId = endedTask(event);
      if (taskId !== undefined) unfinished.delete(taskId);
    }
    return [...unfinished.values()];
  }
}
