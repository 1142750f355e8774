import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { buildSync } from "esbuild";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ROOT } from "../cli/goldpatch";
import { Program, stopAll, type Ended } from "../support/program";
import { findTools } from "./tools";

/** What `npm run test:func` does beside func itself, with a stub in func's place. */
const folder = mkdtempSync(path.join(tmpdir(), "goldpatch-func-test-"));
const SPEED = "20";

/** Beside the other bundles: the goldpatch command finds its package from there. */
function build(entry: string): string {
  const outfile = path.join(ROOT, "dist", `func-test-${entry.replace(/\.ts$/, ".cjs")}`);
  buildSync({
    entryPoints: [path.join(ROOT, "test/func", entry)],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    external: ["@azure/functions-core"],
    loader: { ".kql": "text" },
    logLevel: "error",
  });
  return outfile;
}

/** A folder for the PATH with a `func` in it. */
function withFunc(name: string, version: string, start: string): string {
  const bin = path.join(folder, name);
  mkdirSync(bin, { recursive: true });
  const func = path.join(bin, "func");
  const says = `if (process.argv[2] === "--version") console.log(${JSON.stringify(version)}); else { ${start} }`;
  writeFileSync(func, `#!${process.execPath}\n${says}\n`);
  chmodSync(func, 0o755);
  return bin;
}

let driver: string;
let stub: string;
beforeAll(() => {
  driver = build("main.ts");
  stub = build("stub-func.ts");
});
afterEach(stopAll);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function drive(searchPath: string, args: readonly string[] = []): Promise<Ended> {
  const env = { ...process.env, PATH: searchPath, STUB_FUNC_SPEED: SPEED };
  return new Program(process.execPath, [driver, ...args], { cwd: ROOT, env }).ended;
}

test("the deployed app patches one VM over HTTP, with its rows in Azurite, and nothing is left running", async () => {
  const { code, stdout, stderr } = await drive(withFunc("stub", "4.0.1-stub", `require(${JSON.stringify(stub)});`), [
    "--speed",
    SPEED,
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^Azurite tables: +http:\/\/127\.0\.0\.1:\d+\/devstoreaccount1$/m);
  expect(stdout).toMatch(
    / claimRun, until .*\n(?:.*\n)* .* installPatches, until .*\n(?:.*\n)*.* patched \(Patched\), 3 patches installed\n$/,
  );
  const served = stdout.match(/http:\/\/127\.0\.0\.1:\d+/g) ?? [];
  expect(served).toHaveLength(3);
  for (const url of served) await expect(fetch(url)).rejects.toThrow("fetch failed");
}, 120_000);

test("a func that ends before it serves the app is told with all that it said", async () => {
  const ended = drive(withFunc("broken", "4.0.1-stub", `console.log("no worker for node"); process.exit(1);`));
  expect(await ended).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^no worker for node\n\ntest:func: func ended before it served the app\n$/),
  });
}, 60_000);

describe("where a tool is missing, one line says how to get it, and the exit code is 3:", () => {
  test.each([
    [
      "no func",
      () => path.join(folder, "nothing"),
      /^test:func: func is not on the PATH: install Azure Functions Core Tools 4 .*\n$/,
    ],
    [
      "an older func",
      () => withFunc("older", "3.0.5", ""),
      /^test:func: .*func says that it is version "3\.0\.5", not 4: install .*\n$/,
    ],
    ["a func that cannot start", () => withFunc("dead", "", "process.exit(1);"), /version "", not 4/],
  ])("%s", async (_, searchPath, line) => {
    expect(await drive(searchPath())).toMatchObject({ code: 3, stdout: "", stderr: expect.stringMatching(line) });
  });

  test("no Azurite", () => {
    const func = withFunc("stub", "4.0.1-stub", "");
    expect(() => findTools(func, folder)).toThrow(/^azurite is not in .*node_modules: run `npm ci`/);
  });
});
