import { readOptions, type Given, type Options } from "./options";

/** Ends with the process's exit code, or throws an OperatorError. */
export type Run = (args: readonly string[]) => Promise<number>;

export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly options: Options;
  readonly run: Run;
}

export const command = <O extends Options>(
  name: string,
  summary: string,
  options: O,
  run: (given: Given<O>) => Promise<number>,
): Command => ({
  name,
  summary,
  options,
  run: (args) => run(readOptions(options, args, `goldpatch ${name} --help`)),
});
