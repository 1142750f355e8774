import { endedTask, EventType, isScheduled, type HistoryEvent, type Scheduled } from "../durable/history";
import type { Instance, InstanceHead } from "../durable/instance";

/** An instance as the management API shows it (real-host: history-variants-and-misc). */
export interface InstanceStatus {
  readonly name: string;
  readonly instanceId: string;
  readonly runtimeStatus: string;
  readonly input: unknown;
  readonly customStatus: unknown;
  readonly output: unknown;
  /** ISO 8601, whole seconds. */
  readonly createdTime: string;
  readonly lastUpdatedTime: string;
  readonly historyEvents?: readonly Record<string, unknown>[];
}

export interface Shown {
  readonly input: boolean;
  /** Of the work in the history. */
  readonly historyOutput: boolean;
}

export function headStatus(head: InstanceHead, { input }: Pick<Shown, "input">): InstanceStatus {
  return {
    name: head.name,
    instanceId: head.instanceId,
    runtimeStatus: head.status,
    input: input && head.input !== null ? parsed(head.input) : null,
    customStatus: parsed(head.customStatus),
    output: parsed(head.output),
    createdTime: wholeSeconds(head.createdAt),
    lastUpdatedTime: wholeSeconds(head.updatedAt),
  };
}

export const instanceStatus = (instance: Instance, shown: Shown): InstanceStatus => ({
  ...headStatus(instance, shown),
  // One that has not begun has none, though it shows what it was started with (real-host: history-variants-and-misc).
  ...(instance.status !== "Pending" && { historyEvents: historyRows(instance, shown) }),
});

const parsed = (json: string): unknown => JSON.parse(json);

const wholeSeconds = (instant: number): string => new Date(instant).toISOString().replace(/\.\d+Z$/, "Z");

/** What waits in the inbox shows too: events raised while an instance is suspended. */
function historyRows(instance: Instance, shown: Shown): Record<string, unknown>[] {
  const events = [...instance.history, ...instance.inbox];
  const scheduled = new Map<number, Scheduled>();
  const ended = new Set<number>();
  for (const event of events) {
    if (isScheduled(event)) scheduled.set(event.EventId, event);
    const taskId = endedTask(event);
    if (taskId !== undefined) ended.add(taskId);
  }
  return events.flatMap((event) => {
    const row = historyRow(event, scheduled, ended, shown);
    return row ? [row] : [];
  });
}

function historyRow(
  event: HistoryEvent,
  scheduled: ReadonlyMap<number, Scheduled>,
  ended: ReadonlySet<number>,
  shown: Shown,
): Record<string, unknown> | undefined {
  const { Timestamp } = event;
  const input = shown.input ? { Input: null } : {};
  switch (event.EventType) {
    case EventType.ExecutionStarted:
      return {
        EventType: "ExecutionStarted",
        ...(shown.input ? { Input: event.Input } : {}),
        Correlation: null,
        ParentTraceContext: null,
        ScheduledStartTime: null,
        Generation: event.Generation,
        GenerateNewTrace: false,
        Timestamp,
        FunctionName: event.Name,
      };
    case EventType.ExecutionCompleted: {
      const { OrchestrationStatus, FailureDetails } = event;
      const Result = shown.historyOutput ? { Result: parsed(event.Result) } : {};
      return { EventType: "ExecutionCompleted", OrchestrationStatus, ...Result, FailureDetails, Timestamp };
    }
    case EventType.ExecutionTerminated:
      return { EventType: "ExecutionTerminated", Input: event.Input, Timestamp };
    case EventType.TaskCompleted:
    case EventType.SubOrchestrationInstanceCompleted: {
      const Result = shown.historyOutput ? { Result: parsed(event.Result) } : {};
      const origin = originOf(scheduled.get(event.TaskScheduledId));
      return { EventType: nameOf(event), ...Result, Timestamp, ...origin, ...input };
    }
    case EventType.TaskFailed:
    case EventType.SubOrchestrationInstanceFailed: {
      const { Reason, Details, FailureDetails } = event;
      const origin = originOf(scheduled.get(event.TaskScheduledId));
      return { EventType: nameOf(event), Reason, Details, FailureDetails, Timestamp, ...origin, ...input };
    }
    case EventType.SubOrchestrationInstanceCreated: {
      if (ended.has(event.EventId)) return undefined;
      const { Name, InstanceId } = event;
      return { EventType: nameOf(event), Name, InstanceId, ...input, ClientSpanId: null, Tags: null, Timestamp };
    }
    case EventType.TimerCreated:
    case EventType.TimerFired:
      return { EventType: nameOf(event), FireAt: event.FireAt, Timestamp };
    case EventType.EventRaised: {
      const { Name, Input } = event;
      return { EventType: "EventRaised", Name, ...(shown.input ? { Input } : {}), ParentTraceContext: null, Timestamp };
    }
    case EventType.ExecutionSuspended:
    case EventType.ExecutionResumed:
      return { EventType: nameOf(event), Reason: event.Reason, Timestamp };
    case EventType.TaskScheduled:
    case EventType.OrchestratorStarted:
    case EventType.OrchestratorCompleted:
      return undefined;
  }
}

function originOf(event: Scheduled | undefined): Record<string, unknown> {
  if (!event || event.EventType === EventType.TimerCreated) return {};
  const { Timestamp: ScheduledTime, Name: FunctionName } = event;
  return { ScheduledTime, FunctionName, ...("InstanceId" in event ? { InstanceId: event.InstanceId } : {}) };
}

const NAMES = new Map<number, string>(Object.entries(EventType).map(([name, number]) => [number, name]));

const nameOf = ({ EventType: type }: HistoryEvent): string => NAMES.get(type) ?? String(type);
