import { triggerNames } from "../../contracts/names";
import { VirtualClock } from "../clock/virtual-clock";
import { startEmbeddedApp } from "../embedded-app";
import { onFirstFreePort } from "../first-free-port";
import type { FunctionsHost, HostLog } from "../functions-host";
import { serveSimulatedAzure, SimulatedAzure, type Fleet, type TranscriptLine } from "../simulated-azure";
import { demoSettings } from "./demo-settings";
import { HostApi } from "./host-api";
import { untilAllIsDone, type DemoResult } from "./main-job";

export interface DemoOptions {
  readonly fleet: Fleet;
  readonly seed: number;
  /** Simulated seconds per second; Infinity jumps from timer to timer. */
  readonly speed: number;
  /** The host takes the first that is free. */
  readonly ports: readonly number[];
  readonly transcript?: (line: TranscriptLine) => void;
  /** @param now simulated time */
  readonly onLog: (entry: Parameters<HostLog>[0], now: number) => void;
}

export interface Demo {
  readonly host: FunctionsHost;
  readonly azureUrl: string;
  /** Resolves when every event was delivered, the sweep is over and all runs have ended; then time stands still. */
  readonly result: Promise<DemoResult>;
  /** Lets time go on. */
  readonly resume: () => void;
  readonly close: () => Promise<void>;
}

/**
 * The whole product in one process and in simulated time: the function app in its host, and simulated Azure.
 *
 * @throws HostStartError when the app cannot be loaded; OperatorError when no port is free
 */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { fleet, seed, speed, ports, transcript, onLog } = options;
  const clock = new VirtualClock({ start: Date.parse(fleet.start), speed });
  const started: (() => Promise<void> | void)[] = [() => clock.close()];
  const close = async () => {
    for (const end of started.splice(0).reverse()) await end();
  };
  let resume = clock.hold();
  try {
    const webhook = Promise.withResolvers<HostApi>();
    const azure = new SimulatedAzure({
      fleet,
      clock,
      seed,
      ...(transcript && { transcript }),
      deliverEvent: async (event) =>
        (await webhook.promise).deliver(
          event.about === "maintenance" ? triggerNames.maintenanceEvent : triggerNames.vmProvisioned,
          event,
        ),
    });
    started.push(() => azure.stop());
    const served = await serveSimulatedAzure(azure, { clock });
    started.push(() => served.close());
    const environment = demoSettings(fleet, azure.vmIds, served.url);
    const host = await onFirstFreePort(ports, (port) =>
      startEmbeddedApp({
        clock,
        port,
        environment,
        exchange: (request) => azure.handle(request),
        onLog: (entry) => onLog(entry, clock.now()),
      }),
    );
    started.push(() => host.close());
    const api = new HostApi(host, clock);
    webhook.resolve(api);
    azure.start();
    const result = untilAllIsDone({ api, clock, host, fleet, vmIds: azure.vmIds }, () => {
      resume = clock.hold();
    });
    // Whoever awaits the result sees a failure, however late.
    result.catch(() => undefined);
    resume();
    return { host, azureUrl: served.url, result, resume: () => resume(), close };
  } catch (failure) {
    await close();
    throw failure;
  }
}
