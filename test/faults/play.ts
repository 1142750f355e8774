import { vmPartition } from "../../src/ledger/keys";
import type { RunRecord } from "../../src/ledger/runs";
import type { Intent } from "../../src/ledger/intent";
import type { Lease } from "../../src/ledger/lease";
import type { ArmAnswer, ArmExchange } from "../../src/embedding";
import { parseFleet } from "../../src/local/simulated-azure";
import { World } from "../support/world";
import type { Asked, Delivery, Exchange, Played } from "./played";
import { chaosOf } from "./schedule/deliveries";
import type { Request, Schedule } from "./schedule/schedule";
import { SlowStore } from "./slow-store";

const HOUR_MS = 3_600_000;
/** The longest course: an assessment and an install of 17,000 s, each waited for twice over, and all patience between. */
const LONGEST_COURSE_MS = 48 * HOUR_MS;
/** What Azure takes up late, or a delivery that stalled, shows within this. */
const AFTERMATH_MS = 3 * HOUR_MS;
/** Of so many courses one is checked by replay as well, which takes a third of its time; everything else always is. */
const REPLAYED_EVERY = 10;
/** From a creation to its event. */
const CREATION_SECONDS = 200;

/** Plays a schedule from its start until nothing happens any more. */
export async function play(schedule: Schedule): Promise<Played> {
  const deliveries: Delivery[] = [];
  const exchanges: Exchange[] = [];
  const chaos = chaosOf(schedule.seed, schedule.misbehaviour);
  const store = new SlowStore(schedule.seed, schedule.slowness);
  const world: World = await World.start({
    store,
    fleet: schedule.fleet,
    seed: schedule.seed,
    settings: schedule.settings,
    main: "dist/test-app.js",
    replayCheck: schedule.seed % REPLAYED_EVERY === 0,
    onRequest: () => store.hurry(),
    chaos: (delivery) => {
      const fate = chaos(delivery);
      deliveries.push({ at: world.clock.now(), name: delivery.name, instanceId: delivery.instanceId, fate });
      return fate;
    },
    intercept: (request, azure) => noted(world, exchanges, request, azure),
  });
  try {
    const startedAt = world.clock.now();
    store.follow(world.clock);
    const asked = await askAll(world, schedule);
    await untilSeconds(world, startedAt, lastEventSeconds(schedule));
    let cameToRest = await comesToRest(world);
    // The aftermath may bring another event, and with it a run.
    if (cameToRest) cameToRest = await world.passes(AFTERMATH_MS).then(() => comesToRest(world));
    store.follow(undefined);
    return { schedule, startedAt, cameToRest, asked, deliveries, exchanges, ...(await leftBehind(world)) };
  } finally {
    await world.close();
  }
}

const comesToRest = (world: World): Promise<boolean> =>
  Promise.race([world.host.idle().then(() => true), world.passes(LONGEST_COURSE_MS).then(() => false)]);

async function noted(
  world: World,
  exchanges: Exchange[],
  request: ArmExchange,
  azure: (request: ArmExchange) => Promise<ArmAnswer>,
): Promise<ArmAnswer> {
  const { pathname, searchParams } = new URL(request.url);
  const at = world.clock.now();
  const target = `${pathname.toLowerCase()}${searchParams.has("monitor") ? "?monitor" : ""}`;
  const note = (answer: ArmAnswer | undefined) => {
    const seconds = Number(answer?.headers["retry-after"]);
    exchanges.push({
      at,
      answeredAt: world.clock.now(),
      method: request.method,
      target,
      status: answer?.status ?? null,
      retryAfterMs: Number.isNaN(seconds) ? null : seconds * 1000,
    });
  };
  try {
    const answer = await azure(request);
    note(answer);
    return answer;
  } catch (failure) {
    note(undefined);
    throw failure;
  }
}

const untilSeconds = (world: World, startedAt: number, seconds: number): Promise<void> =>
  world.passes(Math.max(0, startedAt + seconds * 1000 - world.clock.now()));

async function askAll(world: World, { requests }: Schedule): Promise<Asked[]> {
  const startedAt = world.clock.now();
  const asked: Asked[] = [];
  for (const request of requests) {
    await untilSeconds(world, startedAt, request.atSeconds);
    const askedAt = world.clock.now();
    const answers = await ask(world, request, asked);
    asked.push({
      request,
      askedAt,
      at: world.clock.now(),
      statuses: answers.map(({ status }) => status),
      runIds: answers.flatMap(({ runIds }) => runIds),
    });
  }
  return asked;
}

interface Told {
  readonly status: number;
  readonly runIds: readonly string[];
}

async function ask(world: World, request: Request, asked: readonly Asked[]): Promise<Told[]> {
  switch (request.kind) {
    case "run": {
      const vmIds = request.vms.map((name) => world.vmId(name));
      const { status, body } = await world.api("POST", "runs", { mode: request.mode, vmIds, install: request.install });
      const runs = status === 202 ? (JSON.parse(body) as { runs: { runId: string }[] }).runs : [];
      return [{ status, runIds: runs.map(({ runId }) => runId) }];
    }
    case "cancel": {
      const told: Told[] = [];
      for (const runId of asked[request.request]?.runIds ?? []) {
        const { status } = await world.api("POST", `runs/${runId}/cancel`);
        told.push({ status, runIds: [runId] });
      }
      return told;
    }
    case "stop":
    case "unstop": {
      const { status } = await world.api(request.kind === "stop" ? "POST" : "DELETE", "stop");
      return [{ status, runIds: [] }];
    }
  }
}

/** When the last event of the fleet has been delivered, and the last sweep has begun. */
function lastEventSeconds({ fleet, settings }: Schedule): number {
  const ends = parseFleet(fleet).vms.map((vm) => {
    const appears = (vm.createAfterSeconds ?? 0) + (vm.recreatedAfterSeconds ?? 0);
    const events = (vm.events ?? []).map(
      ({ afterSeconds, delaySeconds, copies, copyEverySeconds }) =>
        afterSeconds + delaySeconds + copies * copyEverySeconds,
    );
    return appears + Math.max(CREATION_SECONDS, ...events);
  });
  return Math.max(...ends, settings.GOLDPATCH_SWEEP_SCHEDULE === undefined ? 0 : 2 * 3600);
}

async function leftBehind(world: World) {
  // While all is read, no time passes.
  const release = world.clock.hold();
  try {
    const { store, host, azure } = world;
    const rowsOf = async <T extends object>(partition: string, prefix: string) =>
      (await store.scan<T>(partition, prefix)).map(({ value }) => value);
    const vms = azure.vmIds.map(async (vmId) => {
      const partition = vmPartition(vmId.toLowerCase());
      const [lease] = await rowsOf<Lease>(partition, "lease");
      return { id: vmId.toLowerCase(), lease, intents: await rowsOf<Intent>(partition, "intent:") };
    });
    const slots = await rowsOf<{ runId: string | null }>("active-runs", "slot:");
    return {
      endedAt: world.clock.now(),
      runs: await rowsOf<RunRecord>("runs", ""),
      vms: await Promise.all(vms),
      slots: slots.flatMap(({ runId }) => runId ?? []),
      transcript: world.transcript,
      truth: azure.truth,
      orchestrations: host
        .instances()
        .map((instance) => ({ ...instance, text: JSON.stringify(host.status(instance.instanceId)) })),
      faultsMet: world.faultsMet,
      logs: world.logs,
      eventsTaken: world.eventsTaken,
    };
  } finally {
    release();
  }
}
