import { rowWrites } from "./limits";
import type { BatchOperation, RowValue, Store, StoredRow } from "./store";

interface Entry {
  readonly json: string;
  readonly etag: string;
}

/** Rows live as long as the process. Values are kept as JSON, so that no caller shares an object with the store. */
export class MemoryStore implements Store {
  readonly #partitions = new Map<string, Partition>();
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
    const entries = this.#partitions.get(partition)?.beginningWith(prefix) ?? [];
    return Promise.resolve(entries.map(([key, entry]) => toRow<T>(partition, key, entry)));
  }

  async batch(partition: string, operations: readonly BatchOperation[]): Promise<boolean> {
    const writes = rowWrites(partition, operations);
    const rows = this.#partitions.get(partition) ?? new Partition();
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

/** The rows of a partition, with their keys in order: a scan reads what it answers, and no other row. */
class Partition {
  readonly #entries = new Map<string, Entry>();
  readonly #keys: string[] = [];

  get(key: string): Entry | undefined {
    return this.#entries.get(key);
  }

  set(key: string, entry: Entry): void {
    if (!this.#entries.has(key)) this.#keys.splice(this.#place(key), 0, key);
    this.#entries.set(key, entry);
  }

  delete(key: string): void {
    if (this.#entries.delete(key)) this.#keys.splice(this.#place(key), 1);
  }

  beginningWith(prefix: string): [string, Entry][] {
    const found: [string, Entry][] = [];
    for (let place = this.#place(prefix); place < this.#keys.length; place++) {
      const key = this.#keys[place] ?? "";
      const entry = this.#entries.get(key);
      if (!entry || !key.startsWith(prefix)) break;
      found.push([key, entry]);
    }
    return found;
  }

  /** Where the key is, or belongs. */
  #place(key: string): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] ?? "") < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const toRow = <T extends RowValue>(partition: string, key: string, { json, etag }: Entry): StoredRow<T> => ({
  partition,
  key,
  value: JSON.parse(json) as T,
  etag,
});
