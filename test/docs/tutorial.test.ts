import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Program, stopAll } from "../support/program";
import { fencesOf, readPage, ROOT } from "./pages";

/** Against hanging only: each line starts npm and node, and builds what it runs. */
const PATIENCE_MS = 20 * 60_000;
const ADDRESS = /GOLDPATCH_ARM_ENDPOINT=(http:\S+)/;

const home = mkdtempSync(path.join(tmpdir(), "goldpatch-tutorial-"));
/** A reader's shell: no settings, a home of its own. */
const env = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GOLDPATCH_"))),
  HOME: home,
  XDG_DATA_HOME: home,
  LOCALAPPDATA: home,
  INIT_CWD: ROOT,
};

const page = readPage("docs/tutorial.md");
const steps = fencesOf(page).filter(({ language }) => language === "sh");
const ofTerminal = (terminal: string) => steps.filter(({ info }) => info === terminal).map(({ text }) => text);

/** What the page shows, as it may be found in what was printed. */
const shown = fencesOf(page)
  .filter(({ language }) => language === "text")
  .map(({ text }) => text.trim().split("\n"));

let printed = "";
/** Exit codes of the second terminal's lines, in order. */
const codes: number[] = [];

/** One terminal, line by line, as somebody types them: what a line exports stays for the next. */
async function typeLines(lines: readonly string[], fill: (line: string) => string): Promise<void> {
  const shell = spawn("bash", { cwd: ROOT, env, stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  shell.stderr.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  shell.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    printed += chunk.toString();
  });
  for (const [index, line] of lines.entries()) {
    const done = `--- line ${index} ended: `;
    shell.stdin.write(`${fill(line)}\necho "${done}$?"\n`);
    while (!output.includes(done)) await new Promise((resolve) => shell.stdout.once("data", resolve));
    codes.push(Number(/(\d+)/.exec(output.split(done)[1] ?? "")?.[1]));
  }
  shell.stdin.end();
}

beforeAll(async () => {
  const [served = ""] = ofTerminal("first");
  const azure = new Program("bash", ["-c", served], { cwd: ROOT, env });
  const address = await azure.says("stdout", ADDRESS);
  const lines = ofTerminal("second").flatMap((text) => text.trim().split("\n"));
  await typeLines(lines, (line) =>
    line
      // The usual port may be taken.
      .replace(ADDRESS, `GOLDPATCH_ARM_ENDPOINT=${address}`)
      .replace("RUN_ID", () => /^Run: +(http-[0-9a-f]{32})$/m.exec(printed)?.[1] ?? "no run"),
  );
  azure.signalGroup("SIGTERM");
  await azure.ended;
}, PATIENCE_MS);
afterAll(async () => {
  await stopAll();
  rmSync(home, { recursive: true, force: true });
});

it("has a place for each of its commands", () => {
  expect(steps.map(({ info, text }) => [info, text.trim()]).filter(([info]) => info === "")).toEqual([["", "npm ci"]]);
  expect(ofTerminal("first")).toHaveLength(1);
  expect(steps.map(({ info }) => info).filter((info) => !["", "first", "second"].includes(info))).toEqual([]);
});

it("exits as it says: 0, but for a VM that is not patched", () => {
  const lines = ofTerminal("second").flatMap((text) => text.trim().split("\n"));
  const wanted = lines.map((line) => (/ patch \$VMS\/(?:box|off)-01 /.test(line) ? 1 : 0));
  expect(codes).toEqual(wanted);
});

it("prints what it shows", () => {
  expect(shown.length).toBeGreaterThan(3);
  const missing = shown.flat().filter((line) => !printed.split("\n").includes(line));
  expect(missing).toEqual([]);
});

it("installs the three patches that it tells of, once", () => {
  expect(printed.match(/^Patches: +3 installed, 0 failed$/gm)?.length).toBe(2);
});
