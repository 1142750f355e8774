import { spreadOf } from "./keys";
import type { Store, StoredRow } from "../store/store";

interface Slot {
  readonly runId: string | null;
}

const PARTITION = "active-runs";
const slotKey = (index: number): string => `slot:${String(index).padStart(4, "0")}`;

/** A fixed number of slots, one row each: so many runs are active and never one more, whatever races. */
export class ActiveRuns {
  readonly #store: Store;
  readonly #limit: number;

  constructor(store: Store, limit: number) {
    this.#store = store;
    this.#limit = limit;
  }

  /** True when the run has a slot, its own from before or a new one. */
  async enter(runId: string): Promise<boolean> {
    const rows = await this.#store.scan<Slot>(PARTITION, "slot:");
    if (rows.some(({ value }) => value.runId === runId)) return true;
    const byKey = new Map(rows.map((row) => [row.key, row]));
    // Starting at a place of its own, a run seldom races with others for the same slot.
    const first = Math.floor(spreadOf(runId) * this.#limit);
    for (let offset = 0; offset < this.#limit; offset++) {
      const key = slotKey((first + offset) % this.#limit);
      if (await this.#occupy(key, byKey.get(key), runId)) return true;
    }
    return false;
  }

  async leave(runId: string): Promise<void> {
    for (const row of await this.#store.scan<Slot>(PARTITION, "slot:")) {
      if (row.value.runId === runId) await this.#store.replaceIfMatch(row, { runId: null });
    }
  }

  /** The runs that hold a slot. */
  async runIds(): Promise<string[]> {
    return (await this.#store.scan<Slot>(PARTITION, "slot:")).flatMap(({ value }) => value.runId ?? []);
  }

  #occupy(key: string, row: StoredRow<Slot> | undefined, runId: string): Promise<boolean> {
    if (!row) return this.#store.insertIfAbsent(PARTITION, key, { runId });
    return row.value.runId === null ? this.#store.replaceIfMatch(row, { runId }) : Promise.resolve(false);
  }
}
