import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export interface Azurite {
  /** As GOLDPATCH_TABLES_ENDPOINT takes it. */
  readonly endpoint: string;
  stop(): Promise<void>;
}

/**
 * Azurite tells the port that it was asked for, not the one it got when that was 0. It ends when its standard input
 * does: a test run that is killed leaves none behind.
 */
const PROGRAM = `
process.stdin.resume().once("close", () => process.exit());
const http = require("node:http");
const { createServer } = http;
http.createServer = (...args) =>
  createServer(...args).on("listening", function () { console.log("listens on port " + this.address().port + "."); });
require(${JSON.stringify(require.resolve("azurite/dist/src/table/main.js"))});
`;
const OPTIONS = ["--inMemoryPersistence", "--skipApiVersionCheck", "--silent", "--disableTelemetry"];

/** Microsoft's emulator of Azure Tables, on a free port of loopback. Rows are kept in memory. */
export async function startAzurite(): Promise<Azurite> {
  const folder = mkdtempSync(path.join(tmpdir(), "goldpatch-azurite-"));
  const args = ["-e", PROGRAM, "azurite", ...OPTIONS, "--tableHost", "127.0.0.1", "--tablePort", "0"];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const listens = new Promise<string>((resolve) => {
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      const [, port] = /listens on port (\d+)\./.exec(output) ?? [];
      if (port !== undefined) resolve(port);
    });
  });
  const port = await Promise.race([listens, ended]);
  if (port === undefined) {
    await stop();
    throw new Error("Azurite ended before it listened");
  }
  return { endpoint: `http://127.0.0.1:${port}/devstoreaccount1`, stop };
}
