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
