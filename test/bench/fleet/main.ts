import { fork } from "node:child_process";
import { parseArgs } from "node:util";
import type { Played } from "./contender";
import { benchFleet } from "./fleet";
import { playGoldpatch } from "./goldpatch";
import { playNaive, playScript } from "./loops";
import { measure, orderOf, type Figures } from "./measure";
import { clairvoyant, ideal } from "./references";

/** `npm run bench -- --vms N`: one fleet, patched by the app's sweep and by two plain loops, in virtual time. */

const contenders = { goldpatch: playGoldpatch, naive: playNaive, script: playScript } as const;
type Name = keyof typeof contenders;
const NAMES = Object.keys(contenders) as Name[];

interface Measured extends Figures {
  readonly idealSeconds: number;
  readonly peakRssMb: number;
  readonly wallSeconds: number;
}

async function measured(name: Name, vms: number, seed: number): Promise<Measured> {
  const fleet = benchFleet(vms, seed);
  const began = performance.now();
  const played: Played = await contenders[name](fleet);
  const wallSeconds = Number(((performance.now() - began) / 1000).toFixed(1));
  return {
    ...measure(fleet, played),
    idealSeconds: Math.round(ideal(orderOf(fleet, played))),
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
    wallSeconds,
  };
}

/** In a process of its own, whose peak is that of this contender alone. */
function inOwnProcess(name: Name, vms: number, seed: number): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const child = fork(__filename, ["--contender", name, "--vms", String(vms), "--seed", String(seed)]);
    let figures: Measured | undefined;
    child.on("message", (message) => (figures = message as Measured));
    child.on("exit", (code) => {
      if (figures) resolve(figures);
      else reject(new Error(`${name} ended with code ${code ?? "none"} and no figures`));
    });
  });
}

async function main({ vms, seed, json }: { vms: number; seed: number; json: boolean }): Promise<void> {
  const fleet = benchFleet(vms, seed);
  const figures: Partial<Record<Name, Measured>> = {};
  for (const name of NAMES) figures[name] = await inOwnProcess(name, vms, seed);
  const makespan = figures.goldpatch?.idealSeconds ?? 0;
  const report = {
    vms,
    seed,
    fleetHash: fleet.hash,
    ideal: { makespanSeconds: makespan },
    clairvoyant: { makespanSeconds: Math.round(clairvoyant(fleet.truths)) },
    contenders: Object.fromEntries(
      Object.entries(figures).map(([name, { idealSeconds: _order, makespanSeconds, ...rest }]) => [
        name,
        { makespanSeconds, makespanRatio: Number((makespanSeconds / makespan).toFixed(3)), ...rest },
      ]),
    ),
  };
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : `${JSON.stringify(report, null, 2)}\n`);
}

function numberOf(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  process.stderr.write(`--${name}: "${text}": give a whole number from ${least} to ${most}\n`);
  process.exit(2);
}

const { values } = parseArgs({
  options: {
    vms: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
    contender: { type: "string" },
  },
});
const vms = numberOf("vms", values.vms, 1, 100_000);
const seed = numberOf("seed", values.seed, 0, 2 ** 31);
if (values.contender === undefined) void main({ vms, seed, json: values.json });
else void measured(values.contender as Name, vms, seed).then((figures) => process.send?.(figures));
