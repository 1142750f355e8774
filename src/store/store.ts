/** What a row holds: anything that survives JSON. */
export type RowValue = object;

export interface StoredRow<T extends RowValue = RowValue> {
  readonly partition: string;
  readonly key: string;
  readonly value: T;
  /** Changes with every write of the row. */
  readonly etag: string;
}

export type BatchOperation =
  | { readonly kind: "insert"; readonly key: string; readonly value: RowValue }
  | { readonly kind: "replace"; readonly key: string; readonly etag: string; readonly value: RowValue }
  | { readonly kind: "delete"; readonly key: string; readonly etag: string };

/**
 * The one table-shaped port. A write that lost a race answers false or undefined; only a broken store throws,
 * and a RangeError for rows that no store takes (limits.ts): nothing is written then.
 */
export interface Store {
  get<T extends RowValue>(partition: string, key: string): Promise<StoredRow<T> | undefined>;
  insertIfAbsent(partition: string, key: string, value: RowValue): Promise<boolean>;
  /** False when the row changed since it was read, or is gone. */
  replaceIfMatch<T extends RowValue>(row: StoredRow<T>, value: T): Promise<boolean>;
  /** The rows whose key begins with the prefix, by key. */
  scan<T extends RowValue>(partition: string, prefix: string): Promise<StoredRow<T>[]>;
  /** All or nothing, on rows of one partition, each named once. False when any of them would have lost its race. */
  batch(partition: string, operations: readonly BatchOperation[]): Promise<boolean>;
}

/** The order of `scan`: by UTF-16 unit, as JavaScript compares. */
export const byKey = (a: { readonly key: string }, b: { readonly key: string }): number => (a.key < b.key ? -1 : 1);

/** Reads and replaces until it wins; `change` answers undefined to leave the row as it is. */
export async function update<T extends RowValue>(
  store: Store,
  partition: string,
  key: string,
  change: (value: T) => T | undefined,
): Promise<T | undefined> {
  for (;;) {
    const row = await store.get<T>(partition, key);
    if (!row) return undefined;
    const value = change(row.value);
    if (value === undefined) return row.value;
    if (await store.replaceIfMatch(row, value)) return value;
  }
}
