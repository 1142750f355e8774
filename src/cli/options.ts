import { parseArgs } from "node:util";
import type { Subject } from "./argument";
import { UsageError } from "./usage-error";

/** One option of a command: how it is written, what it means, how its text is read. */
export interface Option<T> {
  /** What stands for the value in help texts; a flag has none. */
  readonly placeholder?: string;
  readonly meaning: string;
  /** @throws UsageError that names the option, the value and the remedy */
  readonly read: (text: string, name: string) => T;
}

export type Options = Readonly<Record<string, Option<unknown>>>;
export type Given<O extends Options> = { readonly [K in keyof O]?: O[K] extends Option<infer T> ? T : never };

export const flag = (meaning: string): Option<true> => ({ meaning, read: () => true });

export const text = (placeholder: string, meaning: string): Option<string> => ({
  placeholder,
  meaning,
  read(value, name) {
    if (value === "") throw new UsageError(`--${name} "": give it a value: --${name} ${placeholder}`);
    return value;
  },
});

/** Several values, separated by commas. */
export const list = (placeholder: string, meaning: string): Option<readonly string[]> => ({
  placeholder,
  meaning,
  read(value, name) {
    const values = value.split(",").map((part) => part.trim());
    if (values.every((part) => part !== "")) return values;
    throw new UsageError(`--${name} "${value}": a value is empty; give it as ${placeholder}`);
  },
});

/** One of some words, in any case. @param meantBy the right word for a known misspelling */
export const oneOf = <T extends string>(
  words: readonly T[],
  meaning: string,
  meantBy: (text: string) => string | undefined = () => undefined,
): Option<T> => ({
  placeholder: words.join("|"),
  meaning,
  read(value, name) {
    const word = words.find((candidate) => candidate.toLowerCase() === value.toLowerCase());
    if (word !== undefined) return word;
    const meant = words.find((candidate) => candidate === meantBy(value));
    throw new UsageError(`--${name} "${value}": ${meant ? `use "${meant}"` : `give it one of ${words.join(", ")}`}`);
  },
});

export const number = (meaning: string, least: number, most: number, whole = true): Option<number> => ({
  placeholder: "N",
  meaning,
  read(value, name) {
    const parsed = value.trim() === "" ? Number.NaN : Number(value);
    if (parsed >= least && parsed <= most && (!whole || Number.isInteger(parsed))) return parsed;
    throw new UsageError(
      `--${name} "${value}": give it a ${whole ? "whole number" : "number"} from ${least} to ${most}`,
    );
  },
});

export interface Arguments<O extends Options> {
  /** What is given without a dash: as many as the subject allows. */
  readonly texts: readonly string[];
  readonly given: Given<O>;
}

/**
 * Reads a command's arguments against its options.
 *
 * @throws UsageError for the first argument that is none of them or has no usable value, or when the subject is missing
 */
export function readArguments<O extends Options>(
  options: O,
  subject: Subject<unknown>,
  args: readonly string[],
  helpCommand: string,
): Arguments<O> {
  const given: Record<string, unknown> = {};
  const texts: string[] = [];
  for (const token of tokensOf(options, args)) {
    if (token.kind === "positional") {
      if (texts.length >= subject.most) {
        throw new UsageError(`"${token.value}": no such argument; ${helpCommand} lists what there is`);
      }
      texts.push(token.value);
    }
    if (token.kind !== "option") continue;
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (!option) throw new UsageError(`${token.rawName}: no such option; ${helpCommand} lists those there are`);
    if (token.name in given) throw new UsageError(`${token.rawName}: given twice; give it once`);
    given[token.name] = option.read(valueOf(option, token), token.name);
  }
  if (texts.length < subject.least) {
    throw new UsageError(`${subject.placeholder}: missing; ${helpCommand} tells how to give it`);
  }
  return { texts, given: given as Given<O> };
}

interface OptionToken {
  readonly name: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

const tokensOf = (options: Options, args: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { placeholder }]) => [
        name,
        { type: placeholder === undefined ? "boolean" : "string" } as const,
      ]),
    ),
    strict: false,
    tokens: true,
  }).tokens;

function valueOf({ placeholder }: Option<unknown>, { name, value, inlineValue }: OptionToken): string {
  if (placeholder === undefined) {
    if (value === undefined) return "";
    throw new UsageError(`--${name}="${value}": it takes no value; write --${name}`);
  }
  if (value === undefined) throw new UsageError(`--${name} has no value: write --${name} ${placeholder}`);
  // One dash may begin a value: a key of Azure Functions, a number below 0.
  if (!inlineValue && value.startsWith("--")) {
    // The value is not told: it may be a key, and what is told may be kept in a log.
    throw new UsageError(
      `--${name} has no value: write --${name} ${placeholder}, or --${name}=${placeholder} if it begins with two dashes`,
    );
  }
  return value;
}
