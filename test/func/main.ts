import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Goldpatch, ROOT } from "../cli/goldpatch";
import { fleetOf } from "../support/fleet";
import { Program, stopAll } from "../support/program";
import { deployInto, writeSettings } from "./deployment";
import { patchOverHttp, timelineOf } from "./patch-run";
import { freePorts, startStorage } from "./storage";
import { findTools, ToolMissing } from "./tools";

/**
 * `npm run test:func`: the app as it is deployed, in the real Functions host (`func`) with the real durable extension and
 * Azurite, patches one VM of simulated Azure. Exits 0 when it was patched, 1 when not, 3 when a tool is missing.
 */
const MISSING = 3;
/** The host's first start downloads its extensions. */
const START_PATIENCE_MS = 300_000;
/** Operations are short here; a run still waits for the ticks at which it asks. */
const RUN_PATIENCE_MS = 900_000;
const GOODBYE_MS = 10_000;

const SUBSCRIPTION = "11111111-2222-4333-8444-555555555555";
const VM = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-test/providers/Microsoft.Compute/virtualMachines/vm`;
const QUICK = { assess: { durationSeconds: 10 }, install: { durationSeconds: 15 }, graph: { lagSeconds: 5 } };

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  // A stub of func may keep another pace; the real one keeps the wall clock's.
  const { values } = parseArgs({ options: { speed: { type: "string" } } });
  const tools = findTools(process.env["PATH"] ?? "", ROOT);
  const folder = mkdtempSync(path.join(tmpdir(), "goldpatch-func-"));
  let host: Program | undefined;
  try {
    const fleetFile = path.join(folder, "fleet.json");
    writeFileSync(fleetFile, JSON.stringify(fleetOf([{ name: "vm", image: "win", events: [], ...QUICK }])));
    const pace = values.speed === undefined ? [] : ["--speed", values.speed];
    const azure = new Goldpatch(["simulate", "--fleet", fleetFile, "--port", "0", ...pace]);
    const arm = await azure.says("stdout", /^GOLDPATCH_ARM_ENDPOINT=(http:.+)$/m);
    say(`simulated Azure: ${arm}`);

    const storageFolder = path.join(folder, "storage");
    mkdirSync(storageFolder);
    const storage = await startStorage(tools.azurite, storageFolder);
    say(`Azurite tables:  ${storage.tablesEndpoint}`);

    const app = path.join(folder, "app");
    deployInto(app, ROOT);
    writeSettings(app, {
      FUNCTIONS_WORKER_RUNTIME: "node",
      AzureWebJobsStorage: storage.connectionString,
      GOLDPATCH_ARM_ENDPOINT: arm,
      GOLDPATCH_SCOPE: `/subscriptions/${SUBSCRIPTION}`,
      GOLDPATCH_TABLES_ENDPOINT: storage.tablesEndpoint,
    });
    const [port] = await freePorts(1);
    host = new Program(tools.func, ["start", "--port", String(port)], { cwd: app, env: process.env });
    const url = `http://127.0.0.1:${String(port)}`;
    await serving(url, host);
    say(`func:            ${url}`);

    const run = await patchOverHttp(url, VM, RUN_PATIENCE_MS);
    for (const line of timelineOf(run)) say(line);
    return run.outcome === "patched" ? 0 : 1;
  } catch (failure) {
    if (host) process.stderr.write(`${host.stdout}${host.stderr}\n`);
    throw failure;
  } finally {
    await end(host);
    await stopAll();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function serving(url: string, host: Program): Promise<void> {
  const ended = host.ended.then(() => true);
  for (const began = performance.now(); performance.now() - began < START_PATIENCE_MS;) {
    const answer = await fetch(`${url}/api/health`).catch(() => undefined);
    if (answer?.ok) return;
    if (await Promise.race([ended, sleep(500, false)])) throw new Error("func ended before it served the app");
  }
  throw new Error(`func did not serve ${url}/api/health within ${START_PATIENCE_MS / 1000} s`);
}

/** func starts the host and the worker as processes of their own. */
async function end(host: Program | undefined): Promise<void> {
  if (!host) return;
  host.signalGroup("SIGTERM");
  await Promise.race([host.ended, sleep(GOODBYE_MS, undefined, { ref: false })]);
  host.signalGroup("SIGKILL");
}

for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void stopAll().then(() => process.exit(130)));
main().then(
  (code) => process.exit(code),
  (failure: unknown) => {
    process.stderr.write(`test:func: ${failure instanceof Error ? failure.message : String(failure)}\n`);
    process.exit(failure instanceof ToolMissing ? MISSING : 1);
  },
);
