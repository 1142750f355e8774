import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { crc32, inflateRawSync } from "node:zlib";
import { expectWholeApp } from "./support/deployed-app";
import { codeRows, leavesOf } from "./support/documented";

/** Against hanging only: each package is compressed as well as can be. */
jest.setTimeout(300_000);

const ROOT = path.resolve(__dirname, "..");
const folder = mkdtempSync(path.join(tmpdir(), "goldpatch-package-"));
afterAll(() => rmSync(folder, { recursive: true }));

const pack = (out: string, ...args: readonly string[]) =>
  spawnSync(process.execPath, ["build/package.mjs", "--out", path.join(folder, out), ...args], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, DURABLE_BACKEND: "" },
  });

const archive = (out: string): Buffer => readFileSync(path.join(folder, out, "goldpatch.zip"));

/** Reads an archive as its directory describes it (PKWARE APPNOTE 4.3). */
function unzip(bytes: Buffer): Map<string, Buffer> {
  const end = bytes.lastIndexOf("PK\x05\x06", undefined, "latin1");
  const files = new Map<string, Buffer>();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    expect(bytes.toString("latin1", at, at + 4)).toBe("PK\x01\x02");
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = bytes.toString("utf8", at + 46, at + 46 + nameLength);
    const local = bytes.readUInt32LE(at + 42);
    expect(bytes.toString("latin1", local, local + 4)).toBe("PK\x03\x04");
    // The header before the file says the same as the directory.
    expect(bytes.subarray(local + 4, local + 30)).toEqual(bytes.subarray(at + 6, at + 32));
    const start = local + 30 + nameLength;
    const content = inflateRawSync(bytes.subarray(start, start + bytes.readUInt32LE(at + 20)));
    expect(content).toHaveLength(bytes.readUInt32LE(at + 24));
    expect(crc32(content)).toBe(bytes.readUInt32LE(at + 16));
    files.set(name, content);
    at += 46 + nameLength;
  }
  expect(at).toBe(end);
  return files;
}

describe("npm run package", () => {
  let said = "";
  beforeAll(() => {
    said = pack("first").stderr;
  });

  it("packs what runs and nothing else, and tells the size", () => {
    const bytes = archive("first");

    expect([...unzip(bytes).keys()]).toEqual(["app.js", "host.json", "package.json"]);
    expect(bytes.length).toBeLessThan(15 * 1024 * 1024);
    expect(said).toContain(`goldpatch.zip: ${(bytes.length / 1024 / 1024).toFixed(2)} MB`);
  });

  it("makes the same bytes again", () => {
    expect(pack("second").status).toBe(0);
    expect(archive("second").equals(archive("first"))).toBe(true);
  });

  it("lays the same files beside it, for azd", () => {
    const files = unzip(archive("first"));

    expect(readdirSync(path.join(folder, "first/package")).toSorted()).toEqual([...files.keys()]);
    for (const [name, content] of files) {
      expect(readFileSync(path.join(folder, "first/package", name)).equals(content)).toBe(true);
    }
  });

  it("needs no build and no packages on Azure", () => {
    const manifest = JSON.parse(String(unzip(archive("first")).get("package.json"))) as Record<string, unknown>;

    expect(Object.keys(manifest).toSorted()).toEqual(["license", "main", "name", "private", "version"]);
  });

  it("loads from its own folder alone, and registers every function", async () => {
    const alone = path.join(folder, "alone");
    mkdirSync(alone);
    for (const [name, content] of unzip(archive("first"))) writeFileSync(path.join(alone, name), content);
    const { main } = JSON.parse(readFileSync(path.join(alone, "package.json"), "utf8")) as { main: string };
    await expectWholeApp(path.join(alone, main));
  });

  it("leaves host.json as it is for orchestrations in the storage account", () => {
    const packed: unknown = JSON.parse(String(unzip(archive("first")).get("host.json")));

    expect(packed).toEqual(JSON.parse(readFileSync(path.join(ROOT, "host.json"), "utf8")));
  });

  it("names the Durable Task Scheduler in host.json when asked to", () => {
    expect(pack("dts", "--durable-backend", "dts").status).toBe(0);

    const packed = leavesOf(JSON.parse(String(unzip(archive("dts")).get("host.json"))));
    const page = readFileSync(path.join(ROOT, "docs/host-json.md"), "utf8");
    const isProvider = (key: string) => key.startsWith("extensions.durableTask.storageProvider.");
    const common = Object.entries(codeRows(page, "The file")).filter(([key]) => !isProvider(key));
    const provider = codeRows(page, "With a Durable Task Scheduler");
    expect(Object.values(provider)).toEqual(["azureManaged", "DURABLE_TASK_SCHEDULER_CONNECTION_STRING"]);
    expect(packed).toEqual({ ...Object.fromEntries(common), ...provider });
  });

  it.each([
    [["--durable-backend", "mssql"], 'DURABLE_BACKEND is "mssql": set it to storage or dts'],
    [["--small"], "Unknown option '--small'"],
  ])("refuses %j in one line", (args, message) => {
    const { status, stderr } = pack("refused", ...args);

    expect({ status, lines: stderr.trim().split("\n") }).toEqual({
      status: 1,
      lines: [expect.stringContaining(message)],
    });
  });
});
