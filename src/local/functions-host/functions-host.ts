import { setFlagsFromString } from "node:v8";
import type { HostClock } from "../clock/host-clock";
import { loadApp } from "./core/load-app";
import type { Registry } from "./core/registry";
import { installCore } from "./core/require-hook";
import type { ActivityChaos } from "./durable/chaos";
import { Engine } from "./durable/engine";
import { SqliteInstanceStore } from "./durable/sqlite-instance-store";
import type { InstanceStore } from "./durable/store";
import type { Divergence } from "./durable/divergence";
import type { Execution } from "./durable/execution";
import { httpFunctions, type HttpFunction } from "./http/http-functions";
import { instanceStatus, type InstanceStatus } from "./http/instance-status";
import { newKey } from "./http/keys";
import { durableClientInputs } from "./http/management-links";
import { route } from "./http/router";
import { listen } from "./http/server";
import type { HostLog } from "./log";
import { startTimers, timerFunctions } from "./timers/timer-functions";

const DEFAULT_ACTIVITIES_AT_ONCE = 32;
const DEFAULT_ORCHESTRATORS_AT_ONCE = 8;

/**
 * What an orchestration leaves behind dies late: a young generation that grows only makes the process larger. And left
 * alone, V8 lets the old one grow to several times what lives in it. Together they halve the bench's peak, at no cost in time.
 */
const MODEST_HEAP = ["--semi-space-growth-factor=1", "--heap-growing-percent=100"];

export interface HostOptions {
  /** Absolute path of the app's entry file, loaded with `require`; afresh each time. */
  readonly main: string;
  readonly clock: HostClock;
  /** TCP port on 127.0.0.1; 0 or absent takes a free one. Other addresses are not offered. */
  readonly port?: number;
  /** Where orchestrations survive; memory by default. */
  readonly store?: InstanceStore;
  /** `extensions.durableTask.defaultVersion` of host.json. */
  readonly defaultVersion?: string;
  /** Activities at once; 32 by default. */
  readonly maxConcurrentActivities?: number;
  /** Orchestrators at once; 8 by default. */
  readonly maxConcurrentOrchestrators?: number;
  /** Timer functions that are not started, as with the setting `AzureWebJobs.NAME.Disabled` on Azure. */
  readonly disabledTimers?: readonly string[];
  readonly onLog?: HostLog;
  /** Misbehaviour for tests. */
  readonly chaos?: ActivityChaos;
  /**
   * For tests: every episode is run again from its history, and whatever the orchestrator asks for that it did not ask
   * for the first time is logged and told here. Takes a multiple of an episode's time.
   */
  readonly onDivergence?: (divergence: Divergence) => void;
  /** For tests: told of every execution of an orchestration that ended or went on as new. */
  readonly onExecution?: (execution: Execution) => void;
}

export interface FunctionSummary {
  readonly name: string;
  readonly trigger: string;
  readonly route?: string;
  readonly methods?: readonly string[];
}

export interface InstanceSummary {
  readonly instanceId: string;
  readonly name: string;
  readonly runtimeStatus: string;
}

export interface FunctionsHost {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Opens HTTP functions of level `function`, as `?code=` or `x-functions-key`. */
  readonly functionKey: string;
  /** Opens `/runtime/webhooks/*`, and every HTTP function. */
  readonly systemKey: string;
  readonly functions: readonly FunctionSummary[];
  /** Resolves when no orchestration is Pending, Running or Suspended. */
  idle(): Promise<void>;
  /** With history and its outputs; undefined when there is no such instance. */
  status(instanceId: string): InstanceStatus | undefined;
  /** In the order of creation. */
  instances(): InstanceSummary[];
  /** Stops the server, the timers and all orchestrations; nothing is left running. */
  close(): Promise<void>;
}

/**
 * Runs a function app in this process, on 127.0.0.1, as Azure Functions would: a development host, not a production
 * runtime.
 *
 * @throws HostStartError when the entry file is missing or throws, when the app registers nothing or something that this
 * host does not offer, and when the port is taken.
 *
 * @example
 * const host = await startFunctionsHost({ main: "/app/dist/app.js", clock: realClock, port: 7071 });
 * await fetch(`${host.url}/api/health`);
 * await host.close();
 */
export async function startFunctionsHost(options: HostOptions): Promise<FunctionsHost> {
  const { clock, onLog: log = () => undefined } = options;
  for (const flag of MODEST_HEAP) setFlagsFromString(flag);
  const stops: (() => void | Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (let stop = stops.pop(); stop; stop = stops.pop()) await stop();
  };
  try {
    stops.push(installCore());
    const app = loadApp(options.main, log);
    const routes = httpFunctions(app);
    const timers = timerFunctions(app).filter(({ fn }) => !options.disabledTimers?.includes(fn.name));

    const server = await listen(options.port ?? 0, clock, log);
    stops.push(() => server.close(), setHostname(server.url));

    const keys = { functionKey: newKey(), systemKey: newKey(), rpcSecret: newKey() };
    const clientInputs = durableClientInputs(server.url, keys);
    const store = options.store ?? SqliteInstanceStore.open(":memory:");
    const engine = new Engine({
      app,
      clock,
      log,
      clientInputs,
      store,
      defaultVersion: options.defaultVersion,
      maxConcurrentActivities: options.maxConcurrentActivities ?? DEFAULT_ACTIVITIES_AT_ONCE,
      maxConcurrentOrchestrators: options.maxConcurrentOrchestrators ?? DEFAULT_ORCHESTRATORS_AT_ONCE,
      chaos: options.chaos,
      onDivergence: options.onDivergence,
      onExecution: options.onExecution,
    });
    stops.push(() => engine.close());
    server.answerWith((request) => route({ app, routes, engine, keys, clientInputs }, request));

    await app.runHooks("appStart", { hookData: {}, appHookData: {} });
    stops.push(() => app.runHooks("appTerminate", { hookData: {}, appHookData: {} }));
    stops.push(startTimers(timers, { app, clock, store, clientInputs }));
    return {
      url: server.url,
      functionKey: keys.functionKey,
      systemKey: keys.systemKey,
      functions: summaries(app, routes),
      idle: () => engine.idle(),
      status(instanceId) {
        const instance = engine.get(instanceId);
        return instance && instanceStatus(instance, { input: true, historyOutput: true });
      },
      instances: () =>
        engine.list().map(({ instanceId, name, status }) => ({ instanceId, name, runtimeStatus: status })),
      close,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

/** `durable-functions` rewrites the addresses of its client to port 7071 when this is not set. */
function setHostname(url: string): () => void {
  const before = process.env["WEBSITE_HOSTNAME"];
  process.env["WEBSITE_HOSTNAME"] = new URL(url).host;
  return () => {
    if (before === undefined) delete process.env["WEBSITE_HOSTNAME"];
    else process.env["WEBSITE_HOSTNAME"] = before;
  };
}

const summaries = (app: Registry, routes: readonly HttpFunction[]): FunctionSummary[] =>
  [...app.functions.values()].map((fn) => {
    const http = routes.find((route) => route.fn === fn);
    const summary = { name: fn.name, trigger: fn.trigger.binding.type };
    return http ? { ...summary, route: http.route, methods: http.methods } : summary;
  });
