import { ConfigurationError, OperatorError } from "../errors";
import { HostStartError } from "../local/functions-host";
import { UsageError } from "./usage-error";

export interface Fault {
  readonly line: string;
  readonly exitCode: number;
}

const USAGE = 2;
const FAILURE = 1;

/** What the operator reads of an error, and the exit code: 2 when the input cannot be used, otherwise 1. */
export function faultOf(failure: unknown): Fault {
  if (failure instanceof ConfigurationError) return { line: failure.problems.join("; "), exitCode: USAGE };
  if (failure instanceof UsageError) return { line: oneLine(failure.message), exitCode: USAGE };
  const known = failure instanceof OperatorError || failure instanceof HostStartError;
  const message = oneLine(failure instanceof Error ? failure.message : String(failure));
  return { line: known ? message : `unexpected: ${message}; please report it`, exitCode: FAILURE };
}

const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*(?:- )?/g, "; ");
