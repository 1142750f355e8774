import { fork } from "node:child_process";
import { parseArgs } from "node:util";
import type { Played } from "./contender";
import { benchFleet } from "./fleet";
import { playGoldpatch } from "./goldpatch";
import { playNaive, playScript } from "./loops";
import { measure, orderOf, type Figures } from "./measure";
import { clairvoyant, ideal } from "./references";

const HELP = `npm run bench -- [options]

One fleet of known images, patched by the app's sweep and by two plain loops, in virtual time.

  --vms N             VMs of the fleet, 1 to 100000 (default 1000)
  --seed N            seed of the fleet (default 1)
  --contenders A,B    some of goldpatch, naive, script, staged (default all)
  --unlearned         how long operations take is not known from earlier sweeps
  --json              one JSON document on one line
  --help              this text
`;

interface Asked {
  readonly vms: number;
  readonly seed: number;
  /** How long operations take is not known from earlier sweeps. */
  readonly unlearned: boolean;
}

const contenders = { goldpatch: playGoldpatch, naive: playNaive, script: playScript } as const;
type Contender = keyof typeof contenders;
/** The app's sweep by a policy that says nothing of stages, concurrency or exposure. */
const STAGED = "staged";
type Name = Contender | typeof STAGED;
const CONTENDERS = Object.keys(contenders) as Contender[];

interface Measured extends Figures {
  readonly idealSeconds: number;
  readonly peakRssMb: number;
  readonly wallSeconds: number;
}

async function measured(name: Name, { vms, seed, unlearned }: Asked): Promise<Measured> {
  const fleet = benchFleet(vms, seed);
  const began = performance.now();
  const options = { unlearned, staged: name === STAGED };
  const played: Played = await contenders[name === STAGED ? "goldpatch" : name](fleet, options);
  const wallSeconds = Number(((performance.now() - began) / 1000).toFixed(1));
  return {
    ...measure(fleet, played),
    idealSeconds: Math.round(ideal(orderOf(fleet, played))),
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
    wallSeconds,
  };
}

/** In a process of its own, whose peak is that of this contender alone. */
function inOwnProcess(name: Name, asked: Asked): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const child = fork(__filename, [CHILD, name, JSON.stringify(asked)], {
      execArgv: [...process.execArgv, `--max-old-space-size=${heapMb(asked.vms)}`, "--max-semi-space-size=32"],
    });
    let figures: Measured | undefined;
    child.on("message", (message) => (figures = message as Measured));
    child.on("exit", (code) => {
      if (figures) resolve(figures);
      else reject(new Error(`${name} ended with code ${code ?? "none"} and no figures`));
    });
  });
}

const CHILD = "one-contender";

/** Twice what is alive at most, so that the peak is not that of garbage which nobody had to collect: 40 KB a VM. */
const heapMb = (vms: number): number => 160 + Math.ceil(vms / 25);

async function report(asked: Asked, names: readonly Name[]): Promise<object> {
  const fleet = benchFleet(asked.vms, asked.seed);
  const figures: Partial<Record<Name, Measured>> = {};
  for (const name of names) figures[name] = await inOwnProcess(name, asked);
  // In the order of goldpatch's assessments; without goldpatch, of the fleet's file.
  const makespan = figures.goldpatch?.idealSeconds ?? Math.round(ideal(fleet.truths));
  const row = ({ idealSeconds: _order, makespanSeconds, ...rest }: Measured) => ({
    makespanSeconds,
    makespanRatio: Number((makespanSeconds / makespan).toFixed(3)),
    ...rest,
  });
  const { staged } = figures;
  return {
    vms: asked.vms,
    seed: asked.seed,
    fleetHash: fleet.hash,
    ...(asked.unlearned && { unlearned: true }),
    ideal: { makespanSeconds: makespan },
    clairvoyant: { makespanSeconds: Math.round(clairvoyant(fleet.truths)) },
    contenders: Object.fromEntries(
      CONTENDERS.flatMap((name) => {
        const of = figures[name];
        return of ? [[name, row(of)] as const] : [];
      }),
    ),
    ...(staged && { goldpatchStaged: row(staged) }),
  };
}

const refuse = (text: string): never => {
  process.stderr.write(`${text}\n`);
  process.exit(2);
};

function numberOf(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  return refuse(`--${name}: "${text}": give a whole number from ${least} to ${most}`);
}

function contendersOf(text: string): Name[] {
  const names: readonly string[] = [...CONTENDERS, STAGED];
  const asked = text.split(",");
  const unknown = asked.find((name) => !names.includes(name));
  if (unknown !== undefined) refuse(`--contenders: "${unknown}": give some of ${names.join(", ")}, with commas`);
  return asked as Name[];
}

function optionsOf() {
  try {
    return parseArgs({
      options: {
        vms: { type: "string", default: "1000" },
        seed: { type: "string", default: "1" },
        json: { type: "boolean", default: false },
        unlearned: { type: "boolean", default: false },
        contenders: { type: "string", default: [...CONTENDERS, STAGED].join(",") },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    return refuse(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  }
}

async function main(): Promise<void> {
  const values = optionsOf();
  if (values.help) return void process.stdout.write(HELP);
  const names = contendersOf(values.contenders);
  const vms = numberOf("vms", values.vms, 1, 100_000);
  const seed = numberOf("seed", values.seed, 0, 2 ** 31);
  const answer = await report({ vms, seed, unlearned: values.unlearned }, names);
  process.stdout.write(`${values.json ? JSON.stringify(answer) : JSON.stringify(answer, null, 2)}\n`);
}

const [, , first, name, asked] = process.argv;
if (first === CHILD) {
  void measured(name as Name, JSON.parse(asked ?? "") as Asked).then((figures) => process.send?.(figures));
} else {
  void main();
}
