import { randomUUID } from "node:crypto";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { inTransaction, openSqliteFile } from "../sqlite-file";
import { rowWrites, type RowWrite } from "./limits";
import { byKey, type BatchOperation, type RowValue, type Store, type StoredRow } from "./store";

/** "gpst" in ASCII. */
const APPLICATION_ID = 0x67707374;
const VERSION = 1;
const SCHEMA = `
CREATE TABLE rows (
  partition TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  etag TEXT NOT NULL,
  PRIMARY KEY (partition, key)
) STRICT, WITHOUT ROWID`;

interface Row {
  readonly key: string;
  readonly value: string;
  readonly etag: string;
}

/** Rows in a SQLite file of one process. */
export class SqliteStore implements Store {
  readonly #database: DatabaseSync;
  readonly #get: StatementSync;
  readonly #scan: StatementSync;
  readonly #insert: StatementSync;
  readonly #replace: StatementSync;
  readonly #delete: StatementSync;
  /** With a count of writes: no etag ever comes back, not even that of a row deleted before the last start. */
  readonly #start = randomUUID();
  #writes = 0;

  /** @throws SqliteFileError when the file is in use, or is not one that this version may write */
  static open(file: string): SqliteStore {
    // FULL: an intent must be on disk before its POST leaves, or a power failure makes us send it twice.
    const options = {
      file,
      applicationId: APPLICATION_ID,
      version: VERSION,
      schema: SCHEMA,
      synchronous: "FULL",
    } as const;
    return new SqliteStore(openSqliteFile(options));
  }

  private constructor(database: DatabaseSync) {
    this.#database = database;
    this.#get = database.prepare("SELECT key, value, etag FROM rows WHERE partition = ? AND key = ?");
    this.#scan = database.prepare("SELECT key, value, etag FROM rows WHERE partition = ? AND key >= ? ORDER BY key");
    this.#insert = database.prepare(
      "INSERT INTO rows (partition, key, value, etag) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
    );
    this.#replace = database.prepare(
      "UPDATE rows SET value = ?, etag = ? WHERE partition = ? AND key = ? AND etag = ?",
    );
    this.#delete = database.prepare("DELETE FROM rows WHERE partition = ? AND key = ? AND etag = ?");
  }

  async get<T extends RowValue>(partition: string, key: string): Promise<StoredRow<T> | undefined> {
    const row = this.#get.get(partition, key) as Row | undefined;
    return row && toRow<T>(partition, row);
  }

  insertIfAbsent(partition: string, key: string, value: RowValue): Promise<boolean> {
    return this.batch(partition, [{ kind: "insert", key, value }]);
  }

  replaceIfMatch<T extends RowValue>({ partition, key, etag }: StoredRow<T>, value: T): Promise<boolean> {
    return this.batch(partition, [{ kind: "replace", key, etag, value }]);
  }

  async scan<T extends RowValue>(partition: string, prefix: string): Promise<StoredRow<T>[]> {
    const rows: StoredRow<T>[] = [];
    for (const found of this.#scan.iterate(partition, prefix)) {
      const row = found as unknown as Row;
      if (!row.key.startsWith(prefix)) break;
      rows.push(toRow<T>(partition, row));
    }
    // SQLite compares UTF-8, the port UTF-16.
    return rows.sort(byKey);
  }

  async batch(partition: string, operations: readonly BatchOperation[]): Promise<boolean> {
    const writes = rowWrites(partition, operations);
    return inTransaction(this.#database, () => writes.every((write) => this.#write(partition, write)));
  }

  #write(partition: string, write: RowWrite): boolean {
    const etag = `${this.#start}/${++this.#writes}`;
    switch (write.kind) {
      case "insert":
        return this.#insert.run(partition, write.key, write.json, etag).changes === 1;
      case "replace":
        return this.#replace.run(write.json, etag, partition, write.key, write.etag).changes === 1;
      case "delete":
        return this.#delete.run(partition, write.key, write.etag).changes === 1;
    }
  }

  /** Frees the file for another process. */
  close(): void {
    this.#database.close();
  }
}

const toRow = <T extends RowValue>(partition: string, { key, value, etag }: Row): StoredRow<T> => ({
  partition,
  key,
  value: JSON.parse(value) as T,
  etag,
});
