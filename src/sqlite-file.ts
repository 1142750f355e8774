import { closeSync, existsSync, openSync, rmSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { OperatorError } from "./errors";

export interface SqliteFileOptions {
  /** A path, or `:memory:`. Its folder must exist. */
  readonly file: string;
  /** Tells our files from those of other programs: a signed 32-bit number, not 0. */
  readonly applicationId: number;
  /** Of the schema, from 1. */
  readonly version: number;
  /** The statements that make an empty database of this version. */
  readonly schema: string;
  /** FULL: on disk before a write returns. NORMAL: a power failure, not a crash, may lose the last writes. */
  readonly synchronous: "FULL" | "NORMAL";
}

export type SqliteFileProblem = "Locked" | "Newer" | "Foreign" | "Broken" | "Unusable";

/** The file was refused and left as it was. */
export class SqliteFileError extends OperatorError {
  override readonly name = "SqliteFileError";
  constructor(
    readonly code: SqliteFileProblem,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Opens a file of our own, or makes one, for this process alone: the kernel frees its lock however the process ends.
 * @throws SqliteFileError when the file is held by another process, or is not one that this version may write
 */
export function openSqliteFile(options: SqliteFileOptions): DatabaseSync {
  const { file } = options;
  try {
    if (file !== ":memory:") {
      createForOwner(file);
      if (statSync(file).size > 0) inspect(options);
    }
    return openAlone(options);
  } catch (thrown) {
    throw thrown instanceof SqliteFileError ? thrown : problemOf(file, thrown);
  }
}

/** Rows may hold signed addresses: nobody else on the machine reads them. SQLite gives its -wal the same rights. */
function createForOwner(file: string): void {
  if (!existsSync(file)) closeSync(openSync(file, "a", 0o600));
}

/**
 * Looks without leaving a trace. Never by reading the file's bytes: closing a descriptor of our own would free the
 * lock that this very process may hold on the file (POSIX; sqlite.org/howtocorrupt.html 2.2).
 */
function inspect(options: SqliteFileOptions): void {
  const { file } = options;
  const address = pathToFileURL(file);
  address.searchParams.set("immutable", "1");
  reading(address, (database) => checkHeader(database, options));
  // A file is made in one transaction, so that what an open journal undoes is all of it.
  if (existsSync(`${file}-journal`)) return;
  // With nothing beside it the file is complete. Otherwise it is read through its -wal, which a connection that
  // may only read does not fold into the file when it is closed; it leaves an index.
  if (!existsSync(`${file}-wal`)) return reading(address, (database) => checkContents(database, options));
  const indexed = existsSync(`${file}-shm`);
  try {
    reading(pathToFileURL(file), (database) => checkContents(database, options));
  } finally {
    if (!indexed) rmSync(`${file}-shm`, { force: true });
  }
}

function reading(address: URL, check: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(address, { readOnly: true });
  try {
    check(database);
  } finally {
    database.close();
  }
}

function checkHeader(database: DatabaseSync, { file, applicationId, version }: SqliteFileOptions): void {
  if (numberOf(database, "application_id") !== applicationId) {
    throw new SqliteFileError("Foreign", `${file} belongs to another program: name another file`);
  }
  const written = numberOf(database, "user_version");
  if (written > version) {
    const message = `${file} was written by a newer version of Goldpatch (format ${written}; this one writes ${version}): use that version, or name another file`;
    throw new SqliteFileError("Newer", message);
  }
  if (written < version) throw broken(file, `format ${written} is not ${version}`);
}

function checkContents(database: DatabaseSync, options: SqliteFileOptions): void {
  checkHeader(database, options);
  if (layoutOf(database) !== expectedLayout(options)) throw broken(options.file, "its tables are not ours");
  const finding = firstColumn(database, "PRAGMA quick_check(1)");
  if (finding !== "ok") throw broken(options.file, String(finding));
}

function openAlone(options: SqliteFileOptions): DatabaseSync {
  const database = new DatabaseSync(options.file);
  try {
    // Before the first access: the -wal's index then lies in this process and needs no shared memory.
    database.exec("PRAGMA locking_mode = EXCLUSIVE");
    database.exec("BEGIN EXCLUSIVE");
    if (layoutOf(database) === "[]") create(database, options);
    database.exec("COMMIT");
    // Only now: version and application stand in the file itself, where every later start looks for them.
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${options.synchronous}`);
    checkHeader(database, options);
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

function create(database: DatabaseSync, { applicationId, version, schema }: SqliteFileOptions): void {
  database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${version}; ${schema}`);
}

function expectedLayout(options: SqliteFileOptions): string {
  const database = new DatabaseSync(":memory:");
  create(database, options);
  const layout = layoutOf(database);
  database.close();
  return layout;
}

/**
 * All that `work` writes, or nothing: when it answers false or throws.
 *
 * @throws what `work` threw
 */
export function inTransaction(database: DatabaseSync, work: () => boolean): boolean {
  database.exec("BEGIN");
  try {
    const done = work();
    database.exec(done ? "COMMIT" : "ROLLBACK");
    return done;
  } catch (thrown) {
    // SQLite itself undoes all after some errors, such as a full disk.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw thrown;
  }
}

const layoutOf = (database: DatabaseSync): string =>
  JSON.stringify(database.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name").all());

const numberOf = (database: DatabaseSync, pragma: string): number => Number(firstColumn(database, `PRAGMA ${pragma}`));

const firstColumn = (database: DatabaseSync, query: string): unknown =>
  Object.values(database.prepare(query).get() ?? {})[0];

const broken = (file: string, reason: string): SqliteFileError =>
  new SqliteFileError(
    "Broken",
    `${file} is damaged, or no database of Goldpatch (${reason}): put a backup in its place, or move it away to start anew`,
  );

/** Result codes of sqlite.org/rescode.html; the upper bytes refine them. */
const BUSY = 5;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

function problemOf(file: string, thrown: unknown): SqliteFileError {
  // In jest's sandbox errors of node:sqlite are no instances of Error.
  const { errcode, message } = thrown as { readonly errcode?: number; readonly message?: string };
  const reason = message ?? String(thrown);
  switch ((errcode ?? 0) & 0xff) {
    case BUSY:
      return new SqliteFileError(
        "Locked",
        `${file} is in use by another process: end that one first, or name another file`,
      );
    case CORRUPT:
    case NOT_A_DATABASE:
      return broken(file, reason);
    default:
      return new SqliteFileError(
        "Unusable",
        `${file} cannot be opened (${reason}): check that its folder exists, may be written and has space`,
      );
  }
}
