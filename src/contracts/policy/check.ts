import type { z } from "zod";
import { nearestName } from "../../domain/nearest";
import type { Policy } from "../../domain/policy/policy";
import { crossProblems } from "./cross-checks";
import { fieldsAt } from "./known-fields";
import type { PolicyProblem } from "./problem";
import { remedyFor } from "./remedy";
import { policyOf, policySchema } from "./schema";

export type PolicyCheck =
  | { readonly kind: "policy"; readonly policy: Policy }
  | { readonly kind: "problems"; readonly problems: readonly PolicyProblem[] };

/** Whether a value is a policy, with everything that is wrong with it. */
export function checkPolicy(value: unknown): PolicyCheck {
  const parsed = policySchema.safeParse(value, { error: remedyFor });
  const problems = [...(parsed.error?.issues.flatMap(problemsOf) ?? []), ...crossProblems(soundParts(value))];
  return parsed.success && problems.length === 0
    ? { kind: "policy", policy: policyOf(parsed.data) }
    : { kind: "problems", problems };
}

function problemsOf(issue: z.core.$ZodIssue): PolicyProblem[] {
  if (issue.code === "unrecognized_keys") {
    const known = fieldsAt(issue.path);
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      remedy: unknownField(key, known),
      isNameWrong: true,
    }));
  }
  // A name in a record; why it is none is told one level down.
  if (issue.code === "invalid_key") {
    return issue.issues.map(({ message }) => ({ path: issue.path, remedy: message, isNameWrong: true }));
  }
  // The discriminator of a union: zod tells no values.
  if (issue.code === "invalid_union" && issue.path.at(-1) === "every") {
    return [{ path: issue.path, remedy: "write one of day, week, month" }];
  }
  return [{ path: issue.path, remedy: issue.message }];
}

function unknownField(name: string, known: readonly string[]): string {
  const meant = nearestName(name, known);
  return meant === undefined
    ? `no such field: remove it, or write one of ${known.join(", ")}`
    : `no such field: did you mean ${meant}?`;
}

/** The fields of a policy that can be used, whatever the others are. */
function soundParts(value: unknown): Partial<Policy> {
  const { shape } = policySchema;
  if (typeof value !== "object" || value === null) return {};
  const parts = Object.entries(shape).flatMap(([name, schema]) => {
    const parsed: z.ZodSafeParseResult<unknown> = schema.safeParse(Reflect.get(value, name));
    return parsed.success ? [[name, parsed.data] as const] : [];
  });
  return Object.fromEntries(parts);
}
