import { readPolicy, problemLine } from "../../src/policy-file/read-policy";
import type { Policy } from "../../src/domain/policy/policy";

export const SUBSCRIPTION = "00000000-0000-4000-8000-000000000001";

/** The least that a policy needs, and more fields in YAML. */
export const policyText = (more = ""): string => `version: 1
name: linux-weekly
scope:
  subscriptions: [${SUBSCRIPTION}]
${more}`;

/** `LINE:COLUMN: field: value: remedy` of everything that is wrong. */
export function problemsOf(text: string): string[] {
  const reading = readPolicy(text);
  return reading.kind === "policy" ? [] : reading.problems.map(problemLine);
}

/** @throws when something is wrong with the text */
export function policyOf(text: string): Policy {
  const reading = readPolicy(text);
  if (reading.kind === "policy") return reading.policy;
  throw new Error(reading.problems.map(problemLine).join("\n"));
}
