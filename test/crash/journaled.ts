import type { DatabaseSync } from "node:sqlite";
import type { ArmExchange, Embedding } from "../../src/embedding";
import type { Instance } from "../../src/local/functions-host";
import { SqliteInstanceStore } from "../../src/local/functions-host/durable/sqlite-instance-store";
import type { SimulatedAzure } from "../../src/local/simulated-azure";
import { MemoryStore } from "../../src/store/memory";
import type { BatchOperation } from "../../src/store/store";
import type { Journal, StoreWrite, TimerNote } from "./journal";
import { commitLabel, requestLabel, writeLabel } from "./labels";

type Now = () => number;

/** A run store that keeps a journal of its writes. */
export class JournaledStore extends MemoryStore {
  readonly #journal: Journal;
  readonly #now: Now;

  constructor(journal: Journal, now: Now) {
    super();
    this.#journal = journal;
    this.#now = now;
  }

  /** Rows from before the crash: no news for the journal. */
  async restore(partitions: ReadonlyMap<string, ReadonlyMap<string, string>>): Promise<void> {
    for (const [partition, rows] of partitions) {
      for (const [key, json] of rows)
        await super.batch(partition, [{ kind: "insert", key, value: JSON.parse(json) as object }]);
    }
  }

  override async batch(partition: string, operations: readonly BatchOperation[]): Promise<boolean> {
    const rows = operations.map((operation) => ({
      key: operation.key,
      json: operation.kind === "delete" ? undefined : JSON.stringify(operation.value),
    }));
    const write: StoreWrite = { kind: "write", t: this.#now(), label: writeLabel(partition, rows), partition, rows };
    // The rows change during the call, its answer comes later: other entries may lie between the two.
    this.#journal.add(write);
    const done = await super.batch(partition, operations);
    if (!done) this.#journal.remove(write);
    return done;
  }
}

/** An instance store that keeps a journal: of its commits what can be read back, not what it was given. */
export class JournaledInstances extends SqliteInstanceStore {
  readonly #reader: SqliteInstanceStore;
  readonly #journal: Journal;
  readonly #now: Now;

  constructor(database: DatabaseSync, journal: Journal, now: Now) {
    super(database);
    this.#reader = new SqliteInstanceStore(database);
    this.#journal = journal;
    this.#now = now;
  }

  override commit(saved: readonly Instance[], deletedIds: readonly string[]): void {
    super.commit(saved, deletedIds);
    const kept = saved.flatMap(({ instanceId }) => this.#reader.find(instanceId) ?? []);
    const label = commitLabel(kept, deletedIds);
    this.#journal.add({ kind: "commit", t: this.#now(), label, saved: kept, deletedIds });
  }

  override setTimerDue(functionName: string, timer: TimerNote["timer"]): void {
    super.setTimerDue(functionName, timer);
    const label = `timer ${functionName} due ${new Date(timer.due).toISOString()}`;
    this.#journal.add({ kind: "timer", t: this.#now(), label, functionName, timer });
  }
}

/** Requests to simulated Azure, each with its entry in the journal before Azure sees it. */
export const journaledExchange =
  (azure: SimulatedAzure, journal: Journal, now: Now): NonNullable<Embedding["exchange"]> =>
  (request) => {
    const { signal: _signal, ...sent } = request satisfies ArmExchange;
    journal.add({ kind: "request", t: now(), label: requestLabel(request), request: sent });
    return azure.handle(request);
  };
