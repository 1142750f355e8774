import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { ArmStub, VM_ID } from "./arm-stub";
import { Goldpatch, goldpatch, stopAll } from "./goldpatch";

const SCOPE = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-stub";

let stub: ArmStub;
let folder: string;
beforeAll(async () => {
  stub = await ArmStub.start();
});
afterAll(() => stub.close());
afterEach(async () => {
  await stopAll();
  rmSync(folder, { recursive: true, force: true });
});

const settings = () => ({ GOLDPATCH_SCOPE: SCOPE, GOLDPATCH_ARM_ENDPOINT: stub.url, GOLDPATCH_PAUSED: "true" });
const startHost = (...args: readonly string[]) => new Goldpatch(["host", "--port", "0", ...args], settings());
const files = (name: string) => readdirSync(path.join(folder, name)).sort();

async function call(host: Goldpatch, method: string, body?: object) {
  const url = await host.says("stdout", /^(http:.+)$/m);
  const key = await host.says("stderr", /x-functions-key: ([^']+)'/);
  const sent = body && { body: JSON.stringify(body) };
  const answer = await fetch(`${url}/runs`, { method, headers: { "x-functions-key": key }, ...sent });
  return (await answer.json()) as { runs: readonly { runId: string; code: string | null }[] };
}

async function patched(host: Goldpatch) {
  const { runs } = await call(host, "POST", { vmIds: [VM_ID], mode: "patch" });
  await host.says("stderr", /"event":"runEnded"/);
  return runs[0]?.runId;
}

describe("host --data", () => {
  it("remembers runs when it is started again, even after SIGKILL", async () => {
    folder = mkdtempSync(path.join(tmpdir(), "goldpatch-data-"));
    const first = startHost("--data", folder);
    const runId = await patched(first);
    first.signal("SIGKILL");
    await first.ended;

    const second = startHost("--data", folder);
    expect((await call(second, "GET")).runs).toMatchObject([{ runId, code: "Paused" }]);
  }, 30_000);

  it("takes a folder in the user's data folder when none is named", async () => {
    folder = mkdtempSync(path.join(tmpdir(), "goldpatch-data-"));
    const host = new Goldpatch(["host", "--port", "0"], { ...settings(), XDG_DATA_HOME: folder, HOME: folder });
    await host.says("stdout", /^(http:.+)$/m);
    expect(host.stderr).toMatch(/^Data: +\S+goldpatch\/simulated$/m);
    expect(readdirSync(folder, { recursive: true }).map(String)).toContainEqual(
      expect.stringMatching(/goldpatch\/simulated\/runs\.sqlite$/),
    );
  }, 30_000);

  it("refuses a second process on the same folder, and the first goes on", async () => {
    folder = mkdtempSync(path.join(tmpdir(), "goldpatch-data-"));
    const first = startHost("--data", folder);
    await first.says("stdout", /^(http:.+)$/m);
    const second = await goldpatch(["host", "--port", "0", "--data", folder], settings());
    expect(second).toMatchObject({ code: 1, stdout: "" });
    expect(second.stderr).toMatch(/^goldpatch: \S+runs\.sqlite is in use by another process: /m);
    expect((await call(first, "GET")).runs).toEqual([]);
  }, 30_000);

  it.each([
    ["of a newer version", (file: string) => setPragma(file, "user_version = 999"), /newer version of Goldpatch/],
    ["of another program", (file: string) => setPragma(file, "application_id = 7"), /belongs to another program/],
    ["that is damaged", (file: string) => writeFileSync(file, "no database at all"), /is damaged, or no database/],
    ["with other tables", (file: string) => setPragma(file, "journal_mode = DELETE; DROP TABLE events"), /is damaged/],
  ])(
    "refuses a file %s, untouched",
    async (_, spoil, says) => {
      folder = mkdtempSync(path.join(tmpdir(), "goldpatch-data-"));
      const first = startHost("--data", path.join(folder, "data"));
      await first.says("stdout", /^(http:.+)$/m);
      await first.stop();
      const file = path.join(folder, "data", "orchestrations.sqlite");
      spoil(file);
      const [bytes, names] = [readFileSync(file), files("data")];

      const second = await goldpatch(["host", "--port", "0", "--data", path.join(folder, "data")], settings());
      expect(second).toMatchObject({ code: 1, stdout: "" });
      expect(second.stderr).toMatch(new RegExp(`^goldpatch: \\S+orchestrations\\.sqlite .*${says.source}`, "m"));
      expect(readFileSync(file).equals(bytes)).toBe(true);
      expect(files("data")).toEqual(names);
    },
    30_000,
  );

  it("names the folder that cannot be made", async () => {
    folder = mkdtempSync(path.join(tmpdir(), "goldpatch-data-"));
    const file = path.join(folder, "file");
    writeFileSync(file, "");
    const { code, stderr } = await goldpatch(["host", "--data", path.join(file, "data")], settings());
    expect(code).toBe(2);
    expect(stderr).toMatch(/^goldpatch: --data \S+file\/data: .+; name a folder that can be written$/m);
  });
});

describe("host --memory", () => {
  it("writes nothing", async () => {
    folder = mkdtempSync(path.join(tmpdir(), "goldpatch-data-"));
    const host = new Goldpatch(["host", "--port", "0", "--memory"], {
      ...settings(),
      XDG_DATA_HOME: folder,
      HOME: folder,
    });
    await patched(host);
    expect(host.stderr).toMatch(/^Data: +in memory/m);
    expect(readdirSync(folder)).toEqual([]);
  }, 30_000);
});

it.each([
  [["--memory", "--data", "somewhere"], {}, /--memory and --data: give one of them/],
  [["--data", ""], {}, /--data "": give it a value/],
  [["--speed", "60"], { GOLDPATCH_ARM_ENDPOINT: "" }, /--speed "60": real Azure cannot be hurried/],
])("host %j is refused with one line", async (args, more, says) => {
  const { code, stdout, stderr } = await goldpatch(["host", ...args], { ...settings(), ...more });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(says);
  expect(stderr.trim().split("\n")).toHaveLength(1);
});

it("host --speed names the endpoint at which nothing answers", async () => {
  const nobody = { ...settings(), GOLDPATCH_ARM_ENDPOINT: "http://127.0.0.1:9" };
  const { code, stderr } = await goldpatch(["host", "--memory", "--speed", "60"], nobody);
  expect(code).toBe(2);
  expect(stderr).toMatch(/GOLDPATCH_ARM_ENDPOINT is "http:\/\/127\.0\.0\.1:9": no time could be read there/);
});

function setPragma(file: string, pragma: string): void {
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA ${pragma}`);
  database.close();
}
