import type { TableEntityResult } from "@azure/data-tables";
import { PROPERTY_LENGTH, type RowWrite } from "./limits";
import type { RowValue, StoredRow } from "./store";
import { fromTableKey, toTableKey } from "./table-key";

const WRITER = "w";

export const writerOf = (entity: RowEntity): unknown => entity[WRITER];

/** A row as Azure Tables keeps it: its JSON in `v0`, `v1`, …, and in `w` who wrote it last. */
export type RowEntity = TableEntityResult<Partial<Record<string, unknown>>>;

/** @param writer the mark of this write: no other write of any row has it */
export function toEntity(
  partition: string,
  write: Exclude<RowWrite, { kind: "delete" }>,
  writer: string,
): Readonly<Record<string, string>> {
  const parts = partsOf(write.json).map((part, index) => [`v${index}`, part] as const);
  return {
    PartitionKey: toTableKey(partition),
    RowKey: toTableKey(write.key),
    [WRITER]: writer,
    ...Object.fromEntries(parts),
  };
}

export function toRow<T extends RowValue>(partition: string, entity: RowEntity): StoredRow<T> {
  const parts: string[] = [];
  for (;;) {
    const part = entity[`v${parts.length}`];
    if (typeof part !== "string") break;
    parts.push(part);
  }
  return {
    partition,
    key: fromTableKey(entity.rowKey ?? ""),
    value: JSON.parse(parts.join("")) as T,
    etag: entity.etag,
  };
}

/** Never through a surrogate pair: half a character does not survive the way as UTF-8. */
function partsOf(json: string): string[] {
  const parts: string[] = [];
  for (let from = 0; from < json.length;) {
    const full = Math.min(from + PROPERTY_LENGTH, json.length);
    const cut = json.slice(from, full).isWellFormed() ? full : full - 1;
    parts.push(json.slice(from, cut));
    from = cut;
  }
  return parts;
}
