import type { Instances } from "../../src/activities/run/deps";
import type { WatchdogDeps } from "../../src/activities/watchdog/deps";
import { connectArm } from "../../src/azure/arm";
import { createAzure } from "../../src/azure/azure";
import { createMaintenanceApi } from "../../src/azure/maintenance/maintenance";
import type { Clock } from "../../src/clock";
import { readSettings, runDeadlineMs, sweepLimits, type SettingName } from "../../src/config";
import type { Orchestration } from "../../src/domain/run/life";
import type { Embedding } from "../../src/embedding";
import { createOutside } from "../../src/hooks/outside";
import { ActiveRuns } from "../../src/ledger/active-runs";
import { EndedRuns } from "../../src/ledger/ended-runs";
import { DurationLedger } from "../../src/ledger/durations";
import { ImageLedger } from "../../src/ledger/images";
import { OpenRuns } from "../../src/ledger/open-runs";
import { Rates } from "../../src/ledger/rates";
import { PolicySweepLedger } from "../../src/ledger/policy-sweeps";
import { RunLedger } from "../../src/ledger/runs";
import { ScheduleLedger } from "../../src/ledger/schedules";
import { SweepLedger } from "../../src/ledger/sweeps";
import { StoredPolicies } from "../../src/ledger/stored-policies";
import { Switches } from "../../src/ledger/switches";
import { Watch } from "../../src/ledger/watch";
import { createLogs } from "../../src/logs";
import type { Store } from "../../src/store/store";
import type { World } from "./outside-jest";

export interface BenchOptions {
  readonly clock: Clock;
  readonly store: Store;
  readonly settings?: Partial<Record<SettingName, string>>;
  /** No request reaches Azure when absent. */
  readonly exchange?: Embedding["exchange"];
  readonly log?: (line: string) => void;
}

/** What the watchdog is made from, outside a host. */
export function watchdogDeps({ clock, store, settings, exchange, log }: BenchOptions): WatchdogDeps {
  const read = readSettings({ GOLDPATCH_SCOPE: "/subscriptions/11111111-2222-4333-8444-555555555555", ...settings });
  const unreachable = () => Promise.reject(new Error("Azure is not part of this test"));
  const logs = createLogs(log ?? (() => undefined));
  const arm = connectArm({ endpoint: "http://127.0.0.1:9" }, exchange ?? unreachable);
  return {
    clock,
    store,
    settings: read,
    logs,
    azure: createAzure(arm, clock, logs),
    maintenance: createMaintenanceApi(arm),
    schedules: new ScheduleLedger(store),
    runs: new RunLedger(store),
    open: new OpenRuns(store),
    ended: new EndedRuns(store),
    active: new ActiveRuns(store, read.GOLDPATCH_MAX_ACTIVE_RUNS),
    switches: new Switches(store),
    images: new ImageLedger(store),
    durations: new DurationLedger(store),
    rates: new Rates(store),
    policySweeps: new PolicySweepLedger(store),
    outside: createOutside(clock, read.GOLDPATCH_HOOK_KEYS, unreachable),
    policies: new StoredPolicies(store),
    sweepLimits: sweepLimits(read),
    sweeps: new SweepLedger(store),
    watch: new Watch(store),
    runDeadlineMs: runDeadlineMs(read),
  };
}

/** A durable engine that knows what it is told. */
export const engineOf = (look: (instanceId: string) => Orchestration): Instances => ({
  look: (instanceId) => Promise.resolve(look(instanceId)),
  start: () => Promise.reject(new Error("the watchdog starts nothing")),
  inputOf: () => Promise.resolve(undefined),
  raise: () => Promise.resolve(),
  terminate: () => Promise.resolve(),
  purge: () => Promise.resolve(0),
});

/** A second watchdog beside the world's own, as another worker of the same app would be. */
export const watchdogBeside = (
  world: World,
  { store = world.store, log }: { readonly store?: Store; readonly log?: (line: string) => void } = {},
): WatchdogDeps =>
  watchdogDeps({
    clock: world.clock,
    store,
    exchange: (request) => world.azure.handle(request),
    ...(log && { log }),
  });

/** The world's engine, as a second worker sees it. */
export const engineBeside = (world: World): Instances =>
  engineOf((instanceId) => {
    const status = world.host.status(instanceId);
    if (!status) return { kind: "missing" };
    const { runtimeStatus, lastUpdatedTime, output } = status;
    return ["Completed", "Failed", "Terminated"].includes(runtimeStatus)
      ? { kind: "over", status: runtimeStatus, failure: String(output) }
      : { kind: "alive", movedAt: Date.parse(lastUpdatedTime) };
  });
