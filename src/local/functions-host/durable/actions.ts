/** What an orchestrator returns: every action since the start of its execution, one a top-level yield. */
export const ActionType = {
  CallActivity: 0,
  CallActivityWithRetry: 1,
  CallSubOrchestrator: 2,
  CallSubOrchestratorWithRetry: 3,
  ContinueAsNew: 4,
  CreateTimer: 5,
  WaitForExternalEvent: 6,
  WhenAny: 11,
  WhenAll: 12,
} as const;

type Numbers = typeof ActionType;

export interface RetryOptions {
  readonly firstRetryIntervalInMilliseconds: number;
  readonly maxNumberOfAttempts: number;
  readonly backoffCoefficient?: number;
  readonly maxRetryIntervalInMilliseconds?: number;
  readonly retryTimeoutInMilliseconds?: number;
}

interface Call {
  readonly functionName: string;
  readonly input?: unknown;
}

interface SubOrchestratorCall extends Call {
  readonly instanceId?: string | null;
  readonly version?: string | null;
}

export type ActivityAction = Call & { readonly actionType: Numbers["CallActivity"] };
export type ActivityRetryAction = Call & {
  readonly actionType: Numbers["CallActivityWithRetry"];
  readonly retryOptions: RetryOptions;
};
export type SubOrchestratorAction = SubOrchestratorCall & { readonly actionType: Numbers["CallSubOrchestrator"] };
export type SubOrchestratorRetryAction = SubOrchestratorCall & {
  readonly actionType: Numbers["CallSubOrchestratorWithRetry"];
  readonly retryOptions: RetryOptions;
};
export interface ContinueAsNewAction {
  readonly actionType: Numbers["ContinueAsNew"];
  readonly input?: unknown;
}
export interface TimerAction {
  readonly actionType: Numbers["CreateTimer"];
  readonly fireAt: string;
  readonly isCanceled: boolean;
}
export interface EventAction {
  readonly actionType: Numbers["WaitForExternalEvent"];
  readonly externalEventName: string;
}
export interface CompoundAction {
  readonly actionType: Numbers["WhenAny"] | Numbers["WhenAll"];
  readonly compoundActions: readonly Action[];
}

export type Action =
  | ActivityAction
  | ActivityRetryAction
  | SubOrchestratorAction
  | SubOrchestratorRetryAction
  | ContinueAsNewAction
  | TimerAction
  | EventAction
  | CompoundAction;

/** The state that the library returns, or puts behind `$OutOfProcData$:` in the message of what it throws. */
export interface OrchestratorState {
  readonly isDone: boolean;
  readonly actions: readonly (readonly Action[])[];
  readonly output?: unknown;
  readonly error?: string;
  readonly customStatus?: unknown;
  readonly failureDetails?: Record<string, unknown>;
}
