import { textOf, type Value } from "./values";

type ScalarFunction = (values: readonly Value[]) => Value;

const first = (values: readonly Value[]): Value => values[0] ?? null;
const isEmpty = (value: Value): boolean => value === null || value === "";

function toBool(value: Value): Value {
  if (typeof value === "boolean") return value;
  if (typeof value === "number") return value !== 0;
  const word = textOf(value).toLowerCase();
  if (word === "true" || word === "1") return true;
  return word === "false" || word === "0" ? false : null;
}

function toNumber(value: Value): Value {
  const number = typeof value === "boolean" ? Number(value) : Number.parseFloat(textOf(value));
  return Number.isNaN(number) ? null : Math.trunc(number);
}

function toDateTime(value: Value): Value {
  if (value instanceof Date) return value;
  const date = new Date(textOf(value));
  return value === null || Number.isNaN(date.getTime()) ? null : date;
}

/** `case(condition, value, …, otherwise)` */
function choose(values: readonly Value[]): Value {
  for (let index = 0; index + 1 < values.length; index += 2) {
    if (values[index] === true) return values[index + 1] ?? null;
  }
  return values.at(-1) ?? null;
}

/** The functions that Goldpatch's queries and their documented relatives use; Kusto names are case-sensitive. */
export const FUNCTIONS: ReadonlyMap<string, ScalarFunction> = new Map<string, ScalarFunction>([
  ["tostring", (values) => textOf(first(values))],
  ["tolower", (values) => textOf(first(values)).toLowerCase()],
  ["toupper", (values) => textOf(first(values)).toUpperCase()],
  ["tobool", (values) => toBool(first(values))],
  ["toint", (values) => toNumber(first(values))],
  ["tolong", (values) => toNumber(first(values))],
  ["todatetime", (values) => toDateTime(first(values))],
  ["isempty", (values) => isEmpty(first(values))],
  ["isnotempty", (values) => !isEmpty(first(values))],
  ["isnull", (values) => first(values) === null],
  ["isnotnull", (values) => first(values) !== null],
  ["not", (values) => (typeof first(values) === "boolean" ? first(values) !== true : null)],
  ["case", choose],
  ["iff", choose],
  ["coalesce", (values) => values.find((value) => !isEmpty(value)) ?? null],
]);
