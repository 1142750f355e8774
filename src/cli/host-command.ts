import { readSettings, type Settings } from "../config";
import { clouds } from "../domain/cloud/cloud";
import { openDataFolder, type DataFolder } from "../local/data-folder";
import { startEmbeddedApp, type Environment } from "../local/embedded-app";
import { onFirstFreePort } from "../local/first-free-port";
import type { HostLogEntry } from "../local/functions-host";
import { nothing } from "./argument";
import { command } from "./command";
import { dataFolderPath, dataOption } from "./data-option";
import { flag } from "./options";
import { hostPortOption, hostPorts, portNotice } from "./ports";
import { clockOf, requireSimulation, speedOption } from "./simulated-clock";
import { closeSoon, StopSignals } from "./stop-signal";
import { tell } from "./tell";
import { UsageError } from "./usage-error";
import { tellRealAzure } from "./where";

export const hostCommand = command(
  "host",
  "Runs only the app in the embedded host, against GOLDPATCH_ARM_ENDPOINT or, without it, your real Azure.",
  nothing,
  {
    port: hostPortOption,
    yes: flag("Real Azure: allows assessments and installations; without it nothing is started there."),
    data: dataOption,
    memory: flag("Keeps them in memory only: they are forgotten when this process ends."),
    speed: speedOption,
  },
  async (_, { port, yes = false, data, memory = false, speed }) => {
    const signals = new StopSignals();
    const settings = readSettings(process.env);
    const { GOLDPATCH_ARM_ENDPOINT: endpoint } = settings;
    if (memory && data !== undefined) throw new UsageError("--memory and --data: give one of them");
    requireSimulation(endpoint, speed);
    const environment = endpoint === undefined ? await realAzure(settings, yes) : process.env;
    tell(`Azure:         ${endpoint ?? clouds[settings.GOLDPATCH_CLOUD].armOrigin}`);
    const folder = memory ? undefined : openData(dataFolderPath(data, endpoint));
    if (memory) tell("Data:          in memory, forgotten when this process ends");
    try {
      const clock = await clockOf(endpoint, speed);
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

function openData(path: string): DataFolder {
  const opened = openDataFolder(path);
  tell(`Data:          ${path}`);
  return opened;
}

/** Tells what would be touched. Without consent the app is paused: it reads, and starts nothing. */
async function realAzure(settings: Settings, yes: boolean): Promise<Environment> {
  if (!yes) tell("Read-only:     no assessment and no installation is started without --yes.");
  await tellRealAzure(settings);
  return yes ? process.env : { ...process.env, GOLDPATCH_PAUSED: "true" };
}

const tellEntry = ({ level, category, message }: HostLogEntry): void =>
  tell(category === "goldpatch" ? message : `[${level}] ${category}: ${message}`);
