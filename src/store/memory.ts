import { rowWrites } from "./limits";
import { byKey, type BatchOperation, type RowValue, type Store, type StoredRow } from "./store";

interface Entry {
  readonly json: string;
  readonly etag: string;
}

/** Rows live as long as the process. Values are kept as JSON, so that no caller shares an object with the store. */
export class MemoryStore implements Store {
  readonly #partitions = new Map<string, Map<string, Entry>>();
  #writes = 0;

  get<T extends RowValue>(partition: string, key: string): Promise<StoredRow<T> | undefined> {
    const entry = this.#partitions.get(partition)?.get(key);
    return Promise.resolve(entry && toRow<T>(partition, key, entry));
  }

  insertIfAbsent(partition: string, key: string, value: RowValue): Promise<boolean> {
    return this.batch(partition, [{ kind: "insert", key, value }]);
  }

  replaceIfMatch<T extends RowValue>({ partition, key, etag }: StoredRow<T>, value: T): Promise<boolean> {
    return this.batch(partition, [{ kind: "replace", key, etag, value }]);
  }

  scan<T extends RowValue>(partition: string, prefix: string): Promise<StoredRow<T>[]> {
    const entries = [...(this.#partitions.get(partition) ?? [])];
    return Promise.resolve(
      entries
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, entry]) => toRow<T>(partition, key, entry))
        .sort(byKey),
    );
  }

  async batch(partition: string, operations: readonly BatchOperation[]): Promise<boolean> {
    const writes = rowWrites(partition, operations);
    const rows = this.#partitions.get(partition) ?? new Map<string, Entry>();
    const fits = writes.every((write) => {
      const existing = rows.get(write.key);
      return write.kind === "insert" ? existing === undefined : existing?.etag === write.etag;
    });
    if (!fits) return false;
    for (const write of writes) {
      if (write.kind === "delete") rows.delete(write.key);
      else rows.set(write.key, { json: write.json, etag: `${++this.#writes}` });
    }
    this.#partitions.set(partition, rows);
    return true;
  }
}

const toRow = <T extends RowValue>(partition: string, key: string, { json, etag }: Entry): StoredRow<T> => ({
  partition,
  key,
  value: JSON.parse(json) as T,
  etag,
});
