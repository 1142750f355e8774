import type { HostClock } from "../../clock/host-clock";

/**
 * Starts work first in, first out, at most `limit` at once, a turn of the event loop after it was asked for, so that
 * requests and timers are served in between. Time stands still between asking and starting, never while work runs.
 */
export class TurnQueue {
  readonly #clock: HostClock;
  readonly #limit: number;
  #waiting: (() => Promise<void>)[] = [];
  #taken = 0;
  #running = 0;
  #turnAsked = false;
  #closed = false;

  constructor(clock: HostClock, limit: number) {
    this.#clock = clock;
    this.#limit = limit;
  }

  push(work: () => Promise<void>): void {
    this.#waiting.push(work);
    this.#askForTurn();
  }

  /** Nothing that waits will start any more. */
  close(): void {
    this.#closed = true;
    this.#waiting = [];
    this.#taken = 0;
  }

  #askForTurn(): void {
    if (this.#turnAsked || this.#closed) return;
    this.#turnAsked = true;
    const release = this.#clock.hold();
    setImmediate(() => {
      this.#turnAsked = false;
      this.#startWaiting();
      release();
    });
  }

  #startWaiting(): void {
    while (this.#running < this.#limit) {
      const work = this.#waiting[this.#taken];
      if (!work) break;
      this.#taken++;
      this.#running++;
      void work().finally(() => {
        this.#running--;
        if (this.#taken < this.#waiting.length) this.#askForTurn();
      });
    }
    if (this.#taken === this.#waiting.length || this.#taken > COMPACT_AFTER) {
      this.#waiting = this.#waiting.slice(this.#taken);
      this.#taken = 0;
    }
  }
}

/** Taken entries are dropped in lumps: shifting one by one would cost the square of a long queue. */
const COMPACT_AFTER = 1024;
