import { readArguments, type Argument, type Given, type Options } from "./options";

/** Ends with the process's exit code, or throws an OperatorError. */
export type Run = (args: readonly string[]) => Promise<number>;

export interface Command {
  /** One word, or two where commands belong together: "policy validate". */
  readonly name: string;
  readonly summary: string;
  /** What the command is about, if it wants to be told. */
  readonly argument?: Argument<unknown>;
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
  run: (args) => run(readArguments(options, undefined, args, helpOf(name)).given),
});

/** A command about one thing, which is its only argument. */
export const commandOn = <A, O extends Options>(
  name: string,
  summary: string,
  argument: Argument<A>,
  options: O,
  run: (subject: A, given: Given<O>) => Promise<number>,
): Command => commandOnEach(name, summary, argument, options, ([subject], given) => run(subject, given));

/** A command about one or more things of a kind, which are all its arguments. */
export const commandOnEach = <A, O extends Options>(
  name: string,
  summary: string,
  argument: Argument<A>,
  options: O,
  run: (subjects: readonly [A, ...A[]], given: Given<O>) => Promise<number>,
): Command => ({
  name,
  summary,
  argument,
  options,
  run(args) {
    const { subjects, given } = readArguments(options, argument, args, helpOf(name));
    const [first = "", ...others] = subjects;
    return run([argument.read(first), ...others.map(argument.read)], given);
  },
});

/** A command about one thing that need not be named. */
export const commandMaybeOn = <A, O extends Options>(
  name: string,
  summary: string,
  argument: Argument<A> & { readonly optional: true },
  options: O,
  run: (subject: A | undefined, given: Given<O>) => Promise<number>,
): Command => ({
  name,
  summary,
  argument,
  options,
  run(args) {
    const { subjects, given } = readArguments(options, argument, args, helpOf(name));
    const [subject] = subjects.map(argument.read);
    return run(subject, given);
  },
});

const helpOf = (name: string): string => `goldpatch ${name} --help`;
