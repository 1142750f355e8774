import { setTimeout } from "node:timers/promises";
import { triggerNames } from "../contracts/names";
import { openDataFolder } from "../local/data-folder";
import { startEmbeddedApp } from "../local/embedded-app";
import type { FunctionsHost, HostLogEntry } from "../local/functions-host";
import { dataFolderPath, dataOption } from "./data-option";
import { HostClient } from "./host-client";
import type { Given } from "./options";
import { clockOf, speedOption } from "./simulated-clock";
import { closeSoon } from "./stop-signal";
import type { OwnHost, Target } from "./target";
import { tell } from "./tell";

export const ownHostOptions = { data: dataOption, speed: speedOption };

export interface OpenHost {
  readonly client: HostClient;
  /** What a user does to follow a run that this command leaves behind. */
  readonly goesOn: string;
  /** Once the run has its outcome: until nothing of it is in flight. */
  settled(runId: string): Promise<void>;
  close(): Promise<void>;
}

const ANY_PORT = 0;
/** A command is about one VM: nothing else is swept meanwhile. */
const OFF = [triggerNames.scheduledSweep, triggerNames.scheduledPolicies];

/** A host to ask: an own one keeps nothing and is paused, so that whatever is asked of it, it starts nothing. */
export async function openToRead(target: Target, given: Given<typeof ownHostOptions>): Promise<OpenHost> {
  if (target.kind === "host") return running(new HostClient(target.url, target.key));
  const environment = { ...target.environment, GOLDPATCH_PAUSED: "true" };
  const clock = await clockOf(target.endpoint, given.speed);
  const host = await startEmbeddedApp({ clock, port: ANY_PORT, environment, disabledTimers: OFF, onLog: tellTrouble });
  return own(host, "", () => undefined);
}

/** A host to work with: what an own one has begun goes on when it is started again on the same folder. */
export async function openToWork(target: Target, given: Given<typeof ownHostOptions>): Promise<OpenHost> {
  return target.kind === "host" ? running(new HostClient(target.url, target.key)) : workingHost(target, given);
}

async function workingHost(
  { endpoint, environment }: OwnHost,
  { data, speed }: Given<typeof ownHostOptions>,
): Promise<OpenHost> {
  const clock = await clockOf(endpoint, speed);
  const path = dataFolderPath(data, endpoint);
  const folder = openDataFolder(path);
  tell(`Data:          ${path}`);
  try {
    const { store, instances } = folder;
    const options = { clock, port: ANY_PORT, environment, disabledTimers: OFF, store, instances, onLog: tellTrouble };
    const goesOn = `the same command goes on with it, as does goldpatch host${data === undefined ? "" : ` --data ${path}`}`;
    return own(await startEmbeddedApp(options), goesOn, () => folder.close());
  } catch (failure) {
    folder.close();
    throw failure;
  }
}

const running = (client: HostClient): OpenHost => ({
  client,
  goesOn: `it goes on at ${client.url}`,
  settled: () => Promise.resolve(),
  close: () => Promise.resolve(),
});

const LOOK_EVERY_MS = 50;
/** Giving back what a run held takes a few writes. */
const SETTLE_MS = 10_000;
const AT_WORK = ["Pending", "Running"];

const own = (host: FunctionsHost, goesOn: string, closed: () => void): OpenHost => ({
  client: new HostClient(host.url, host.functionKey),
  goesOn,
  async settled(runId) {
    const atWork = () =>
      host.instances().some(({ instanceId, runtimeStatus }) => instanceId === runId && AT_WORK.includes(runtimeStatus));
    for (const until = Date.now() + SETTLE_MS; atWork() && Date.now() < until;) await setTimeout(LOOK_EVERY_MS);
  },
  async close() {
    await closeSoon(() => host.close());
    closed();
  },
});

function tellTrouble({ level, category, message }: HostLogEntry): void {
  if (level === "error" || level === "critical") tell(`[${level}] ${category}: ${message}`);
}
