import { spreadOf } from "./keys";
import type { BatchOperation, Store } from "../store/store";

interface Slot {
  readonly runId: string;
}

/** Where a run's slot is, so that nobody looks for it. */
interface Place {
  readonly slot: number;
}

const PARTITION = "active-runs";
const slotKey = (index: number): string => `slot:${String(index).padStart(5, "0")}`;
const runKey = (runId: string): string => `run:${runId}`;
/** With half of the slots free, one run in 64 finds so many taken. */
const PROBES = 6;

/**
 * A fixed number of slots, one row each while it is taken: so many runs are active and never one more, whatever races.
 * A run's own row comes and goes with its slot's in one transaction: it never has two.
 */
export class ActiveRuns {
  readonly #store: Store;
  readonly #limit: number;

  constructor(store: Store, limit: number) {
    this.#store = store;
    this.#limit = limit;
  }

  /** True when the run has a slot, its own from before or a new one. */
  async enter(runId: string): Promise<boolean> {
    if (await this.#place(runId)) return true;
    for (let probe = 0; probe < PROBES; probe++) {
      if (await this.#occupy(this.#slotFor(`${runId}:${probe}`), runId)) return true;
    }
    for (;;) {
      if (await this.#place(runId)) return true;
      // Starting at a place of its own, a run seldom races with others for the same slot.
      const free = await this.#freeFrom(this.#slotFor(runId));
      if (free.length === 0) return false;
      for (const slot of free) if (await this.#occupy(slot, runId)) return true;
    }
  }

  async leave(runId: string): Promise<void> {
    for (;;) {
      const row = await this.#place(runId);
      if (!row) return;
      const key = slotKey(row.value.slot);
      const slot = await this.#store.get<Slot>(PARTITION, key);
      const left: BatchOperation[] = [{ kind: "delete", key: row.key, etag: row.etag }];
      if (slot?.value.runId === runId) left.push({ kind: "delete", key, etag: slot.etag });
      if (await this.#store.batch(PARTITION, left)) return;
    }
  }

  /** The runs that hold a slot. */
  async runIds(): Promise<string[]> {
    return (await this.#store.scan<Slot>(PARTITION, "slot:")).map(({ value }) => value.runId);
  }

  #place(runId: string) {
    return this.#store.get<Place>(PARTITION, runKey(runId));
  }

  #slotFor(name: string): number {
    return Math.floor(spreadOf(name) * this.#limit) % this.#limit;
  }

  #occupy(slot: number, runId: string): Promise<boolean> {
    return this.#store.batch(PARTITION, [
      { kind: "insert", key: slotKey(slot), value: { runId } },
      { kind: "insert", key: runKey(runId), value: { slot } },
    ]);
  }

  /** The slots that nobody has, in the order in which the run tries them: the one read of all, made only by who found none. */
  async #freeFrom(first: number): Promise<number[]> {
    const taken = new Set((await this.#store.scan<Slot>(PARTITION, "slot:")).map(({ key }) => key));
    const order = Array.from({ length: this.#limit }, (_, offset) => (first + offset) % this.#limit);
    return order.filter((slot) => !taken.has(slotKey(slot)));
  }
}
