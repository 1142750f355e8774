import { ActionType } from "./actions";
import { EventType, type Scheduled } from "./history";
import type { Requested } from "./requested";

/** The orchestration cannot go on: its code asks for something else than its history says. */
export class NonDeterminismError extends Error {
  override readonly name = "NonDeterminismError";
}

/** @throws NonDeterminismError with the text of the durable task framework (real-host: nondet-kind, management-api). */
export function checkAgainstHistory(event: Scheduled, request: Requested | undefined): void {
  const past = `Non-Deterministic workflow detected: A previous execution of this orchestration scheduled ${inHistory(event)}`;
  const question = "Was a change made to the orchestrator code after this instance had already started running?";
  if (!request) {
    throw new NonDeterminismError(
      `${past} but the current replay execution hasn't (yet?) scheduled this task. ${question}`,
    );
  }
  const { kind, name, action } = inCode(request);
  if (kind !== event.EventType) {
    throw new NonDeterminismError(
      `${past}, but the current orchestration replay instead produced a ${action} action with this sequence number. ${question}`,
    );
  }
  if (event.EventType === EventType.TimerCreated || event.Name === name) return;
  throw new NonDeterminismError(
    `${past}, but the current orchestration replay instead scheduled '${name}' at this sequence number. ${question}`,
  );
}

function inHistory(event: Scheduled): string {
  switch (event.EventType) {
    case EventType.TaskScheduled:
      return `an activity task with sequence number ${event.EventId} named '${event.Name}'`;
    case EventType.SubOrchestrationInstanceCreated:
      return `a sub-orchestration task with sequence number ${event.EventId} named '${event.Name}'`;
    case EventType.TimerCreated:
      return `a timer task with sequence number ${event.EventId}`;
  }
}

function inCode({ work }: Requested): { kind: Scheduled["EventType"]; name: string; action: string } {
  if (work.kind === "timer") {
    return { kind: EventType.TimerCreated, name: "", action: "CreateTimerOrchestratorAction" };
  }
  const { actionType, functionName: name } = work.call;
  return actionType === ActionType.CallActivity || actionType === ActionType.CallActivityWithRetry
    ? { kind: EventType.TaskScheduled, name, action: "ScheduleTaskOrchestratorAction" }
    : {
        kind: EventType.SubOrchestrationInstanceCreated,
        name,
        action: "CreateSubOrchestrationAction",
      };
}
