import type { OpenRun, RunRequest } from "../contracts/run";
import { remove } from "../store/remove";
import type { Store, StoredRow } from "../store/store";
import { shardOf } from "./keys";

const PARTITION = "open-runs";
const keyOf = (runId: string): string => `${shardOf(runId)}:${runId}`;

/**
 * An index, so that nobody looks for open runs among those of a year. A run is in here before it has a row of its own
 * and until after it has its outcome; the run's row is the truth.
 */
export class OpenRuns {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async add(request: RunRequest, since: number): Promise<void> {
    await this.#store.insertIfAbsent(PARTITION, keyOf(request.runId), { request, since } satisfies OpenRun);
  }

  remove(runId: string): Promise<void> {
    return remove(this.#store, PARTITION, keyOf(runId));
  }

  /** One share of the open runs. */
  inShard(shard: string): Promise<StoredRow<OpenRun>[]> {
    return this.#store.scan<OpenRun>(PARTITION, `${shard}:`);
  }
}
