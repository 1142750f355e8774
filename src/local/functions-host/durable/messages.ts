import type { ActivityOutcome } from "./activities";
import type { FinalEnding } from "./episode";
import { EventType, type EpisodeMark, type ExecutionCompleted, type Failure, type Message } from "./history";

/** The messages that wake an orchestration, stamped with the instant at which they were sent. */

export const taskEnded = (taskId: number, outcome: ActivityOutcome, Timestamp: string): Message =>
  outcome.succeeded
    ? { EventType: EventType.TaskCompleted, TaskScheduledId: taskId, Result: outcome.result, Timestamp }
    : { EventType: EventType.TaskFailed, TaskScheduledId: taskId, ...outcome.failure, Timestamp };

export const childCompleted = (taskId: number, Result: string, Timestamp: string): Message => ({
  EventType: EventType.SubOrchestrationInstanceCompleted,
  TaskScheduledId: taskId,
  Result,
  Timestamp,
});

export const childFailed = (taskId: number, failure: Failure, Timestamp: string): Message => ({
  EventType: EventType.SubOrchestrationInstanceFailed,
  TaskScheduledId: taskId,
  ...failure,
  Timestamp,
});

export const timerFired = (TimerId: number, FireAt: string, Timestamp: string): Message => ({
  EventType: EventType.TimerFired,
  TimerId,
  FireAt,
  Timestamp,
});

export const mark = (type: EpisodeMark["EventType"], Timestamp: string): EpisodeMark => ({
  EventType: type,
  Timestamp,
});

export function executionCompleted(ending: FinalEnding, Timestamp: string): ExecutionCompleted {
  const status = ({ completed: "Completed", failed: "Failed", terminated: "Terminated" } as const)[ending.kind];
  return {
    EventType: EventType.ExecutionCompleted,
    OrchestrationStatus: status,
    Result: ending.kind === "completed" ? ending.output : JSON.stringify(ending.failure.Reason),
    FailureDetails: ending.kind === "completed" ? null : ending.failure.FailureDetails,
    Timestamp,
  };
}
