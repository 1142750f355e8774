import { fork, type ChildProcess } from "node:child_process";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { badPatchFleet, RATES, type BadPatchFleet } from "./fleet";
import { playGoldpatch } from "./goldpatch";
import type { Harm } from "./harm";
import { playNaive, playThreshold } from "./loops";
import { CONTENDERS, missesOf, reportOf, tableOf, type Contender, type Game } from "./report";

const HELP = `npm run bench:badpatch -- [options]

How many VMs does a patch harm that costs 10 %, 30 % or all machines of one of four images their agent at the reboot?
goldpatch: the app, a sweep by the default policy. threshold: waves of 1, 2, 4, 8 … VMs, until more than a tenth failed.
naive: all VMs at once. All in virtual time, on the same machines of simulated Azure. Ends with 1 unless goldpatch
harms fewer than both at each rate.

  --vms N     VMs of the fleet, 4 to 10000 (default 1000)
  --seeds N   fleets at each rate, 1 to 1000 (default 20)
  --json      one JSON document on stdout
  --help      this text
`;

const plays: Readonly<Record<Contender, (fleet: BadPatchFleet) => Promise<Harm>>> = {
  goldpatch: playGoldpatch,
  threshold: playThreshold,
  naive: playNaive,
};

interface Result extends Game {
  readonly harm: Harm;
}

/** In processes of their own, as many as there are cores. */
async function playAll(games: readonly Game[], vms: number): Promise<Result[]> {
  const left = games[Symbol.iterator]();
  const results: Result[] = [];
  const worker = async () => {
    const child = fork(__filename, ["--worker", "--vms", String(vms)]);
    for (const game of left) results.push({ ...game, harm: await answerOf(child, game) });
    child.disconnect();
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), games.length) }, worker));
  return results;
}

function answerOf(child: ChildProcess, game: Game): Promise<Harm> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) =>
      reject(new Error(`${game.contender}, rate ${game.rate}, seed ${game.seed}: ended with ${code ?? "a signal"}`));
    child.once("exit", ended);
    child.once("message", (harm) => {
      child.off("exit", ended);
      resolve(harm as Harm);
    });
    child.send(game);
  });
}

function work(vms: number): void {
  process.on("message", ({ rate, seed, contender }: Game) => {
    void plays[contender](badPatchFleet(vms, rate, seed)).then((harm) => process.send?.(harm));
  });
}

async function main(vms: number, seeds: number, json: boolean): Promise<void> {
  const games = RATES.flatMap((rate) =>
    Array.from({ length: seeds }, (_, index) =>
      CONTENDERS.map((contender): Game => ({ rate, seed: index + 1, contender })),
    ).flat(),
  );
  const results = await playAll(games, vms);
  const harmed = new Map(results.map(({ harm, ...game }) => [keyOf(game), harm.harmed]));
  const report = reportOf(vms, seeds, RATES, (game) => harmed.get(keyOf(game)) ?? Number.NaN);
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : tableOf(report));
  const misses = missesOf(report);
  for (const miss of misses) process.stderr.write(`missed: ${miss}\n`);
  if (misses.length > 0) process.exitCode = 1;
}

const keyOf = ({ rate, seed, contender }: Game): string => `${contender} ${rate} ${seed}`;

function numberOf(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  process.stderr.write(`--${name}: "${text}": give a whole number from ${least} to ${most}\n`);
  process.exit(2);
}

function optionsOf() {
  try {
    return parseArgs({
      options: {
        vms: { type: "string", default: "1000" },
        seeds: { type: "string", default: "20" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
        worker: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    process.exit(2);
  }
}

const options = optionsOf();
if (options.help) {
  process.stdout.write(HELP);
} else {
  const vms = numberOf("vms", options.vms, 4, 10_000);
  if (options.worker) work(vms);
  else void main(vms, numberOf("seeds", options.seeds, 1, 1000), options.json);
}
