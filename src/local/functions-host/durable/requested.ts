import type { ActivityAction, ActivityRetryAction, SubOrchestratorAction, SubOrchestratorRetryAction } from "./actions";
import { ActionType } from "./actions";
import { EventType, type Scheduled } from "./history";

/** Work that an orchestrator asks for, under the task id that both ends count. */
export interface Requested {
  readonly taskId: number;
  readonly executionId: string;
  readonly work:
    | {
        readonly kind: "call";
        readonly call: ActivityAction | ActivityRetryAction | SubOrchestratorAction | SubOrchestratorRetryAction;
      }
    /** `fireAt` in milliseconds since the epoch. */
    | { readonly kind: "timer"; readonly fireAt: number };
}

/** The history event that records the request. */
export function scheduledEvent({ taskId, executionId, work }: Requested, Timestamp: string): Scheduled {
  if (work.kind === "timer") {
    return {
      EventType: EventType.TimerCreated,
      EventId: taskId,
      FireAt: new Date(work.fireAt).toISOString(),
      Timestamp,
    };
  }
  const { call } = work;
  const Input = call.input === undefined || call.input === null ? null : JSON.stringify(call.input);
  const common = { EventId: taskId, Name: call.functionName, Input, Timestamp };
  if (call.actionType === ActionType.CallActivity || call.actionType === ActionType.CallActivityWithRetry) {
    return { EventType: EventType.TaskScheduled, ...common };
  }
  return {
    EventType: EventType.SubOrchestrationInstanceCreated,
    ...common,
    InstanceId: call.instanceId || `${executionId}:${taskId}`,
    Version: call.version ?? null,
  };
}
