import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunView } from "../../../src/contracts/api/runs";
import { SqliteInstanceStore, type Execution } from "../../../src/local/functions-host";
import { EventType } from "../../../src/local/functions-host/durable/history";
import { ImageLedger } from "../../../src/ledger/images";
import { DurationLedger } from "../../../src/ledger/durations";
import { MemoryStore } from "../../../src/store/memory";
import { startSweep } from "../../support/sweeps";
import { World } from "../../support/world";
import { tally, type Played } from "./contender";
import { benchFleet, IMAGES, SUBSCRIPTION, SWEEP_AT, type BenchFleet } from "./fleet";
import { Requests } from "./requests";

/** As many at once as the setting takes, and a policy. */
const MOST_ACTIVE = 20_000;
/** The default: what a policy says that says nothing of stages, concurrency, exposure and failures. */
const STAGED_POLICY = `version: 1
name: bench
mode: patch
scope:
  subscriptions: [${SUBSCRIPTION}]
`;
/** Without stages, and without caps that anything reaches. */
const POLICY = `${STAGED_POLICY}concurrency: ${MOST_ACTIVE}
failureBudget: 100%
exposure:
  cap: 100%
  ramp: [rest]
`;
/** Starts, activities, timers, events. */
const WORK: readonly number[] = [
  EventType.ExecutionStarted,
  EventType.TaskScheduled,
  EventType.TimerCreated,
  EventType.EventRaised,
  EventType.SubOrchestrationInstanceCreated,
];

/** So many operations of each kind were seen before, on other VMs. */
const SEEN_BEFORE = 64;
const OTHER_SEED = 4711;
const EARLIER = "2026-11-24T07:00:00Z";

export interface PlayOptions {
  /** Nothing is known about how long operations take. */
  readonly unlearned: boolean;
  /** By the default policy, in stages. */
  readonly staged: boolean;
}

/** A store that knows which images are supported and how long operations take, as a fleet's does that was patched before. */
async function known({ unlearned }: PlayOptions): Promise<MemoryStore> {
  const store = new MemoryStore();
  const durations = new DurationLedger(store);
  for (const { assess, install } of unlearned ? [] : benchFleet(SEEN_BEFORE, OTHER_SEED).truths) {
    for (const osType of ["Windows", "Linux"]) {
      await durations.note({ operation: "assess", imageId: null, osType }, assess * 1000);
      await durations.note({ operation: "install", imageId: null, osType }, install * 1000);
    }
  }
  const images = new ImageLedger(store);
  for (const imageId of IMAGES) {
    const verdict = { supportState: "Supported", lastOutcome: "patched", runId: "earlier", vmId: "another" } as const;
    await images.note({ ...verdict, imageId, seenAt: EARLIER });
  }
  return store;
}

/** In pages: all at once would be the largest thing in memory. */
async function* runsOf(world: World): AsyncGenerator<RunView> {
  let path: string | undefined = "runs?limit=1000";
  while (path !== undefined) {
    const { runs, nextLink } = JSON.parse((await world.api("GET", path)).body) as {
      runs: RunView[];
      nextLink?: string;
    };
    yield* runs;
    path = nextLink?.replace(/^.*\/api\//, "");
  }
}

/** The unmodified app: a sweep by a policy patches the fleet. */
export async function playGoldpatch({ file }: BenchFleet, options: PlayOptions): Promise<Played> {
  let workItems = 0;
  const startedAt = Date.parse(SWEEP_AT);
  const requests = new Requests(startedAt);
  // As `npm run host` keeps them: in memory they would be a quarter of it.
  const folder = mkdtempSync(join(tmpdir(), "goldpatch-bench-"));
  const instances = SqliteInstanceStore.open(join(folder, "orchestrations.sqlite"));
  const world = await World.start({
    fleet: file,
    store: await known(options),
    instances,
    replayCheck: false,
    onExchange: requests.note,
    settings: {
      GOLDPATCH_MAX_ACTIVE_RUNS: String(MOST_ACTIVE),
      GOLDPATCH_WATCHDOG_SCHEDULE: "0 */15 * * * *",
    },
    onExecution: ({ history }: Execution) => {
      workItems += history.filter(({ EventType: type }) => WORK.includes(type)).length;
    },
  });
  await world.passes(startedAt - world.clock.now());
  await startSweep(world, options.staged ? STAGED_POLICY : POLICY);
  await world.host.idle();
  const outcomes: string[] = [];
  let endedAt = startedAt;
  for await (const run of runsOf(world)) {
    outcomes.push(run.outcome ?? "none");
    endedAt = Math.max(endedAt, Date.parse(run.endedAt ?? ""));
  }
  await world.close();
  instances.close();
  rmSync(folder, { recursive: true });
  return {
    startedAt,
    endedAt,
    outcomes: tally(outcomes),
    requests,
    workItems,
  };
}
