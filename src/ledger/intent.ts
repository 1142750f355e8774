import type { AnswerIds } from "../azure/answers";
import type { AcceptedOperation, RequestIds } from "../azure/compute/operation-starter";
import type { OperationResult } from "../azure/operations/operation-reader";
import type { Ending } from "../contracts/run";
import type { InstallRequest } from "../domain/install/options";
import type { Baseline } from "../domain/operation/adopt";
import type { OperationKind } from "../domain/operation/operation";
import { requestIdOf } from "./keys";

export type IntentState =
  /** May be sent, or was and the answer is not stored yet. */
  | "open"
  | "accepted"
  /** Azure refused it definitely: nothing was started. */
  | "refused"
  /** Never sent, and never will be. */
  | "withheld"
  /** Sent perhaps; Azure shows no trace of it. */
  | "untraced";

/** Written before a mutating POST. Only who inserts it may send it. */
export interface Intent {
  readonly runId: string;
  readonly operation: OperationKind;
  readonly attempt: number;
  /** Counts the intents of one attempt: a definite refusal may be followed by another. */
  readonly sequence: number;
  readonly state: IntentState;
  readonly epoch: number;
  readonly baseline: Baseline;
  readonly postNotAfter: number;
  readonly request?: InstallRequest;
  /** When to look at the operation, in milliseconds after it was accepted, as others of its kind took; none if unknown. */
  readonly looks?: readonly number[];
  readonly accepted?: Accepted;
  /** Refused or withheld for now: the next intent may follow at this time of our clock, as every delivery of the start answers. */
  readonly retryAt?: number;
  /** Of Azure's refusal. */
  readonly refusedIds?: AnswerIds;
  /** Refused or withheld for good: every delivery of the start answers this. */
  readonly ending?: Ending;
}

export interface Accepted extends Omit<AcceptedOperation, "pollerState"> {
  readonly pollerState?: string;
  /** Found in the instance view after its answer was lost. */
  readonly adopted: boolean;
  /** Our clock when it was first known. */
  readonly knownSince: number;
  readonly ended?: EndedOperation;
}

export interface EndedOperation {
  /** Unknown: it is over, for its VM is gone, and nobody can say how it ended. */
  readonly state: "succeeded" | "failed" | "unknown";
  readonly at: number;
  readonly source: "operation" | "instanceView";
  readonly result?: OperationResult;
  readonly errorCode?: string;
  readonly errorMessage?: string;
}

export const intentPrefix = (runId: string, operation: OperationKind, attempt: number) =>
  `intent:${runId}:${operation}:${attempt}:`;

/** The key under which an operation is followed. */
export const intentKey = ({
  runId,
  operation,
  attempt,
  sequence,
}: Pick<Intent, "runId" | "operation" | "attempt" | "sequence">): string =>
  `${intentPrefix(runId, operation, attempt)}${String(sequence).padStart(4, "0")}`;

/** The names under which Azure logs an intent's request: the same for the same intent. */
export const requestIdsOf = (intent: Intent): RequestIds => ({
  clientRequestId: requestIdOf(intentKey(intent)),
  correlationRequestId: requestIdOf(intent.runId),
});
