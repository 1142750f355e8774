import { OperatorError } from "../errors";

/** The command line, or a file that it names, cannot be used: nothing was started. Ends with exit code 2. */
export class UsageError extends OperatorError {
  override readonly name: string = "UsageError";
}
