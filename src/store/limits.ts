import type { BatchOperation, RowValue } from "./store";
import { toTableKey } from "./table-key";

/*
 * What Azure Tables takes, and therefore every store: a row that one refuses must not first fail in production.
 * Source: learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model and
 * .../performing-entity-group-transactions.
 */

/** Rows of an entity group transaction. */
export const LARGEST_BATCH = 100;
/** UTF-16 units of a key as it is written: 1 KiB. */
export const LONGEST_KEY = 512;
/** UTF-16 units in a property, whose limit is 64 KiB. */
export const PROPERTY_LENGTH = 32_000;
/** UTF-16 units of a value as JSON: 15 properties' worth, which leaves an entity of 1 MiB room for keys and names. */
export const LONGEST_VALUE = 15 * PROPERTY_LENGTH;
/** Bytes of an entity group transaction's request: 4 MiB. */
export const LARGEST_BATCH_BYTES = 4 * 2 ** 20;

/** Bytes around a row in such a request: boundary, headers, address, names, both keys twice. */
const BYTES_PER_ROW = 4_096;
/** Of a value's text there, where quotes and backslashes are two bytes: what is surely small enough is not counted. */
const MOST_BYTES_PER_UNIT = 3;

/** An operation with its value as text, which every store keeps. */
export type RowWrite =
  | { readonly kind: "insert"; readonly key: string; readonly json: string }
  | { readonly kind: "replace"; readonly key: string; readonly etag: string; readonly json: string }
  | { readonly kind: "delete"; readonly key: string; readonly etag: string };

/**
 * The batch as it is written.
 * @throws RangeError that names the row and the limit when no store takes it
 */
export function rowWrites(partition: string, operations: readonly BatchOperation[]): RowWrite[] {
  if (operations.length > LARGEST_BATCH) {
    throw new RangeError(`a batch of ${operations.length} rows exceeds ${LARGEST_BATCH}`);
  }
  refuseKey("partition", partition);
  const keys = new Set<string>();
  const writes = operations.map((operation): RowWrite => {
    const { kind, key } = operation;
    refuseKey("row", key);
    if (keys.has(key)) throw new RangeError(`a batch names the row "${key}" twice`);
    keys.add(key);
    if (kind === "delete") return operation;
    const json = jsonOf(key, operation.value);
    return kind === "insert" ? { kind, key, json } : { kind, key, etag: operation.etag, json };
  });
  refuseBytes(writes);
  return writes;
}

function refuseBytes(writes: readonly RowWrite[]): void {
  if (sumOf(writes, ({ length }) => length * MOST_BYTES_PER_UNIT) <= LARGEST_BATCH_BYTES) return;
  // The request carries the text as JSON once more.
  const bytes = sumOf(writes, (json) => Buffer.byteLength(JSON.stringify(json)));
  if (bytes <= LARGEST_BATCH_BYTES) return;
  const [first, last] = [writes[0], writes.at(-1)].map((write) => write?.key ?? "");
  throw new RangeError(
    `a batch of ${bytes} bytes, rows "${first}" to "${last}", exceeds ${LARGEST_BATCH_BYTES}: write fewer rows at once`,
  );
}

const sumOf = (writes: readonly RowWrite[], bytesOf: (json: string) => number): number =>
  writes.reduce((sum, write) => sum + BYTES_PER_ROW + (write.kind === "delete" ? 0 : bytesOf(write.json)), 0);

/** Whether a row may have the key; or, of a prefix, whether one may begin so. */
export const mayBeKey = (key: string): boolean => key.isWellFormed() && toTableKey(key).length <= LONGEST_KEY;

function refuseKey(what: "partition" | "row", key: string): void {
  // Stores that keep UTF-8 would write another key.
  if (!key.isWellFormed()) throw new RangeError(`the key of ${what} ${JSON.stringify(key)} holds half a character`);
  const { length } = toTableKey(key);
  if (length > LONGEST_KEY) {
    throw new RangeError(`the key of ${what} "${key}" exceeds ${LONGEST_KEY} characters: it is written with ${length}`);
  }
}

function jsonOf(key: string, value: RowValue): string {
  const json = JSON.stringify(value);
  if (json.length <= LONGEST_VALUE) return json;
  throw new RangeError(`the value of row "${key}" exceeds ${LONGEST_VALUE} characters: it has ${json.length}`);
}
