import type { SweepLedger } from "../../ledger/sweeps";
import type { Watch } from "../../ledger/watch";
import type { ScheduleDeps } from "../schedule/deps";

export interface WatchdogDeps extends ScheduleDeps {
  readonly sweeps: SweepLedger;
  readonly watch: Watch;
  /** How long after its claim a run may take, in milliseconds. */
  readonly runDeadlineMs: number;
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/**
 * What one tick may take. A tick is a plain call of a timer function, which Azure Functions ends after ten minutes
 * (host.json), and the watchdog's is to come again every five: what is left over waits for the next.
 */
export class Budget {
  readonly #deps: Pick<WatchdogDeps, "clock">;
  readonly #until: number;
  #left: number;

  /** @param most rows that may be dealt with */
  constructor(deps: Pick<WatchdogDeps, "clock">, until: number, most: number) {
    this.#deps = deps;
    this.#until = until;
    this.#left = most;
  }

  /** Counts rows; the last ones may exceed what was left. */
  spend(rows: number): void {
    this.#left -= rows;
  }

  get isSpent(): boolean {
    return this.#left <= 0 || this.#deps.clock.now() >= this.#until;
  }
}
