import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { realClock } from "../../src/local/clock/real-clock";
import { SqliteInstanceStore, startFunctionsHost } from "../../src/local/functions-host";

/** `npm run bench:host`: 10,000 orchestrations with two activities each, as 100 times 100 children, in memory and in a file. */

const PARENTS = 100;
/** Each of a parent's hundred children adds 2 to its number. */
const SUM = (99 * 100) / 2 + 200;
const IDLE_MS = 20_000;

interface Figures {
  readonly seconds: number;
  readonly peakRssMb: number;
  readonly idleCpuPercent: number;
}

async function measure(file: string): Promise<Figures> {
  const store = SqliteInstanceStore.open(file);
  const host = await startFunctionsHost({ main: path.resolve("test/bench/host-app.cjs"), clock: realClock, store });
  const began = performance.now();
  for (let parent = 0; parent < PARENTS; parent++) {
    const url = `${host.url}/runtime/webhooks/durabletask/orchestrators/parent/p${parent}?code=${host.systemKey}`;
    const { status } = await fetch(url, { method: "POST", body: "{}" });
    if (status !== 202) throw new Error(`a start was answered ${status}`);
  }
  await host.idle();
  const seconds = (performance.now() - began) / 1000;
  for (let parent = 0; parent < PARENTS; parent++) {
    const status = host.status(`p${parent}`);
    if (status?.output !== SUM)
      throw new Error(`p${parent} ended wrong: ${JSON.stringify(status ?? null).slice(0, 200)}`);
  }
  const before = process.cpuUsage();
  await sleep(IDLE_MS);
  const { user, system } = process.cpuUsage(before);
  await host.close();
  store.close();
  return {
    seconds: Number(seconds.toFixed(2)),
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
    idleCpuPercent: Number(((user + system) / 10 / IDLE_MS).toFixed(2)),
  };
}

/** In a process of its own, whose peak is that of this measurement alone. */
function inOwnProcess(file: string): Promise<Figures> {
  return new Promise((resolve, reject) => {
    const child = fork(__filename, ["--measure", file]);
    let figures: Figures | undefined;
    child.on("message", (message) => (figures = message as Figures));
    child.on("exit", (code) => {
      if (figures) resolve(figures);
      else reject(new Error(`a measurement ended with code ${code ?? "none"} and no figures`));
    });
  });
}

async function main(args: readonly string[]): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "goldpatch-bench-"));
  try {
    const memory = await inOwnProcess(":memory:");
    const sqlite = await inOwnProcess(path.join(folder, "orchestrations.sqlite"));
    const idleCpuPercent = Math.max(memory.idleCpuPercent, sqlite.idleCpuPercent);
    if (args.includes("--json")) {
      const figures = ({ seconds, peakRssMb }: Figures) => ({ seconds, peakRssMb });
      process.stdout.write(`${JSON.stringify({ memory: figures(memory), sqlite: figures(sqlite), idleCpuPercent })}\n`);
      return;
    }
    const line = (name: string, { seconds, peakRssMb }: Figures) =>
      `${name}  ${seconds.toFixed(1)} s, ${peakRssMb} MB at most`;
    process.stdout.write(
      `10,000 orchestrations\n${line("memory", memory)}\n${line("sqlite", sqlite)}\nidle    ${idleCpuPercent} % of a core\n`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [mode, file] = process.argv.slice(2);
if (mode === "--measure" && file !== undefined) {
  void measure(file).then((figures) => process.send?.(figures));
} else {
  void main(process.argv.slice(2));
}
