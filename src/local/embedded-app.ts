import { readFileSync } from "node:fs";
import path from "node:path";
import { settingDocs } from "../config";
import { lendToApp, type Embedding } from "../embedding";
import { MemoryStore } from "../store/memory";
import type { Store } from "../store/store";
import type { HostClock } from "./clock/host-clock";
import {
  startFunctionsHost,
  type ActivityChaos,
  type FunctionsHost,
  type HostLog,
  type InstanceStore,
  type HostOptions,
} from "./functions-host";
import { packageRoot } from "./package-root";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface EmbeddedAppOptions extends Pick<Embedding, "exchange" | "outside"> {
  /** Another bundle of the app than the one that package.json names. */
  readonly main?: string;
  /** One in memory when absent; null lends none, as on Azure where none is configured. */
  readonly store?: Store | null;
  /** Where orchestrations survive the process; in memory when absent. */
  readonly instances?: InstanceStore;
  readonly clock: HostClock;
  /** A free one when absent. */
  readonly port?: number;
  /** The app's settings, all of them: those that are not named here get their defaults. */
  readonly environment: Environment;
  /** Timer functions that stay off. */
  readonly disabledTimers?: HostOptions["disabledTimers"];
  /** Lines of the app have the category `goldpatch`. */
  readonly onLog?: HostLog;
  /** Misbehaviour of the host, for tests. */
  readonly chaos?: ActivityChaos;
  /** Every episode is checked by replay, for tests. */
  readonly onDivergence?: HostOptions["onDivergence"];
  /** Told of every execution of an orchestration that ended, for tests. */
  readonly onExecution?: HostOptions["onExecution"];
}

/**
 * Starts the unmodified function app, as package.json and host.json describe it, in the embedded host.
 * Each call loads it afresh; one app at a time.
 *
 * @throws HostStartError when the app cannot be loaded or the port is taken
 */
export async function startEmbeddedApp(options: EmbeddedAppOptions): Promise<FunctionsHost> {
  const {
    clock,
    port,
    environment,
    onLog,
    exchange,
    outside,
    chaos,
    instances,
    disabledTimers,
    onDivergence,
    onExecution,
    store = new MemoryStore(),
  } = options;
  const root = packageRoot();
  const { main = (readJson(path.join(root, "package.json")) as { main: string }).main } = options;
  const hostSettings = readJson(path.join(root, "host.json")) as HostSettings;
  setSettings(environment);
  const log = (line: string) => onLog?.({ level: "information", category: "goldpatch", message: line });
  lendToApp({ clock, log, ...(store && { store }), ...(exchange && { exchange }), ...(outside && { outside }) });
  const { durableTask } = hostSettings.extensions;
  return startFunctionsHost({
    main: path.resolve(root, main),
    clock,
    defaultVersion: durableTask.defaultVersion,
    maxConcurrentActivities: durableTask.maxConcurrentActivityFunctions,
    maxConcurrentOrchestrators: durableTask.maxConcurrentOrchestratorFunctions,
    ...(instances && { store: instances }),
    ...(port !== undefined && { port }),
    ...(disabledTimers && { disabledTimers }),
    ...(onLog && { onLog }),
    ...(chaos && { chaos }),
    ...(onDivergence && { onDivergence }),
    ...(onExecution && { onExecution }),
  });
}

/** The part of host.json that the embedded host follows. */
interface HostSettings {
  readonly extensions: {
    readonly durableTask: {
      readonly defaultVersion: string;
      readonly maxConcurrentActivityFunctions: number;
      readonly maxConcurrentOrchestratorFunctions: number;
    };
  };
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));

/** The app's settings in `environment`, and those that look like settings of it. */
export const settingsIn = (environment: Environment): string[] =>
  Object.keys(environment).filter((name) => name.startsWith("GOLDPATCH_") || Object.hasOwn(settingDocs, name));

/** On Azure, settings are environment variables. Those of an earlier app must not outlive it. */
function setSettings(environment: Environment): void {
  const given = settingsIn(environment).map((name) => [name, environment[name]] as const);
  for (const name of settingsIn(process.env)) Reflect.deleteProperty(process.env, name);
  for (const [name, value] of given) if (value !== undefined) process.env[name] = value;
}
