import { removeAll } from "../store/remove";
import { update, type Store } from "../store/store";

interface Sweep {
  /** Our clock, milliseconds since the epoch. */
  readonly beganAt: number;
  /** It released all its runs, or gave up. */
  readonly over: boolean;
}

const PARTITION = "sweeps";

/** How far sweeps came. A finished orchestration can be started again, so its id says nothing. */
export class SweepLedger {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The sweep, which begins now if it is not known yet. */
  async begin(sweepId: string, now: number): Promise<Sweep> {
    const sweep: Sweep = { beganAt: now, over: false };
    if (await this.#store.insertIfAbsent(PARTITION, sweepId, sweep)) return sweep;
    return (await this.#store.get<Sweep>(PARTITION, sweepId))?.value ?? sweep;
  }

  /** The sweeps of one hour, such as 2026-11-24T05: their ids begin with the schedule's slot (scheduled-sweep). */
  async forgetHour(hour: string): Promise<void> {
    const rows = await this.#store.scan<Sweep>(PARTITION, `sweep-${hour.replaceAll("-", "")}`);
    await removeAll(this.#store, PARTITION, rows);
  }

  async end(sweepId: string): Promise<void> {
    await update<Sweep>(this.#store, PARTITION, sweepId, (sweep) =>
      sweep.over ? undefined : { ...sweep, over: true },
    );
  }
}
