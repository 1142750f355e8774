import { removeAll } from "../store/remove";
import type { Store, StoredRow } from "../store/store";
import { hourOf } from "./hours";
import { shardOf } from "./keys";

export interface EndedRunRow {
  readonly runId: string;
  readonly vmId: string;
}

const partitionOf = (hour: string): string => `ended-runs:${hour}`;
const keyOf = (runId: string): string => `${shardOf(runId)}:${runId}`;

/**
 * An index by the hour in which runs ended, so that old ones are found without reading the others. A run is noted just
 * before its outcome is written: every run with an outcome stands under its hour. Of two who end a run at a time one
 * notes it in vain.
 */
export class EndedRuns {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async note({ runId, vmId }: EndedRunRow, endedAt: number): Promise<void> {
    const row: EndedRunRow = { runId, vmId };
    await this.#store.insertIfAbsent(partitionOf(hourOf(endedAt)), keyOf(runId), row);
  }

  /** One share of the hour's runs. */
  inShard(hour: string, shard: string): Promise<StoredRow<EndedRunRow>[]> {
    return this.#store.scan<EndedRunRow>(partitionOf(hour), `${shard}:`);
  }

  /** False when somebody else removes them too, at the same moment. */
  remove(hour: string, rows: readonly StoredRow<EndedRunRow>[]): Promise<boolean> {
    return removeAll(this.#store, partitionOf(hour), rows);
  }
}
