import { sleepUntil } from "../../src/local/clock/host-clock";
import { VirtualClock } from "../../src/local/clock/virtual-clock";
import { startEmbeddedApp } from "../../src/local/embedded-app";
import type { FunctionsHost, InstanceSummary } from "../../src/local/functions-host";
import { openInstanceFile, SqliteInstanceStore } from "../../src/local/functions-host/durable/sqlite-instance-store";
import { parseFleet, SimulatedAzure, type Fleet, type TranscriptLine } from "../../src/local/simulated-azure";
import { seedIds } from "../support/seeded-ids";
import { Deeds } from "./deeds";
import { EventDeliveries } from "./event-deliveries";
import { HostClient } from "./host-client";
import { Journal, type Entry } from "./journal";
import { JournaledInstances, JournaledStore, journaledExchange } from "./journaled";
import { restoreInstances, rowsOf, runsWithOpenInstall, type Past } from "./past";
import type { Delivery, Scenario } from "./scenario";

/** The app with its libraries outside the bundle: they stay loaded, the app's own modules are made anew each time. */
const APP = "dist/test-app.js";
const SEED = 1;
/** No scenario takes longer, in simulated time. */
const LONGEST_MS = 3 * 86_400_000;
const AFTERWARDS_MS = 300_000;

/** A course of events, from the start or from what a crash left, to its end. */
export interface Played {
  readonly scenario: Scenario;
  readonly journal: readonly Entry[];
  /** So many entries had happened when the course came to rest; what follows are the watchdog's rounds. */
  readonly untilRest: number;
  /** Of every request since the start. */
  readonly transcript: readonly TranscriptLine[];
  /** What the host said since it started last. */
  readonly logs: readonly string[];
  readonly instances: readonly InstanceSummary[];
  /** Everything that could happen has happened. */
  readonly cameToRest: boolean;
  readonly past: Past | undefined;
  /** Runs that had an install under way without answer when the host crashed. */
  readonly unanswered: ReadonlySet<string>;
  /** Bodies of the VMs' instance views at the end, by VM id; none for a VM that is gone. */
  readonly machines: ReadonlyMap<string, string>;
}

/** Plays the scenario. With a past the world is first led to where the crash left it: same rows, same Azure, no host. */
export async function play(scenario: Scenario, delivery: Delivery, past?: Past): Promise<Played> {
  const fleet = parseFleet(scenario.fleet);
  const start = Date.parse(fleet.start);
  const clock = new VirtualClock({ start });
  const now = () => clock.now();
  const journal = new Journal(past?.entries ?? []);
  const transcript: TranscriptLine[] = [];
  const logs: string[] = [];
  const events = new EventDeliveries(clock, journal, copiesIn(fleet));
  const azure = new SimulatedAzure({
    fleet,
    clock,
    seed: SEED,
    transcript: (line) => transcript.push(line),
    deliverEvent: (event) => events.deliver(event),
  });
  const giveIdsBack = seedIds(journal.entries.length);
  const atStart = clock.hold();
  azure.start();
  if (past) await relive(azure, clock, events, past, atStart);
  const startingHost = clock.hold();
  atStart();

  const store = new JournaledStore(journal, now);
  await store.restore(rowsOf(journal.entries));
  const database = openInstanceFile(":memory:");
  restoreInstances(new SqliteInstanceStore(database), journal.entries);
  const host = await startEmbeddedApp({
    main: APP,
    clock,
    store,
    instances: new JournaledInstances(database, journal, now),
    exchange: journaledExchange(azure, journal, now),
    // Every hook agrees, and every probe succeeds.
    outside: () => Promise.resolve({ status: 200 }),
    chaos: () => delivery,
    environment: {
      GOLDPATCH_SCOPE: `/subscriptions/${fleet.subscriptionId}`,
      GOLDPATCH_ARM_ENDPOINT: "http://127.0.0.1:9",
      GOLDPATCH_SWEEP_SCHEDULE: "0 0 0 1 1 *",
      ...scenario.settings,
    },
    onLog: ({ level, category, functionName = "", message }) =>
      logs.push(`${level} ${category} ${functionName} ${message}`),
  });
  const client = new HostClient(clock, host);
  const deeds = new Deeds(scenario, start, clock, journal, azure.vmIds);
  events.hostRuns(client);
  deeds.begin(host, client);
  startingHost();

  const cameToRest = await comesToRest(host, deeds, events, clock, start + LONGEST_MS);
  const untilRest = journal.entries.length;
  // Whatever is still on its way arrives.
  await sleepUntil(clock, now() + AFTERWARDS_MS);
  const machines = await instanceViews(azure);
  const instances = host.instances();
  azure.stop();
  await host.close();
  clock.close();
  database.close();
  giveIdsBack();
  const unanswered = runsWithOpenInstall(past?.entries ?? []);
  const { entries } = journal;
  return { scenario, journal: entries, untilRest, transcript, logs, instances, cameToRest, past, unanswered, machines };
}

const copiesIn = ({ vms }: Fleet): number =>
  vms.flatMap(({ events = [] }) => events).reduce((sum, { copies }) => sum + copies, 0);

/** Azure sees again what it saw before the crash, at the same times; nobody hears its answers. */
async function relive(
  azure: SimulatedAzure,
  clock: VirtualClock,
  events: EventDeliveries,
  past: Past,
  begin: () => void,
): Promise<void> {
  for (const entry of past.entries) {
    if (entry.kind !== "request") continue;
    clock.at(entry.t, () => void azure.handle(entry.request).catch(() => undefined));
  }
  begin();
  await sleepUntil(clock, past.crashedAt);
  events.hostDied();
  await sleepUntil(clock, past.crashedAt + past.downMs);
}

/** False when something still runs long after all should be over. */
async function comesToRest(
  host: FunctionsHost,
  deeds: Deeds,
  events: EventDeliveries,
  clock: VirtualClock,
  deadline: number,
): Promise<boolean> {
  const quiet = async (): Promise<boolean> => {
    await Promise.all([host.idle(), deeds.rest, events.allTaken]);
    // A deed done at last may have started something.
    await new Promise(setImmediate);
    return host.instances().every(isOver) && deeds.isResting;
  };
  const tooLate = sleepUntil(clock, deadline).then(() => "too late" as const);
  for (;;) {
    const state = await Promise.race([quiet(), tooLate]);
    if (state === "too late") return false;
    if (state) return true;
  }
}

const isOver = ({ runtimeStatus }: InstanceSummary): boolean => !["Pending", "Running"].includes(runtimeStatus);

async function instanceViews(azure: SimulatedAzure): Promise<Map<string, string>> {
  const headers = { authorization: "Bearer test" };
  const views = azure.vmIds.map(async (vmId) => {
    const url = `${vmId}/instanceView?api-version=2024-11-01`;
    const { status, body } = await azure.handle({ method: "GET", url, headers });
    return status === 200 ? [[vmId, body] as const] : [];
  });
  return new Map((await Promise.all(views)).flat());
}
