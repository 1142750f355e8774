import type { WatchdogDeps } from "./activities/watchdog/deps";
import { connectArm } from "./azure/arm";
import { createAzure } from "./azure/azure";
import { azureCredential } from "./azure/credential";
import { createMaintenanceApi } from "./azure/maintenance/maintenance";
import { systemClock, type Clock } from "./clock";
import { runDeadlineMs, sweepLimits, type Settings } from "./config";
import { clouds } from "./domain/cloud/cloud";
import type { Embedding } from "./embedding";
import { callHttps } from "./hooks/https-call";
import { createOutside } from "./hooks/outside";
import { ActiveRuns } from "./ledger/active-runs";
import { DurationLedger } from "./ledger/durations";
import { EndedRuns } from "./ledger/ended-runs";
import { ImageLedger } from "./ledger/images";
import { OpenRuns } from "./ledger/open-runs";
import { PolicySweepLedger } from "./ledger/policy-sweeps";
import { Rates } from "./ledger/rates";
import { RunLedger } from "./ledger/runs";
import { ScheduleLedger } from "./ledger/schedules";
import { StoredPolicies } from "./ledger/stored-policies";
import { SweepLedger } from "./ledger/sweeps";
import { Switches } from "./ledger/switches";
import { Watch } from "./ledger/watch";
import { createLogs } from "./logs";
import { MissingStore } from "./store/missing";
import type { Store } from "./store/store";
import { TablesStore } from "./store/tables";

/** What every part of the app is made from: the settings' world, or what a host on one machine lends instead. */
export function createDeps(settings: Settings, lent: Embedding): WatchdogDeps {
  const { clock = systemClock, store = configuredStore(settings, clock), log = console.log, exchange, outside } = lent;
  const logs = createLogs(log);
  const arm = connectArm(
    {
      ...(settings.GOLDPATCH_ARM_ENDPOINT !== undefined && { endpoint: settings.GOLDPATCH_ARM_ENDPOINT }),
      ...(settings.AZURE_CLIENT_ID !== undefined && { clientId: settings.AZURE_CLIENT_ID }),
      cloud: settings.GOLDPATCH_CLOUD,
    },
    exchange,
  );
  return {
    clock,
    settings,
    logs,
    azure: createAzure(arm, clock, logs),
    maintenance: createMaintenanceApi(arm),
    outside: createOutside(
      clock,
      settings.GOLDPATCH_HOOK_KEYS,
      outside ?? ((request) => callHttps(request, { privateHosts: settings.GOLDPATCH_HOOK_HOSTS })),
    ),
    sweepLimits: sweepLimits(settings),
    runDeadlineMs: runDeadlineMs(settings),

    store,
    runs: new RunLedger(store),
    open: new OpenRuns(store),
    ended: new EndedRuns(store),
    active: new ActiveRuns(store, settings.GOLDPATCH_MAX_ACTIVE_RUNS),
    switches: new Switches(store),
    images: new ImageLedger(store),
    durations: new DurationLedger(store),
    rates: new Rates(store),
    policies: new StoredPolicies(store),
    policySweeps: new PolicySweepLedger(store),
    sweeps: new SweepLedger(store),
    schedules: new ScheduleLedger(store),
    watch: new Watch(store),
  };
}

/** Where no host lends one. */
function configuredStore(settings: Settings, clock: Clock): Store {
  const { GOLDPATCH_TABLES_ENDPOINT: endpoint, AZURE_CLIENT_ID: clientId, GOLDPATCH_CLOUD: cloud } = settings;
  if (endpoint === undefined) return new MissingStore();
  return TablesStore.connect({ endpoint, credential: () => azureCredential(clientId, clouds[cloud]) }, clock);
}
