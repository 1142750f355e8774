import type { ZodError } from "zod";
import { UsageError } from "./usage-error";

/**
 * Refuses the option that a field of the API came from.
 *
 * @param options by the field's path, without positions in lists
 * @param given the options' values
 */
export function refusedOption(
  { issues: [issue] }: ZodError,
  options: Readonly<Record<string, string>>,
  given: object,
): UsageError {
  const field = issue?.path.filter((part) => typeof part === "string").join(".") ?? "";
  const name = options[field] ?? field;
  return new UsageError(`--${name} "${String(Reflect.get(given, name))}": ${issue?.message ?? "cannot be used"}`);
}
