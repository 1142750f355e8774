/**
 * History as the durable extension hands it to an orchestrator of `durable-functions` 3.5.0 (schema V3). Field names and
 * numbers are the extension's; `Input` of scheduled work is ours, so that work can be sent again after a restart.
 */
export const EventType = {
  ExecutionStarted: 0,
  ExecutionCompleted: 1,
  ExecutionTerminated: 3,
  TaskScheduled: 4,
  TaskCompleted: 5,
  TaskFailed: 6,
  SubOrchestrationInstanceCreated: 7,
  SubOrchestrationInstanceCompleted: 8,
  SubOrchestrationInstanceFailed: 9,
  TimerCreated: 10,
  TimerFired: 11,
  OrchestratorStarted: 12,
  OrchestratorCompleted: 13,
  EventRaised: 15,
  ExecutionSuspended: 19,
  ExecutionResumed: 20,
} as const;

type Numbers = typeof EventType;

interface Stamp {
  /** ISO 8601 instant of the host's clock. */
  readonly Timestamp: string;
}

/** Failure of an app that has an exception-properties provider. */
export interface FailureDetails {
  readonly ErrorType: string;
  readonly ErrorMessage: string;
  readonly StackTrace: string | null;
  readonly InnerFailure: FailureDetails | null;
  readonly IsNonRetriable: boolean;
  readonly Properties: Readonly<Record<string, unknown>> | null;
}

export interface ExecutionStarted extends Stamp {
  readonly EventType: Numbers["ExecutionStarted"];
  readonly Name: string;
  readonly Version: string | null;
  /** JSON text, or null when a parent passed nothing. */
  readonly Input: string | null;
  /** How often this id was started by a client; null for children and for generations of continue-as-new. */
  readonly Generation: number | null;
}

export interface ExecutionCompleted extends Stamp {
  readonly EventType: Numbers["ExecutionCompleted"];
  readonly OrchestrationStatus: "Completed" | "Failed" | "Terminated";
  /** JSON text. */
  readonly Result: string;
  readonly FailureDetails: FailureDetails | null;
}

export interface ExecutionTerminated extends Stamp {
  readonly EventType: Numbers["ExecutionTerminated"];
  readonly Input: string;
}

export interface TaskScheduled extends Stamp {
  readonly EventType: Numbers["TaskScheduled"];
  readonly EventId: number;
  readonly Name: string;
  /** JSON text of the activity's input, or null. */
  readonly Input: string | null;
}

export interface SubOrchestrationCreated extends Stamp {
  readonly EventType: Numbers["SubOrchestrationInstanceCreated"];
  readonly EventId: number;
  readonly Name: string;
  readonly InstanceId: string;
  readonly Input: string | null;
  readonly Version: string | null;
}

export interface TimerCreated extends Stamp {
  readonly EventType: Numbers["TimerCreated"];
  readonly EventId: number;
  readonly FireAt: string;
}

export interface TaskEnded extends Stamp {
  readonly EventType: Numbers["TaskCompleted"] | Numbers["SubOrchestrationInstanceCompleted"];
  readonly TaskScheduledId: number;
  /** JSON text. */
  readonly Result: string;
}

export interface TaskFailed extends Stamp, Failure {
  readonly EventType: Numbers["TaskFailed"] | Numbers["SubOrchestrationInstanceFailed"];
  readonly TaskScheduledId: number;
}

/** The library reads `FailureDetails` if there are any, otherwise `Reason` and `Details` as text. */
export interface Failure {
  readonly Reason: string;
  readonly Details: string | null;
  readonly FailureDetails: FailureDetails | null;
}

export interface TimerFired extends Stamp {
  readonly EventType: Numbers["TimerFired"];
  readonly TimerId: number;
  readonly FireAt: string;
}

export interface EventRaised extends Stamp {
  readonly EventType: Numbers["EventRaised"];
  readonly Name: string;
  /** JSON text. */
  readonly Input: string;
}

export interface EpisodeMark extends Stamp {
  readonly EventType: Numbers["OrchestratorStarted"] | Numbers["OrchestratorCompleted"];
}

export interface SuspensionChanged extends Stamp {
  readonly EventType: Numbers["ExecutionSuspended"] | Numbers["ExecutionResumed"];
  readonly Reason: string;
}

/** Work that an orchestrator asked for. */
export type Scheduled = TaskScheduled | SubOrchestrationCreated | TimerCreated;

/** What wakes an orchestrator. */
export type Message =
  ExecutionStarted | ExecutionTerminated | TaskEnded | TaskFailed | TimerFired | EventRaised | SuspensionChanged;

export type HistoryEvent = Message | Scheduled | EpisodeMark | ExecutionCompleted;

/** The id of the task that the event ends, if it ends one. */
export function endedTask(event: HistoryEvent): number | undefined {
  if ("TaskScheduledId" in event) return event.TaskScheduledId;
  return "TimerId" in event ? event.TimerId : undefined;
}

/**
 * As the orchestrator is sent it. Events that it did not schedule carry the id -1; those that it did come without input
 * (`storeInputsInOrchestrationHistory` is false by default), which its code gives anew.
 */
export const wireJson = (event: HistoryEvent, isPlayed: boolean): string =>
  JSON.stringify(
    isScheduled(event)
      ? { ...event, Input: undefined, IsPlayed: isPlayed }
      : { EventId: -1, ...event, IsPlayed: isPlayed },
  );

/** Only scheduled work has an id of its own. */
export const isScheduled = (event: HistoryEvent): event is Scheduled => "EventId" in event;

export const isSuspensionChange = (event: HistoryEvent): event is SuspensionChanged =>
  event.EventType === EventType.ExecutionSuspended || event.EventType === EventType.ExecutionResumed;
