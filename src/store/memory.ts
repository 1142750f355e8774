import { problemWithBatch, type BatchOperation, type RowValue, type Store, type StoredRow } from "./store";

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
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, entry]) => toRow<T>(partition, key, entry)),
    );
  }

  batch(partition: string, operations: readonly BatchOperation[]): Promise<boolean> {
    const problem = problemWithBatch(operations);
    if (problem) return Promise.reject(problem);
    const rows = this.#partitions.get(partition) ?? new Map<string, Entry>();
    const fits = operations.every((operation) => {
      const existing = rows.get(operation.key);
      return operation.kind === "insert" ? existing === undefined : existing?.etag === operation.etag;
    });
    if (!fits) return Promise.resolve(false);
    for (const operation of operations) {
      if (operation.kind === "delete") rows.delete(operation.key);
      else rows.set(operation.key, { json: JSON.stringify(operation.value), etag: `${++this.#writes}` });
    }
    this.#partitions.set(partition, rows);
    return Promise.resolve(true);
  }
}

const toRow = <T extends RowValue>(partition: string, key: string, { json, etag }: Entry): StoredRow<T> => ({
  partition,
  key,
  value: JSON.parse(json) as T,
  etag,
});
