import type { HostClock } from "../../clock/host-clock";
import type { NamedData } from "../core/contract";
import type { RegisteredFunction, Registry } from "../core/registry";
import type { HostLog } from "../log";
import type { ActivityChaos } from "./chaos";
import type { Divergence } from "./divergence";
import type { Execution } from "./execution";
import type { InstanceStore } from "./store";

/** What orchestrations run with. */
export interface EngineOptions {
  readonly app: Registry;
  readonly clock: HostClock;
  readonly store: InstanceStore;
  readonly log: HostLog;
  readonly defaultVersion: string | undefined;
  readonly maxConcurrentOrchestrators: number;
  readonly maxConcurrentActivities: number;
  readonly clientInputs: (fn: RegisteredFunction) => NamedData[];
  readonly chaos: ActivityChaos | undefined;
  readonly onDivergence: ((divergence: Divergence) => void) | undefined;
  readonly onExecution: ((execution: Execution) => void) | undefined;
}
