import { redacted } from "./domain/redact";

/** An error whose message is for the operator: it names the field, the value and the remedy. */
export class OperatorError extends Error {
  override readonly name: string = "OperatorError";
}

/** Settings that cannot be used, all of them at once. */
export class ConfigurationError extends OperatorError {
  override readonly name = "ConfigurationError";
  constructor(readonly problems: readonly string[]) {
    super(`Goldpatch cannot start:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
  }
}

/**
 * A failure as it may leave the app, for whoever runs it writes it down: into logs, and into the history of an
 * orchestration. Name, message and stack stay, without secrets; what hangs on to it (a request with its headers) does not.
 */
export function presentable(failure: unknown): Error {
  if (!(failure instanceof Error)) return new Error(redacted(String(failure)));
  const presented = new Error(redacted(failure.message));
  presented.name = failure.name;
  presented.stack = redacted(failure.stack ?? "");
  return presented;
}
