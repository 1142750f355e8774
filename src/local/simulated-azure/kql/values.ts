/** A scalar of a query: null for what is missing; objects and arrays are dynamic values. */
export type Value = string | number | boolean | null | Date | Readonly<Record<string, unknown>> | readonly unknown[];

export function valueOf(raw: unknown): Value {
  if (raw === undefined || raw === null) return null;
  if (typeof raw === "string" || typeof raw === "number" || typeof raw === "boolean") return raw;
  return raw as Value;
}

/** `tostring`: nothing becomes the empty string, a dynamic value its JSON. */
export function textOf(value: Value): string {
  if (value === null) return "";
  if (typeof value === "string") return value;
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

export function memberOf(value: Value, key: string | number): Value {
  if (typeof value !== "object" || value === null || value instanceof Date) return null;
  return valueOf(Reflect.get(value, key));
}

/** Less than, equal or greater; undefined for values that have no order. */
export function compare(left: Value, right: Value): number | undefined {
  if (left === null || right === null) return undefined;
  const [one, other] = left instanceof Date || right instanceof Date ? [dateOf(left), dateOf(right)] : [left, right];
  if (typeof one === "number" && typeof other === "number") return one - other;
  if (typeof one === "boolean" && typeof other === "boolean") return Number(one) - Number(other);
  const [a, b] = [textOf(one), textOf(other)];
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Milliseconds since the epoch, or null. */
const dateOf = (value: Value): Value => {
  const instant = value instanceof Date ? value.getTime() : Date.parse(textOf(value));
  return Number.isNaN(instant) ? null : instant;
};
