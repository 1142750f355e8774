import type { DatabaseSync, StatementSync } from "node:sqlite";
import { inTransaction, openSqliteFile } from "../../../sqlite-file";
import type { HistoryEvent, Message } from "./history";
import { isTerminal, type Instance, type InstanceHead } from "./instance";
import type { InstancePage, InstanceQuery, InstanceStore, TimerDue } from "./store";

/** "gpdh" in ASCII. */
const APPLICATION_ID = 0x67706468;
/** Grows with every change of the tables below; files of a newer one are refused. */
const VERSION = 1;
/** `place` orders instances by creation. Events are one row each, so that a step writes only what is new to it. */
const SCHEMA = `
CREATE TABLE instances (
  place INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL,
  createdAt INTEGER NOT NULL,
  head TEXT NOT NULL
) STRICT;
CREATE INDEX unfinished ON instances (place) WHERE status IN ('Pending', 'Running', 'Suspended');
CREATE TABLE events (
  instance INTEGER NOT NULL,
  list TEXT NOT NULL,
  place INTEGER NOT NULL,
  event TEXT NOT NULL,
  PRIMARY KEY (instance, list, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE timers (
  name TEXT PRIMARY KEY,
  due INTEGER NOT NULL,
  after INTEGER NOT NULL
) STRICT, WITHOUT ROWID`;

/**
 * @param file a path, or `:memory:`
 * @throws SqliteFileError when the file is in use, or is not one that this version may write
 */
export const openInstanceFile = (file: string): DatabaseSync =>
  openSqliteFile({
    file,
    applicationId: APPLICATION_ID,
    version: VERSION,
    schema: SCHEMA,
    // A power failure takes the host back to an earlier step, which it repeats; activities expect that.
    synchronous: "NORMAL",
  });

/** What of a live instance stands in the file. */
interface Kept {
  readonly place: number | bigint;
  /** JSON text. A message that arrives changes the inbox only. */
  head: string;
  executionId: string;
  historyLength: number;
  inbox: readonly Message[];
  /** Place of the next message. */
  nextMessage: number;
}

interface InstanceRow {
  readonly place: number;
  readonly head: string;
}

/** Instances in a SQLite database, on disk or in memory. */
export class SqliteInstanceStore implements InstanceStore {
  readonly #database: DatabaseSync;
  readonly #statements: ReturnType<typeof prepare>;
  readonly #kept = new WeakMap<Instance, Kept>();

  /** @throws SqliteFileError as `openInstanceFile` */
  static open(file: string): SqliteInstanceStore {
    return new SqliteInstanceStore(openInstanceFile(file));
  }

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#statements = prepare(database);
  }

  unfinished(): Instance[] {
    return rowsOf<InstanceRow>(this.#statements.unfinished).map((row) => this.#read(row));
  }

  head(instanceId: string): InstanceHead | undefined {
    const row = this.#row(instanceId);
    return row && headOf(row);
  }

  find(instanceId: string): Instance | undefined {
    const row = this.#row(instanceId);
    return row && this.#read(row);
  }

  page(
    { createdFrom, createdTo, idPrefix = "", statuses = [] }: InstanceQuery,
    limit: number,
    fromId = "",
  ): InstancePage {
    const rows = rowsOf<InstanceRow & { id: string }>(
      this.#statements.page,
      fromId,
      createdFrom ?? Number.MIN_SAFE_INTEGER,
      createdTo ?? Number.MAX_SAFE_INTEGER,
      idPrefix,
      JSON.stringify(statuses),
      limit + 1,
    );
    return { heads: rows.slice(0, limit).map(headOf), next: rows[limit]?.id };
  }

  heads(): InstanceHead[] {
    return rowsOf<InstanceRow>(this.#statements.heads).map(headOf);
  }

  commit(saved: readonly Instance[], deletedIds: readonly string[]): void {
    inTransaction(this.#database, () => {
      for (const id of deletedIds) this.#delete(id);
      for (const instance of saved) this.#save(instance);
      return true;
    });
  }

  timerDue(functionName: string): TimerDue | undefined {
    return rowsOf<TimerDue>(this.#statements.timer, functionName)[0];
  }

  setTimerDue(functionName: string, { due, after }: TimerDue): void {
    this.#statements.setTimer.run(functionName, due, after);
  }

  /** Frees the file for another process. */
  close(): void {
    this.#database.close();
  }

  #row(instanceId: string): InstanceRow | undefined {
    return rowsOf<InstanceRow>(this.#statements.row, instanceId)[0];
  }

  #read(row: InstanceRow): Instance {
    const events = rowsOf<{ list: string; place: number; event: string }>(this.#statements.events, row.place);
    const history: HistoryEvent[] = [];
    const inbox: Message[] = [];
    let nextMessage = 0;
    for (const { list, place, event } of events) {
      if (list === HISTORY) history.push(JSON.parse(event) as HistoryEvent);
      else {
        inbox.push(JSON.parse(event) as Message);
        nextMessage = place + 1;
      }
    }
    const instance: Instance = { ...headOf(row), history, inbox };
    const { executionId } = instance;
    const kept = { ...row, executionId, historyLength: history.length, inbox: [...inbox], nextMessage };
    this.#kept.set(instance, kept);
    return instance;
  }

  #save(instance: Instance): void {
    const { status, createdAt, history, inbox: _inbox, ...rest } = instance;
    const head = JSON.stringify({ status, createdAt, ...rest } satisfies InstanceHead);
    let kept = this.#kept.get(instance);
    if (kept) {
      if (kept.head !== head) this.#statements.update.run(status, createdAt, head, kept.place);
      kept.head = head;
    } else {
      this.#delete(instance.instanceId);
      const { lastInsertRowid: place } = this.#statements.insert.run(instance.instanceId, status, createdAt, head);
      kept = { place, head, executionId: instance.executionId, historyLength: 0, inbox: [], nextMessage: 0 };
      this.#kept.set(instance, kept);
    }
    if (kept.executionId !== instance.executionId) {
      this.#statements.clear.run(kept.place, HISTORY);
      kept.executionId = instance.executionId;
      kept.historyLength = 0;
    }
    for (const event of history.slice(kept.historyLength)) {
      this.#statements.append.run(kept.place, HISTORY, kept.historyLength++, JSON.stringify(event));
    }
    this.#saveInbox(kept, instance.inbox);
    if (isTerminal(instance)) this.#kept.delete(instance);
  }

  /** Messages are taken from the front and come at the end; whatever else happened to an inbox replaces it whole. */
  #saveInbox(kept: Kept, inbox: readonly Message[]): void {
    const [first] = inbox;
    const taken = first === undefined ? kept.inbox.length : kept.inbox.indexOf(first);
    const rest = taken < 0 ? [] : kept.inbox.slice(taken);
    const continues = rest.every((message, index) => message === inbox[index]);
    const gone = continues ? kept.inbox.length - rest.length : kept.inbox.length;
    if (gone > 0) {
      const firstKept = kept.nextMessage - kept.inbox.length + gone;
      this.#statements.clearBefore.run(kept.place, INBOX, firstKept);
    }
    for (const message of inbox.slice(continues ? rest.length : 0)) {
      this.#statements.append.run(kept.place, INBOX, kept.nextMessage++, JSON.stringify(message));
    }
    kept.inbox = [...inbox];
  }

  #delete(instanceId: string): void {
    const row = this.#row(instanceId);
    if (!row) return;
    this.#statements.clear.run(row.place, HISTORY);
    this.#statements.clear.run(row.place, INBOX);
    this.#statements.remove.run(row.place);
  }
}

const HISTORY = "history";
const INBOX = "inbox";

const prepare = (database: DatabaseSync) => ({
  unfinished: database.prepare(
    "SELECT place, head FROM instances WHERE status IN ('Pending', 'Running', 'Suspended') ORDER BY place",
  ),
  row: database.prepare("SELECT place, head FROM instances WHERE id = ?"),
  heads: database.prepare("SELECT place, head FROM instances ORDER BY place"),
  page: database.prepare(
    `SELECT place, head, id FROM instances
     WHERE id >= ?1 AND createdAt BETWEEN ?2 AND ?3 AND substr(id, 1, length(?4)) = ?4
       AND (?5 = '[]' OR status IN (SELECT value FROM json_each(?5)))
     ORDER BY id LIMIT ?6`,
  ),
  events: database.prepare("SELECT list, place, event FROM events WHERE instance = ? ORDER BY list, place"),
  insert: database.prepare("INSERT INTO instances (id, status, createdAt, head) VALUES (?, ?, ?, ?)"),
  update: database.prepare("UPDATE instances SET status = ?, createdAt = ?, head = ? WHERE place = ?"),
  remove: database.prepare("DELETE FROM instances WHERE place = ?"),
  append: database.prepare("INSERT INTO events (instance, list, place, event) VALUES (?, ?, ?, ?)"),
  clear: database.prepare("DELETE FROM events WHERE instance = ? AND list = ?"),
  timer: database.prepare("SELECT due, after FROM timers WHERE name = ?"),
  setTimer: database.prepare("INSERT OR REPLACE INTO timers (name, due, after) VALUES (?, ?, ?)"),
  clearBefore: database.prepare("DELETE FROM events WHERE instance = ? AND list = ? AND place < ?"),
});

/** SQLite answers untyped rows; the statements above name their columns. */
const rowsOf = <Row>(statement: StatementSync, ...values: (string | number)[]): Row[] =>
  statement.all(...values) as unknown[] as Row[];

const headOf = ({ head }: InstanceRow): InstanceHead => JSON.parse(head) as InstanceHead;
