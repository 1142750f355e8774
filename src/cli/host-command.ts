import path from "node:path";
import { z } from "zod";
import { readSettings, type Settings } from "../config";
import { OperatorError } from "../errors";
import type { HostClock } from "../local/clock/host-clock";
import { realClock } from "../local/clock/real-clock";
import { scaledClock } from "../local/clock/scaled-clock";
import { openDataFolder, userDataFolder, type DataFolder } from "../local/data-folder";
import { startEmbeddedApp, type Environment } from "../local/embedded-app";
import { onFirstFreePort } from "../local/first-free-port";
import type { HostLogEntry } from "../local/functions-host";
import { azureLogin } from "./azure-login";
import { command } from "./command";
import { flag, number, text } from "./options";
import { userPath } from "./paths";
import { hostPortOption, hostPorts, portNotice } from "./ports";
import { closeSoon, StopSignals } from "./stop-signal";
import { UsageError } from "./usage-error";

const FASTEST = 100_000;

export const hostCommand = command(
  "host",
  "Runs only the app in the embedded host, against GOLDPATCH_ARM_ENDPOINT or, without it, your real Azure.",
  {
    port: hostPortOption,
    yes: flag("Real Azure: allows assessments and installations; without it nothing is started there."),
    data: text("DIR", "Folder for runs and orchestrations; one in your data folder if absent."),
    memory: flag("Keeps them in memory only: they are forgotten when this process ends."),
    speed: number("Simulated seconds per second, as given to goldpatch simulate.", 0.1, FASTEST, false),
  },
  async ({ port, yes = false, data, memory = false, speed }) => {
    const signals = new StopSignals();
    const settings = readSettings(process.env);
    const { GOLDPATCH_ARM_ENDPOINT: endpoint } = settings;
    if (memory && data !== undefined) throw new UsageError("--memory and --data: give one of them");
    if (speed !== undefined && endpoint === undefined) {
      throw new UsageError(
        `--speed "${speed}": real Azure cannot be hurried; set GOLDPATCH_ARM_ENDPOINT, or leave it out`,
      );
    }
    const environment = endpoint === undefined ? await realAzure(settings, yes) : process.env;
    tell(`Azure:         ${endpoint ?? "https://management.azure.com"}`);
    const folder = memory ? undefined : openData(data, endpoint === undefined ? "azure" : "simulated");
    if (memory) tell("Data:          in memory, forgotten when this process ends");
    try {
      const clock = endpoint === undefined || speed === undefined ? realClock : await clockOf(endpoint, speed);
      const ports = hostPorts(port);
      const host = await onFirstFreePort(ports, (candidate) =>
        startEmbeddedApp({ clock, port: candidate, environment, onLog: tellEntry, ...folder }),
      );
      tell(portNotice(host.url, ports));
      tell(`\ncurl -s '${host.url}/api/health' -H 'x-functions-key: ${host.functionKey}'\n\nServing until Ctrl-C.`);
      process.stdout.write(`${host.url}/api\n`);
      await signals.first;
      await closeSoon(() => host.close());
      return 0;
    } finally {
      folder?.close();
    }
  },
);

/** Real and simulated Azure never share a folder by themselves: both may have a VM with the same id. */
function openData(given: string | undefined, kind: "azure" | "simulated"): DataFolder {
  const folder = given === undefined ? path.join(userDataFolder(process.env), kind) : userPath(given);
  const opened = openDataFolder(folder);
  tell(`Data:          ${folder}`);
  return opened;
}

/** Simulated Azure's own clock, from the `Date` of an answer on. @throws OperatorError when nothing answers */
async function clockOf(endpoint: string, speed: number): Promise<HostClock> {
  try {
    const { headers } = await fetch(endpoint);
    return scaledClock(z.coerce.date().parse(headers.get("date")).getTime(), speed);
  } catch (cause) {
    throw new OperatorError(
      `GOLDPATCH_ARM_ENDPOINT is "${endpoint}": no time could be read there; start goldpatch simulate first`,
      { cause },
    );
  }
}

/** Tells what would be touched. Without consent the app is paused: it reads, and starts nothing. */
async function realAzure({ GOLDPATCH_SCOPE: scope }: Settings, yes: boolean): Promise<Environment> {
  const subscriptions = [...new Set(scope.map(({ subscriptionId }) => subscriptionId))];
  const entries = scope.map(
    ({ subscriptionId, resourceGroup }) =>
      `/subscriptions/${subscriptionId}${resourceGroup === undefined ? "" : `/resourceGroups/${resourceGroup}`}`,
  );
  tell("This is real Azure.");
  tell(`Subscription:  ${subscriptions.join(", ")}`);
  tell(`Scope:         ${entries.join(", ")}`);
  if (!yes) tell("Read-only:     no assessment and no installation is started without --yes.");
  const { tenantId, who } = await azureLogin();
  tell(`Tenant:        ${tenantId} (as ${who})`);
  return yes ? process.env : { ...process.env, GOLDPATCH_PAUSED: "true" };
}

function tell(line: string | undefined): void {
  if (line !== undefined) process.stderr.write(`${line}\n`);
}

const tellEntry = ({ level, category, message }: HostLogEntry): void =>
  tell(category === "goldpatch" ? message : `[${level}] ${category}: ${message}`);
