import type { Execution } from "../../src/local/functions-host";
import { EventType } from "../../src/local/functions-host/durable/history";

/** What one run asks of the durable engine, of Azure and of the store. Counted, not priced. */
export interface Counts {
  /** Executions of orchestrations: starts, children, and each chapter that goes on as new. */
  readonly executions: number;
  /** Times that an orchestrator ran. */
  readonly episodes: number;
  readonly activities: number;
  readonly timers: number;
  /** Orchestrations that wait for another's end. */
  readonly children: number;
}

const NONE: Counts = { executions: 0, episodes: 0, activities: 0, timers: 0, children: 0 };

/** The history of what ended tells what was asked for. */
export function countsOf(executions: readonly Execution[]): Counts {
  return executions.map(countsOfOne).reduce(
    (sum, one) => ({
      executions: sum.executions + one.executions,
      episodes: sum.episodes + one.episodes,
      activities: sum.activities + one.activities,
      timers: sum.timers + one.timers,
      children: sum.children + one.children,
    }),
    NONE,
  );
}

function countsOfOne({ history }: Execution): Counts {
  const times = (type: number): number => history.filter(({ EventType }) => EventType === type).length;
  return {
    executions: 1,
    episodes: times(EventType.OrchestratorStarted),
    activities: times(EventType.TaskScheduled),
    timers: times(EventType.TimerCreated),
    children: times(EventType.SubOrchestrationInstanceCreated),
  };
}
