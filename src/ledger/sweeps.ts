import type { Store } from "../store/store";

const PARTITION = "sweeps";

/** Which sweeps have released all their runs. A finished orchestration can be started again, so its id says nothing. */
export class SweepLedger {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async isReleased(sweepId: string): Promise<boolean> {
    return (await this.#store.get(PARTITION, sweepId)) !== undefined;
  }

  async markReleased(sweepId: string, at: string): Promise<void> {
    await this.#store.insertIfAbsent(PARTITION, sweepId, { at });
  }
}
