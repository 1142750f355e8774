import type { Amount } from "../../domain/policy/amount";
import { policyDurationMs } from "../../domain/policy/duration";
import type { TagValues } from "../../domain/policy/policy";

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[], joint = "and"): string {
  const last = items.at(-1) ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} ${joint} ${last}`;
}

export const counted = (number: number, one: string): string => `${number} ${one}${number === 1 ? "" : "s"}`;

/** `2 VMs`, `10% of the VMs`. */
export const amountText = (amount: Amount): string =>
  typeof amount === "number" ? counted(amount, "VM") : `${amount} of the VMs`;

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
] as const;

/** An ISO 8601 duration as people say it: `1 hour 30 minutes`. */
export function durationText(duration: string): string {
  let left = policyDurationMs(duration) ?? 0;
  const parts = UNITS.flatMap(([unit, length]) => {
    const number = Math.floor(left / length);
    left %= length;
    return number === 0 ? [] : [counted(number, unit)];
  });
  return parts.join(" ") || "no time";
}

/** `environment prod or test and ring of any value`. */
export const tagsText = (tags: TagValues, joint = "and"): string =>
  listed(
    Object.entries(tags).map(([name, values]) =>
      values.includes("*") ? `${name} of any value` : `${name} ${listed(values, "or")}`,
    ),
    joint,
  );
