import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { realClock } from "../../src/local/clock/real-clock";
import { SqliteInstanceStore, startFunctionsHost } from "../../src/local/functions-host";

const PARENTS = 100;
/** Each of a hundred children adds 2 to its number. */
const SUM = (99 * 100) / 2 + 200;
const IDLE_MS = 5_000;

/** 10,000 orchestrations with two activities each, as 100 times 100 children; prints one JSON line. */
async function main(storage: string): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "goldpatch-bench-"));
  const host = await startFunctionsHost({
    main: path.resolve("test/bench/host-app.cjs"),
    clock: realClock,
    store: SqliteInstanceStore.open(storage === "sqlite" ? path.join(folder, "orchestrations.sqlite") : ":memory:"),
  });
  const began = performance.now();
  for (let n = 0; n < PARENTS; n++) {
    const url = `${host.url}/runtime/webhooks/durabletask/orchestrators/parent/p${n}?code=${host.systemKey}`;
    const { status } = await fetch(url, { method: "POST", body: "{}" });
    if (status !== 202) throw new Error(`a start was answered ${status}`);
  }
  await host.idle();
  const seconds = (performance.now() - began) / 1000;
  const wrong = Array.from({ length: PARENTS }, (_, n) => host.status(`p${n}`)).filter(
    (status) => status?.output !== SUM,
  );
  if (wrong.length > 0)
    throw new Error(`${wrong.length} orchestrations ended wrong, first ${JSON.stringify(wrong[0])}`);

  process.stderr.write(JSON.stringify(process.memoryUsage()) + "\n");
  const before = process.cpuUsage();
  await sleep(IDLE_MS);
  const { user, system } = process.cpuUsage(before);
  await host.close();
  rmSync(folder, { recursive: true });
  const figures = {
    seconds: Number(seconds.toFixed(2)),
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
    idleCpuPercent: Number((((user + system) / 1000 / IDLE_MS) * 100).toFixed(2)),
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

void main(process.argv[2] ?? "memory");
