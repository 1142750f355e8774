import { LARGEST_BATCH } from "./limits";
import type { Store, StoredRow } from "./store";

/** Removes rows of one partition, as many at a time as a batch takes. False when some changed since they were read, and stayed. */
export async function removeAll(store: Store, partition: string, rows: readonly StoredRow[]): Promise<boolean> {
  let all = true;
  for (let from = 0; from < rows.length; from += LARGEST_BATCH) {
    const deletions = rows
      .slice(from, from + LARGEST_BATCH)
      .map(({ key, etag }) => ({ kind: "delete", key, etag }) as const);
    if (!(await store.batch(partition, deletions))) all = false;
  }
  return all;
}

/** Removes the row, whatever it holds by now. */
export async function remove(store: Store, partition: string, key: string): Promise<void> {
  for (;;) {
    const row = await store.get(partition, key);
    if (!row || (await removeAll(store, partition, [row]))) return;
  }
}
