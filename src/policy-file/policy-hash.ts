import { createHash } from "node:crypto";
import type { Policy } from "../domain/policy/policy";

/**
 * What a policy says, in 64 hexadecimal digits: SHA-256 of its JSON with all defaults, without spaces, the fields of each
 * object by the code units of their names. Comments, the order of fields, and defaults that are written out change
 * nothing; the order of lists does.
 */
export const policyHash = (policy: Policy): string => createHash("sha256").update(canonicalJson(policy)).digest("hex");

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, inner]) => `${JSON.stringify(name)}:${canonicalJson(inner)}`).join()}}`;
}
