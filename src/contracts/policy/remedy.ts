import type { z } from "zod";
import { nearestName } from "../../domain/nearest";

const kinds: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list, each item on a line of its own after a hyphen",
  object: "fields of its own, indented below it",
  record: "fields of its own, indented below it",
};

/**
 * What to write instead, where the schema has no words of its own: the end of `field: "value": …`.
 * An error map of zod, given to one parse.
 */
export function remedyFor(issue: z.core.$ZodRawIssue): string {
  if (issue.code === "invalid_type") return typeRemedy(kinds[issue.expected] ?? issue.expected, issue.input);
  if (issue.code === "invalid_value") return valuesRemedy(issue.values, issue.input);
  return "write something else; docs/policy.md tells what";
}

function typeRemedy(kind: string, input: unknown): string {
  if (input === undefined) return `add it: ${kind}`;
  if (kind === kinds["string"] && (typeof input === "number" || typeof input === "boolean"))
    return "put it in quotes: it is a text";
  return input === null ? `write ${kind}, or leave the field out` : `write ${kind}`;
}

function valuesRemedy(values: readonly unknown[], input: unknown): string {
  const words = values.map(String);
  const meant = typeof input === "string" ? nearestName(input, words) : undefined;
  const remedy = `${input === undefined ? "add it: " : "write "}${words.length > 1 ? "one of " : ""}${words.join(", ")}`;
  return meant === undefined ? remedy : `${remedy}; did you mean ${meant}?`;
}
