import type { Execution } from "../../src/local/functions-host";
import { EventType, type HistoryEvent } from "../../src/local/functions-host/durable/history";

/** What a run asks for, on average. Counted, not priced. */
export interface Counts {
  readonly activities: number;
  readonly timers: number;
  /** Orchestrations that another waits for. */
  readonly children: number;
  /** Of orchestrations: starts, children, and each time that one goes on as new. */
  readonly executions: number;
  /** Times that an orchestrator ran. */
  readonly episodes: number;
  /** Requests to the app's own table, the watchdog's among them. */
  readonly storeRequests: number;
  /** Requests to Azure Resource Manager and Resource Graph. */
  readonly azureRequests: number;
  /** The app's own lines, without those of the Functions host. */
  readonly logKilobytes: number;
}

export type EngineCounts = Pick<Counts, "activities" | "timers" | "children" | "executions" | "episodes">;

/** What the durable engine was asked for in all, by the histories of what ended or went on as new. */
export function countsOf(executions: readonly Execution[]): EngineCounts {
  const events = executions.flatMap(({ history }) => history);
  const times = (type: HistoryEvent["EventType"]): number => events.filter((event) => event.EventType === type).length;
  return {
    activities: times(EventType.TaskScheduled),
    timers: times(EventType.TimerCreated),
    children: times(EventType.SubOrchestrationInstanceCreated),
    executions: executions.length,
    episodes: times(EventType.OrchestratorStarted),
  };
}
