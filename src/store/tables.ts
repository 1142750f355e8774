import { randomUUID } from "node:crypto";
import type { TableEntityResultPage } from "@azure/data-tables";
import type { Clock } from "../clock";
import { mayBeKey, rowWrites, type RowWrite } from "./limits";
import { byKey, type BatchOperation, type RowValue, type Store, type StoredRow } from "./store";
import { attempts, isAbsent, isLostRace } from "./table-attempts";
import { sendBatch } from "./table-batch";
import { connectTable, type TableConnection, type TablesSettings } from "./table-connection";
import { toRow, writerOf, type RowEntity } from "./table-entity";
import { AFTER_ALL, toTableKey } from "./table-key";

/**
 * Rows in a table of Azure Tables.
 *
 * A write whose answer is lost is sent again, and is then refused because it was done. Each write therefore leaves
 * its own mark in the rows, by which it is told from somebody else's: who inserted an intent may send its POST.
 */
export class TablesStore implements Store {
  readonly #connection: TableConnection;
  readonly #clock: Clock;
  #table: Promise<void> | undefined;

  /** Sends nothing yet; the table is made before its first use. */
  static connect(settings: TablesSettings, clock: Clock): TablesStore {
    return new TablesStore(connectTable(settings), clock);
  }

  constructor(connection: TableConnection, clock: Clock) {
    this.#connection = connection;
    this.#clock = clock;
  }

  async get<T extends RowValue>(partition: string, key: string): Promise<StoredRow<T> | undefined> {
    if (![partition, key].every(mayBeKey)) return undefined;
    await this.#tableExists();
    const entity = await attempts(this.#clock, () => this.#entity(partition, key));
    return entity && toRow<T>(partition, entity);
  }

  insertIfAbsent(partition: string, key: string, value: RowValue): Promise<boolean> {
    return this.batch(partition, [{ kind: "insert", key, value }]);
  }

  replaceIfMatch<T extends RowValue>({ partition, key, etag }: StoredRow<T>, value: T): Promise<boolean> {
    return this.batch(partition, [{ kind: "replace", key, etag, value }]);
  }

  async scan<T extends RowValue>(partition: string, prefix: string): Promise<StoredRow<T>[]> {
    if (![partition, prefix].every(mayBeKey)) return [];
    await this.#tableExists();
    const rows: StoredRow<T>[] = [];
    let continuationToken: string | undefined;
    do {
      const from = continuationToken;
      const page = await attempts(this.#clock, () => this.#page(filterFor(partition, prefix), from));
      rows.push(...page.map((entity) => toRow<T>(partition, entity)));
      continuationToken = page.continuationToken;
    } while (continuationToken !== undefined);
    return rows.sort(byKey);
  }

  async batch(partition: string, operations: readonly BatchOperation[]): Promise<boolean> {
    const writes = rowWrites(partition, operations);
    if (writes.length === 0) return true;
    await this.#tableExists();
    const writer = randomUUID();
    return attempts(this.#clock, async (uncertain) => {
      try {
        await sendBatch(this.#connection, partition, writes, writer);
        return true;
      } catch (thrown) {
        if (!isLostRace(thrown)) throw thrown;
        return uncertain && (await this.#wrote(partition, writes, writer));
      }
    });
  }

  /** Whether any of the rows carries the mark: they were all written, then. */
  async #wrote(partition: string, writes: readonly RowWrite[], writer: string): Promise<boolean> {
    const entities = await Promise.all(writes.map(({ key }) => this.#entity(partition, key)));
    // Deletes alone leave no mark. The rows are gone, as was asked.
    if (writes.every(({ kind }) => kind === "delete")) return entities.every((entity) => entity === undefined);
    return entities.some((entity) => entity !== undefined && writerOf(entity) === writer);
  }

  async #entity(partition: string, key: string): Promise<RowEntity | undefined> {
    try {
      return await this.#connection.client.getEntity(toTableKey(partition), toTableKey(key));
    } catch (thrown) {
      if (isAbsent(thrown)) return undefined;
      throw thrown;
    }
  }

  /** One request: the iterator over all pages ends with the first failure. */
  async #page(filter: string, continuationToken: string | undefined): Promise<TableEntityResultPage<RowEntity>> {
    const pages = this.#connection.client
      .listEntities({ queryOptions: { filter } })
      .byPage(continuationToken === undefined ? {} : { continuationToken });
    const first: IteratorResult<TableEntityResultPage<RowEntity>, undefined> = await pages.next();
    return first.value ?? [];
  }

  #tableExists(): Promise<void> {
    this.#table ??= attempts(this.#clock, () => this.#connection.client.createTable()).catch((thrown: unknown) => {
      this.#table = undefined;
      throw thrown;
    });
    return this.#table;
  }
}

/** Keys need no quoting here: table keys hold no quotes. */
function filterFor(partition: string, prefix: string): string {
  const from = toTableKey(prefix);
  const whole = `PartitionKey eq '${toTableKey(partition)}'`;
  return from === "" ? whole : `${whole} and RowKey ge '${from}' and RowKey lt '${from}${AFTER_ALL}'`;
}
