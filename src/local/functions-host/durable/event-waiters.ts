import type { EventRaised } from "./history";

/** External events of one execution, and who waits for them. Names are case-sensitive (real-host: event-case-differs). */
export class EventWaiters {
  readonly #waiters = new Map<string, (() => void)[]>();
  readonly #buffered = new Map<string, EventRaised[]>();

  /** Calls back at once when an event of this name came before anybody waited for it. */
  wait(name: string, arrived: () => void): void {
    if (this.#buffered.get(name)?.shift()) {
      arrived();
      return;
    }
    const waiters = this.#waiters.get(name);
    if (waiters) waiters.push(arrived);
    else this.#waiters.set(name, [arrived]);
  }

  /** The last to wait is the first to get an event (real-host: event-two-waiters). */
  deliver(event: EventRaised): void {
    const waiter = this.#waiters.get(event.Name)?.pop();
    if (waiter) {
      waiter();
      return;
    }
    const buffered = this.#buffered.get(event.Name);
    if (buffered) buffered.push(event);
    else this.#buffered.set(event.Name, [event]);
  }

  /** Events that nobody waited for, in the order of arrival for each name. */
  unconsumed(): EventRaised[] {
    return [...this.#buffered.values()].flat();
  }
}
