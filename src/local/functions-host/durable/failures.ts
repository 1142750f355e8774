import { messageOf, stackOf } from "../errors";
import type { OrchestratorState } from "./actions";
import type { Failure, FailureDetails } from "./history";

/** Texts as recorded on extension 3.15.0 (real-host: failCaught, exprops-*, sub-fail-*, start-new). */

/** What the library throws around the state of a failed orchestrator. */
const STATE_MARK = "\n\n$OutOfProcData$:";

/**
 * An activity's failure as its orchestrator sees it. With an exception-properties provider the library puts JSON into
 * the message, and the failure stays one line; without, `Details` is the .NET exception (here only what names the cause).
 */
export function activityFailure(name: string, thrown: unknown): Failure {
  const details = failureDetailsFrom(messageOf(thrown));
  if (details) {
    const Reason = `Activity function '${name}' failed with an unhandled exception.`;
    return { Reason, Details: null, FailureDetails: details };
  }
  const message = messageOf(thrown);
  return {
    Reason: `Activity function '${name}' failed:  ${message}`,
    Details: JSON.stringify({
      ClassName: "System.Exception",
      Message: ` ${message}`,
      InnerException: { RemoteMessage: message, RemoteStackTrace: stackOf(thrown) },
    }),
    FailureDetails: null,
  };
}

/** A killed worker takes its activities with it: they fail, they do not run again (real-host: crash-recovery). */
export function workerKilled(name: string): Failure {
  const Message = "node exited with code 137 (0x89)";
  const $type = "Microsoft.Azure.WebJobs.Script.Workers.WorkerProcessExitException, Microsoft.Azure.WebJobs.Script";
  const Reason = `Activity function '${name}' failed: ${Message}`;
  return { Reason, Details: JSON.stringify({ $type, Message }), FailureDetails: null };
}

function failureDetailsFrom(message: string): FailureDetails | undefined {
  if (!message.startsWith("{")) return undefined;
  try {
    const parsed: unknown = JSON.parse(message);
    if (!isRecord(parsed) || typeof parsed["errorType"] !== "string") return undefined;
    if (typeof parsed["errorMessage"] !== "string" || !isRecord(parsed["properties"])) return undefined;
    return {
      ErrorType: parsed["errorType"],
      ErrorMessage: parsed["errorMessage"],
      StackTrace: typeof parsed["stackTrace"] === "string" ? parsed["stackTrace"] : null,
      InnerFailure: null,
      IsNonRetriable: parsed["isNonRetriable"] === true,
      Properties: parsed["properties"],
    };
  } catch {
    return undefined;
  }
}

export interface OrchestratorFailure {
  /** What the parent is told. */
  readonly failure: Failure;
  /** What the status shows. */
  readonly output: string;
}

export function orchestratorFailure(name: string, state: Pick<OrchestratorState, "error" | "failureDetails">) {
  const error = state.error ?? "";
  const details = state.failureDetails ? wireDetails(state.failureDetails) : null;
  const reason = `Orchestrator function '${name}' failed: ${error}`;
  return failed(reason, `Message: ${error}, StackTrace: `, details);
}

/** The orchestration fails with this text alone. */
export const plainFailure = (text: string): OrchestratorFailure => failed(text, text, null);

export const unknownOrchestrator = (name: string, known: readonly string[]): OrchestratorFailure =>
  plainFailure(
    `Orchestrator function '${name}' failed: The function '${name}' doesn't exist, is disabled, or is not an orchestrator ` +
      `function. Additional info: The following are the known orchestrator functions: ` +
      `${known.map((each) => `'${each}'`).join(", ")}.`,
  );

const failed = (Reason: string, Details: string, details: FailureDetails | null): OrchestratorFailure => ({
  failure: { Reason, Details, FailureDetails: details },
  output: details ? `${details.ErrorType}: ${details.ErrorMessage}` : Reason,
});

/** The library sends back the Pascal-cased fields that it was given. */
function wireDetails(value: Record<string, unknown>): FailureDetails {
  const text = (field: string): string | null => (typeof value[field] === "string" ? value[field] : null);
  const inner = value["InnerFailure"];
  const properties = value["Properties"];
  return {
    ErrorType: text("ErrorType") ?? "Error",
    ErrorMessage: text("ErrorMessage") ?? "",
    StackTrace: text("StackTrace"),
    InnerFailure: isRecord(inner) ? wireDetails(inner) : null,
    IsNonRetriable: value["IsNonRetriable"] === true,
    Properties: isRecord(properties) ? properties : null,
  };
}

/** The state behind a thrown orchestrator failure; undefined when the throw did not come from the library. */
export function stateFromThrown(thrown: unknown): OrchestratorState | undefined {
  const [, json] = messageOf(thrown).split(STATE_MARK, 2);
  return json === undefined ? undefined : (JSON.parse(json) as OrchestratorState);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
