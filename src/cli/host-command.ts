import { readSettings, type Settings } from "../config";
import { realClock } from "../local/clock/real-clock";
import { startEmbeddedApp, type Environment } from "../local/embedded-app";
import { onFirstFreePort } from "../local/first-free-port";
import type { HostLogEntry } from "../local/functions-host";
import { azureLogin } from "./azure-login";
import { command } from "./command";
import { flag } from "./options";
import { hostPortOption, hostPorts, portNotice } from "./ports";
import { closeSoon, StopSignals } from "./stop-signal";

export const hostCommand = command(
  "host",
  "Runs only the app in the embedded host, against GOLDPATCH_ARM_ENDPOINT or, without it, your real Azure.",
  {
    port: hostPortOption,
    yes: flag("Real Azure: allows assessments and installations; without it nothing is started there."),
  },
  async ({ port, yes = false }) => {
    const signals = new StopSignals();
    const settings = readSettings(process.env);
    const environment = settings.GOLDPATCH_ARM_ENDPOINT === undefined ? await realAzure(settings, yes) : process.env;
    tell(`Azure:         ${settings.GOLDPATCH_ARM_ENDPOINT ?? "https://management.azure.com"}`);
    const ports = hostPorts(port);
    const host = await onFirstFreePort(ports, (candidate) =>
      startEmbeddedApp({ clock: realClock, port: candidate, environment, onLog: tellEntry }),
    );
    tell(portNotice(host.url, ports));
    tell("Runs are kept in memory: they are forgotten when this process ends.");
    tell(`\ncurl -s '${host.url}/api/health' -H 'x-functions-key: ${host.functionKey}'\n\nServing until Ctrl-C.`);
    process.stdout.write(`${host.url}/api\n`);
    await signals.first;
    await closeSoon(() => host.close());
    return 0;
  },
);

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
