import { beforeAll, describe, expect, it } from "@jest/globals";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Execution } from "../../src/local/functions-host";
import { MemoryStore } from "../../src/store/memory";
import type { Store } from "../../src/store/store";
import { fleetOf } from "../support/fleet";
import { startLastingWorld } from "../support/outside-jest";
import { billOf, type Line, type Prices } from "./bill";
import { countsOf, type Counts } from "./counts";
import { readPage, ROOT, tableAfter } from "./pages";

const FILE = "docs/cost.md";
const VMS = 20;
const SECONDS_PER_MONTH = 2_628_000;
const MODES = ["assess", "patch"] as const;
type Mode = (typeof MODES)[number];

/** Counts by their names in the page. */
const NAMES = {
  activities: "activities",
  timers: "timers",
  children: "child orchestrations",
  executions: "executions of orchestrations",
  episodes: "times that an orchestrator ran",
  storeRequests: "requests to the app's table",
  azureRequests: "requests to Azure, which are free",
  logKilobytes: "KB of log",
} as const satisfies Record<keyof Counts, string>;
const countNames = Object.keys(NAMES) as (keyof Counts)[];

const PRICES = {
  queueTenThousand: "10,000 queue requests",
  tableTenThousand: "10,000 table requests",
  schedulerAction: "action of Durable Task Scheduler, Consumption",
  executionMillion: "1,000,000 function executions",
  gigabyteSecond: "GB-second of an instance at work",
  logGigabyte: "GB of log",
} as const satisfies Record<keyof Prices, string>;

/** A store that counts what would be a request to Azure Tables. */
function countingStore(): { readonly store: Store; readonly requests: () => number } {
  let requests = 0;
  const store = new Proxy(new MemoryStore(), {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...args: unknown[]): unknown => {
        requests += 1;
        return Reflect.apply(member, target, args);
      };
    },
  });
  return { store, requests: () => requests };
}

/** Runs of VMs that are in order, with durations as they were seen in reality, on average. */
async function measured(mode: Mode): Promise<Counts> {
  const { store, requests } = countingStore();
  const executions: Execution[] = [];
  const names = Array.from({ length: VMS }, (_, index) => `vm-${String(index).padStart(2, "0")}`);
  const world = await startLastingWorld({
    fleet: fleetOf(names.map((name, index) => ({ name, image: index % 2 ? "lin" : "win", events: [] }))),
    store,
    replayCheck: false,
    onExecution: (execution) => executions.push(execution),
  });
  await world.run(mode, names, { install: { rebootSetting: "IfRequired" } });
  const runs = await world.settle();
  await world.close();
  expect(runs.map(({ outcome }) => outcome)).toEqual(names.map(() => (mode === "patch" ? "patched" : "assessed")));

  const { activities, timers, children, executions: ended, episodes } = countsOf(executions);
  return {
    activities: activities / VMS,
    timers: timers / VMS,
    children: children / VMS,
    executions: ended / VMS,
    episodes: episodes / VMS,
    storeRequests: requests() / VMS,
    azureRequests: world.transcript.length / VMS,
    logKilobytes: world.logs.join("\n").length / VMS / 1000,
  };
}

const page = () => readPage(FILE);

/** The counts that the page has for a mode. */
function told(mode: Mode): Counts {
  const rows = new Map(tableAfter(page(), "counts").map(([name = "", ...cells]) => [name, cells]));
  const cell = (name: keyof Counts): number => Number(rows.get(NAMES[name])?.[MODES.indexOf(mode)]);
  return Object.fromEntries(countNames.map((name) => [name, cell(name)])) as unknown as Counts;
}

function prices(): Prices {
  const rows = new Map(tableAfter(page(), "prices").map(([name = "", price = ""]) => [name, price]));
  const price = (name: keyof Prices): number => Number(rows.get(PRICES[name])?.replace("$", ""));
  const names = Object.keys(PRICES) as (keyof Prices)[];
  return Object.fromEntries(names.map((name) => [name, price(name)])) as unknown as Prices;
}

const dollars = (amount: number | undefined): string => (amount === undefined ? "" : `$${amount.toFixed(2)}`);
const quantity = (amount: number): string =>
  amount < 1 ? amount.toFixed(4) : Math.round(amount).toLocaleString("en-GB");

/** A bill as the page's table has it. */
function billRows(mode: Mode): string[][] {
  const lines = billOf(told(mode), prices());
  const sum = (of: (line: Line) => number | undefined): string =>
    `**${dollars(lines.reduce((total, line) => total + (of(line) ?? 0), 0))}**`;
  return [
    ...lines.map((line) => [line.what, quantity(line.quantity), dollars(line.storage), dollars(line.scheduler)]),
    ["**1,000 runs**", "", sum(({ storage }) => storage), sum(({ scheduler }) => scheduler)],
  ];
}

function write(marker: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const table = [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
  const section = new RegExp(`(?<=<!-- ${marker} -->\n\n)(?:\\|.*\n)+`);
  writeFileSync(
    path.join(ROOT, FILE),
    page().text.replace(section, () => `${table}\n`),
  );
}

describe(FILE, () => {
  const counted = new Map<Mode, Counts>();

  beforeAll(async () => {
    for (const mode of MODES) counted.set(mode, await measured(mode));
    if (!process.env["UPDATE_COST"]) return;
    const cell = (mode: Mode, name: keyof Counts): string => (counted.get(mode)?.[name] ?? Number.NaN).toFixed(1);
    write(
      "counts",
      ["On average", "Assess", "Assess and install"],
      countNames.map((name) => [NAMES[name], ...MODES.map((mode) => cell(mode, name))]),
    );
    for (const mode of MODES) {
      write(`bill ${mode}`, ["", "Quantity", "Azure Storage", "Durable Task Scheduler"], billRows(mode));
    }
  }, 600_000);

  it.each(MODES)("counts what a run asks for, mode %s (UPDATE_COST=1 writes it; then run prettier)", (mode) => {
    const page = told(mode);
    const far = countNames.flatMap((name) => {
      const truth = counted.get(mode)?.[name] ?? Number.NaN;
      // Rounded as they are, counts change a little with every change of the code.
      return Math.abs(page[name] - truth) <= 0.1 + truth * 0.05
        ? []
        : [`${name}: ${page[name]} is told, ${truth} counted`];
    });
    expect(far).toEqual([]);
  });

  it.each(MODES)("adds up what 1,000 runs cost by its own counts and prices, mode %s", (mode) => {
    expect(Object.values(prices()).filter((price) => !(price > 0))).toEqual([]);
    expect(tableAfter(page(), `bill ${mode}`)).toEqual(billRows(mode));
  });

  it("tells what looking into empty queues costs, as often as host.json has it", () => {
    const host = JSON.parse(readFileSync(path.join(ROOT, "host.json"), "utf8")) as {
      extensions: { durableTask: { storageProvider: { partitionCount: number; maxQueuePollingInterval: string } } };
    };
    const { partitionCount, maxQueuePollingInterval } = host.extensions.durableTask.storageProvider;
    const seconds = Number(/^00:00:(\d\d)$/.exec(maxQueuePollingInterval)?.[1]);
    // One for the activities besides.
    const queues = partitionCount + 1;
    const times = SECONDS_PER_MONTH / seconds;
    const price = prices().queueTenThousand;
    expect(page().text).toContain(
      `${queues} queues × ${quantity(times)} times × $${price} ÷ 10,000 = **${dollars((queues * times * price) / 10_000)}**`,
    );
  });
});
