import { checkPolicy } from "../contracts/policy/check";
import type { Policy } from "../domain/policy/policy";
import { printable } from "../domain/text";
import { policyHash } from "./policy-hash";
import { readYaml, type Position } from "./yaml-tree";

/** One thing that is wrong with a policy file. */
export interface FileProblem extends Position {
  /** Such as `stages[1].share`; empty where the file as a whole is meant. */
  readonly field: string;
  /** As JSON, cut; `missing` where there is none. Undefined where no value is meant. */
  readonly value?: string;
  /** What to write instead. */
  readonly remedy: string;
}

export type PolicyReading =
  | { readonly kind: "policy"; readonly policy: Policy; readonly hash: string }
  | { readonly kind: "problems"; readonly problems: readonly FileProblem[] };

/** Reads a policy file's text: the policy with its hash, or everything that is wrong, in the order of the text. */
export function readPolicy(text: string): PolicyReading {
  const tree = readYaml(text);
  const problems = tree.problems.map(({ path, position, value, remedy }) => ({
    ...position,
    field: written(path),
    ...(value !== undefined && { value: shown(value) }),
    remedy,
  }));
  // Where nothing could be read, no field is there to be missed.
  if (tree.value === undefined) return { kind: "problems", problems };
  const check = checkPolicy(tree.value);
  if (check.kind === "policy" && problems.length === 0) {
    return { kind: "policy", policy: check.policy, hash: policyHash(check.policy) };
  }
  const more = (check.kind === "problems" ? check.problems : [])
    .filter(({ path }) => !tree.problems.some((known) => known.isLost && isAbove(path, known.path)))
    .map(({ path, remedy, isUnknownField }): FileProblem => ({
      ...tree.positionOf(path, isUnknownField),
      field: written(path),
      value: shown(valueAt(tree.value, path)),
      remedy,
    }));
  return { kind: "problems", problems: [...problems, ...more].sort((a, b) => a.line - b.line || a.column - b.column) };
}

/** `12:5: stages[1].share: "110%": what to write instead`. */
export const problemLine = ({ line, column, field, value, remedy }: FileProblem): string =>
  printable(
    [`${line}:${column}`, ...(field === "" ? [] : [field]), ...(value === undefined ? [] : [value]), remedy].join(": "),
  );

const isAbove = (path: readonly PropertyKey[], other: readonly PropertyKey[]): boolean =>
  path.every((key, index) => key === other[index]);

const PLAIN_NAME = /^[\w.:/-]+$/;

const written = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    const name = PLAIN_NAME.test(String(key)) ? String(key) : JSON.stringify(String(key));
    return text === "" ? name : `${text}.${name}`;
  }, "");

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
  }
  return value;
}

const LONGEST_VALUE = 80;

function shown(value: unknown): string {
  const text = value === undefined ? "missing" : JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 3)}...` : text;
}
