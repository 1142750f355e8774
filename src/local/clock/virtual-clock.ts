import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { ClientRequest, IncomingMessage } from "node:http";
import type { HostClock } from "./host-clock";

export interface VirtualClockOptions {
  /** First instant, in milliseconds since the epoch. */
  readonly start: number;
  /** Simulated seconds per real second; Infinity jumps from timer to timer. */
  readonly speed?: number;
}

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly fire: () => void;
}

/** Turns of the event loop without news after which nothing but a timer can make progress. */
const QUIET_TURNS = 3;

/**
 * Time that jumps to the next timer once everything in flight waits for one.
 *
 * All work in this process either waits for a timer of this clock, goes on by itself within a turn of the event loop,
 * holds the clock, or waits for an answer over HTTP; the last is seen through Node's diagnostics channels, so that
 * a client deep inside a library holds the clock too.
 */
export class VirtualClock implements HostClock {
  readonly #speed: number;
  #instant: number;
  #waitingSince: number | undefined;
  #wait: NodeJS.Timeout | undefined;
  #timers: Timer[] = [];
  #order = 0;
  #holds = 0;
  #quietTurns = 0;
  #watching = false;
  #closed = false;

  constructor(options: VirtualClockOptions) {
    this.#instant = options.start;
    this.#speed = options.speed ?? Number.POSITIVE_INFINITY;
    subscribe("http.client.request.created", this.#requestCreated);
    this.#watch();
  }

  now(): number {
    if (this.#waitingSince === undefined) return this.#instant;
    const flowed = this.#instant + (performance.now() - this.#waitingSince) * this.#speed;
    return Math.floor(Math.min(flowed, this.#timers[0]?.due ?? flowed));
  }

  at(instant: number, fire: () => void): () => void {
    const timer: Timer = { due: Math.max(instant, this.now()), order: this.#order++, fire };
    this.#timers.splice(this.#place(timer), 0, timer);
    this.#stir();
    return () => {
      const index = this.#place(timer);
      if (this.#timers[index] !== timer) return;
      this.#timers.splice(index, 1);
      this.#stir();
    };
  }

  hold(): () => void {
    this.#holds++;
    this.#stir();
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#holds--;
      this.#stir();
    };
  }

  /** Stops time for good; pending timers never fire. */
  close(): void {
    this.#closed = true;
    this.#freeze();
    this.#timers = [];
    unsubscribe("http.client.request.created", this.#requestCreated);
  }

  readonly #requestCreated = (message: unknown): void => {
    const { request } = message as { request: ClientRequest };
    const release = this.hold();
    request.once("response", (response: IncomingMessage) => response.once("close", release));
    request.once("error", release);
    request.once("close", () => setImmediate(release));
  };

  /** Where the timer is, or belongs, among the others: by halving, for a fleet waits on tens of thousands of them. */
  #place(timer: Timer): number {
    let [low, high] = [0, this.#timers.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#timers[middle];
      const before = other !== undefined && (other.due - timer.due || other.order - timer.order) < 0;
      if (before) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** News: time stands still until the process has been quiet again. */
  #stir(): void {
    this.#freeze();
    this.#quietTurns = 0;
    this.#watch();
  }

  #freeze(): void {
    if (this.#waitingSince === undefined) return;
    this.#instant = this.now();
    this.#waitingSince = undefined;
    clearTimeout(this.#wait);
  }

  #watch(): void {
    if (this.#watching || this.#closed || this.#holds > 0) return;
    this.#watching = true;
    setImmediate(() => {
      this.#watching = false;
      if (this.#closed || this.#holds > 0) return;
      if (++this.#quietTurns < QUIET_TURNS) this.#watch();
      else this.#advance();
    });
  }

  #advance(): void {
    const next = this.#timers[0];
    if (this.#speed === Number.POSITIVE_INFINITY) {
      if (next) this.#jump(next.due);
      return;
    }
    this.#waitingSince = performance.now();
    if (!next) return;
    this.#wait = setTimeout(() => this.#jump(next.due), Math.max(0, (next.due - this.#instant) / this.#speed));
  }

  #jump(instant: number): void {
    this.#waitingSince = undefined;
    this.#instant = Math.max(this.#instant, instant);
    this.#quietTurns = 0;
    const firstLater = this.#timers.findIndex((timer) => timer.due > this.#instant);
    const due = this.#timers.splice(0, firstLater < 0 ? this.#timers.length : firstLater);
    for (const timer of due) timer.fire();
    this.#watch();
  }
}
