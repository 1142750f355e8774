import type { Subject } from "./argument";
import { readArguments, type Given, type Options } from "./options";

export interface Command {
  /** One word, or two where commands belong together: "policy validate". */
  readonly name: string;
  readonly summary: string;
  /** What the command is about. */
  readonly subject: Subject<unknown>;
  readonly options: Options;
  /** Ends with the process's exit code, or throws an OperatorError. */
  readonly run: (args: readonly string[]) => Promise<number>;
}

export const command = <S, O extends Options>(
  name: string,
  summary: string,
  subject: Subject<S>,
  options: O,
  run: (subject: S, given: Given<O>) => Promise<number>,
): Command => ({
  name,
  summary,
  subject,
  options,
  run(args) {
    const { texts, given } = readArguments(options, subject, args, `goldpatch ${name} --help`);
    return run(subject.read(texts), given);
  },
});
