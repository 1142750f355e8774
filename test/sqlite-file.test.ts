import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, afterEach, describe, expect, test } from "@jest/globals";
import { buildSync } from "esbuild";
import { OperatorError } from "../src/errors";
import { openSqliteFile, SqliteFileError, type SqliteFileOptions, type SqliteFileProblem } from "../src/sqlite-file";

const root = mkdtempSync(path.join(tmpdir(), "goldpatch-sqlite-file-"));
afterAll(() => rmSync(root, { recursive: true }));
let folders = 0;
/** In a folder of its own, so that whatever is left beside it is seen. */
function newFile(): string {
  const folder = path.join(root, String(++folders));
  mkdirSync(folder);
  return path.join(folder, "odd name #1?%.db");
}

const APPLICATION = 0x74657374;
const optionsFor = (file: string, change: Partial<SqliteFileOptions> = {}): SqliteFileOptions => ({
  file,
  applicationId: APPLICATION,
  version: 2,
  schema: "CREATE TABLE notes (text TEXT NOT NULL) STRICT; CREATE INDEX by_text ON notes (text)",
  synchronous: "FULL",
  ...change,
});

const opened = new Set<DatabaseSync>();
function open(file: string, change: Partial<SqliteFileOptions> = {}): DatabaseSync {
  const database = openSqliteFile(optionsFor(file, change));
  opened.add(database);
  return database;
}
const close = (database: DatabaseSync): void => {
  opened.delete(database);
  database.close();
};
const children = new Set<ChildProcess>();
afterEach(() => {
  for (const database of opened) close(database);
  for (const child of children) child.kill("SIGKILL");
  children.clear();
});

function problemOf(file: string, change: Partial<SqliteFileOptions> = {}): SqliteFileError {
  try {
    open(file, change);
  } catch (thrown) {
    if (thrown instanceof SqliteFileError) return thrown;
    throw thrown;
  }
  throw new Error(`${file} was opened`);
}

/** Everything in the file's folder, byte for byte. */
const contentsBeside = (file: string) =>
  readdirSync(path.dirname(file)).map((name) => [name, readFileSync(path.join(path.dirname(file), name), "hex")]);

const firstColumn = (database: DatabaseSync, query: string): unknown[] =>
  database
    .prepare(query)
    .all()
    .map((row) => Object.values(row)[0]);
const write = (database: DatabaseSync, text: string) => database.prepare("INSERT INTO notes VALUES (?)").run(text);
const notes = (database: DatabaseSync) => firstColumn(database, "SELECT text FROM notes ORDER BY text");

/** The module as a process of its own loads it. */
const bundle = path.join(root, "sqlite-file.cjs");
buildSync({ entryPoints: ["src/sqlite-file.ts"], outfile: bundle, bundle: true, platform: "node", format: "cjs" });

const elsewhere = (file: string, rest: string): string[] => [
  "-e",
  `const { openSqliteFile } = require(${JSON.stringify(bundle)});
   const database = openSqliteFile(${JSON.stringify(optionsFor(file))});
   ${rest}`,
];

/** A process that has the file open, with 60 notes of which nothing is in the file itself yet, until it is killed. */
async function holder(file: string): Promise<ChildProcess> {
  const program = `
    for (let count = 0; count < 60; count++) database.prepare("INSERT INTO notes VALUES (?)").run("note " + count);
    console.log("open");
    setInterval(() => undefined, 1_000);`;
  const child = spawn(process.execPath, elsewhere(file, program), { stdio: ["ignore", "pipe", "inherit"] });
  children.add(child);
  await once(child.stdout, "data");
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
  children.delete(child);
}

describe("a file of our own", () => {
  test("is made where there is none, or an empty one, for its owner's eyes only", () => {
    const file = newFile();
    write(open(file), "kept");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(`${file}-wal`).mode & 0o777).toBe(0o600);
    const empty = newFile();
    writeFileSync(empty, "");
    expect(notes(open(empty))).toEqual([]);
  });

  test("carries application and version in its own first page from the start, writes through a log, and leaves none when closed", () => {
    const file = newFile();
    const database = open(file);
    expect(firstColumn(database, "PRAGMA journal_mode")).toEqual(["wal"]);
    expect(firstColumn(database, "PRAGMA locking_mode")).toEqual(["exclusive"]);
    expect(readdirSync(path.dirname(file)).some((name) => name.endsWith("-shm"))).toBe(false);
    write(database, "kept");
    close(database);
    const header = readFileSync(file);
    expect([header.readInt32BE(60), header.readInt32BE(68)]).toEqual([2, APPLICATION]);
    expect(readdirSync(path.dirname(file))).toEqual([path.basename(file)]);
    expect(notes(open(file))).toEqual(["kept"]);
  });

  test.each([
    ["FULL", 2],
    ["NORMAL", 1],
  ] as const)("is as durable as asked: %s", (synchronous, level) => {
    expect(firstColumn(open(newFile(), { synchronous }), "PRAGMA synchronous")).toEqual([level]);
  });

  test("may be in memory, each one its own", () => {
    write(open(":memory:"), "kept");
    expect(notes(open(":memory:"))).toEqual([]);
    expect(existsSync(":memory:")).toBe(false);
  });

  test("has every write that returned, after the process was killed", async () => {
    const file = newFile();
    await kill(await holder(file));
    expect(notes(open(file))).toHaveLength(60);
  });

  test("is made anew when the process was killed in the midst of making it", () => {
    const file = newFile();
    const made = newFile();
    const database = open(made);
    write(database, "undone by the journal");
    close(database);
    // The first page was written, and a journal tells that before it there was nothing.
    writeFileSync(file, readFileSync(made));
    const journal = Buffer.alloc(512);
    Buffer.from("d9d505f920a163d7", "hex").copy(journal);
    journal.writeUInt32BE(512, 20);
    journal.writeUInt32BE(4096, 24);
    writeFileSync(`${file}-journal`, journal);
    const again = open(file);
    expect(notes(again)).toEqual([]);
    write(again, "works");
  });
});

describe("a second process", () => {
  test("is refused as long as the first lives, by name and with a remedy, and gets the file once that was killed", async () => {
    const file = newFile();
    const child = await holder(file);
    const before = contentsBeside(file);
    const problem = problemOf(file);
    expect(problem).toBeInstanceOf(OperatorError);
    expect(problem.code).toBe("Locked");
    expect(problem.message).toBe(`${file} is in use by another process: end that one first, or name another file`);
    expect(contentsBeside(file)).toEqual(before);
    await kill(child);
    expect(notes(open(file))).toHaveLength(60);
  });

  test("is refused even after this one tried to open its own file twice", () => {
    const file = newFile();
    open(file);
    expect(problemOf(file).code).toBe("Locked");
    const second = spawnSync(process.execPath, elsewhere(file, "console.log('opened')"), { encoding: "utf8" });
    expect(second.stdout).toBe("");
    expect(second.stderr).toContain(`${file} is in use by another process`);
  });
});

/** What stands where our file should; each is refused and left byte for byte as it is. */
describe("a file that is not for this version is refused untouched", () => {
  const made = newFile();
  const database = open(made);
  database.exec("BEGIN");
  for (let count = 0; count < 500; count++) write(database, `note ${count}`);
  database.exec("COMMIT");
  close(database);

  /** A copy, changed as bytes. */
  const patched = (change: (bytes: Buffer) => Buffer) => (file: string) =>
    writeFileSync(file, change(readFileSync(made)));
  /** A copy, changed by SQL. */
  const altered = (sql: string) => (file: string) => {
    cpSync(made, file);
    const copy = new DatabaseSync(file);
    copy.exec(sql);
    copy.close();
  };
  const withVersion = (version: number) =>
    patched((bytes) => {
      bytes.writeInt32BE(version, 60);
      return bytes;
    });

  test.each<[string, (file: string) => void, SqliteFileProblem, RegExp]>([
    [
      "of a newer version",
      withVersion(3),
      "Newer",
      /newer version of Goldpatch \(format 3; this one writes 2\): use that version/,
    ],
    [
      "of a version that never was",
      withVersion(1),
      "Broken",
      /\(format 1 is not 2\): put a backup in its place, or move it away/,
    ],
    [
      "of another program",
      (file) => {
        const other = new DatabaseSync(file);
        other.exec("PRAGMA journal_mode = WAL; CREATE TABLE bookmarks (url TEXT)");
        other.close();
      },
      "Foreign",
      /belongs to another program: name another file/,
    ],
    ["of our other program", altered("PRAGMA application_id = 7"), "Foreign", /belongs to another program/],
    [
      "that is a text",
      (file) => writeFileSync(file, "Dear diary,\n".repeat(1_000)),
      "Broken",
      /file is not a database/,
    ],
    ["that is a short text", (file) => writeFileSync(file, "hi"), "Broken", /file is not a database/],
    [
      "that lost its second half",
      patched((bytes) => bytes.subarray(0, bytes.length / 2)),
      "Broken",
      /malformed|out of range|never used|invalid/,
    ],
    ["with a page of noise", patched((bytes) => bytes.fill(0x5a, 8_192, 12_288)), "Broken", /Tree|malformed|btree/i],
    ["with another table", altered("CREATE TABLE more (x)"), "Broken", /its tables are not ours/],
    ["without an index", altered("DROP INDEX by_text"), "Broken", /its tables are not ours/],
    ["with another column", altered("ALTER TABLE notes ADD COLUMN x TEXT"), "Broken", /its tables are not ours/],
  ])("%s", (_, make, code, message) => {
    const file = newFile();
    make(file);
    const before = contentsBeside(file);
    const problem = problemOf(file);
    expect(problem.code).toBe(code);
    expect(problem.message).toMatch(message);
    expect(problem.message).toContain(file);
    expect(contentsBeside(file)).toEqual(before);
  });

  test.each<[string, (file: string) => void, SqliteFileProblem]>([
    ["is damaged", (file) => writeFileSync(file, readFileSync(file).fill(0x5a, 100, 4_096)), "Broken"],
    [
      "is of a newer version",
      (file) => {
        const bytes = readFileSync(file);
        bytes.writeInt32BE(3, 60);
        writeFileSync(file, bytes);
      },
      "Newer",
    ],
  ])("with the log that a killed process left behind, when it %s", async (_, harm, code) => {
    const file = newFile();
    await kill(await holder(file));
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(10_000);
    harm(file);
    const before = contentsBeside(file);
    expect(problemOf(file).code).toBe(code);
    expect(contentsBeside(file)).toEqual(before);
  });

  test("a folder that is not there, or a folder in its place", () => {
    const nowhere = path.join(root, "nowhere", "a.db");
    expect(problemOf(nowhere).code).toBe("Unusable");
    expect(problemOf(nowhere).message).toMatch(/cannot be opened \(.+\): check that its folder exists, may be written/);
    expect(problemOf(root).code).toBe("Unusable");
  });
});
