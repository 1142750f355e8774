import { FUNCTIONS } from "./functions";
import { KqlError } from "./kql-error";
import type { Expression } from "./syntax";
import { compare, memberOf, textOf, valueOf, type Value } from "./values";

export type Row = Readonly<Record<string, unknown>>;

/** A list of an `in`, as given and in lower case. */
export interface List {
  readonly exact: ReadonlySet<string>;
  readonly lower: ReadonlySet<string>;
}

export type Evaluation = (row: Row, lists: readonly List[]) => Value;

type Comparison = (left: Value, right: Value) => Value;

const lower = (value: Value): string => textOf(value).toLowerCase();

/** Kusto: two nulls compare to null; null and something are different. */
const equal: Comparison = (left, right) => {
  if (left === null && right === null) return null;
  return compare(left, right) === 0;
};

const ordered =
  (holds: (difference: number) => boolean): Comparison =>
  (left, right) => {
    const difference = compare(left, right);
    return difference === undefined ? null : holds(difference);
  };

const negated =
  (comparison: Comparison): Comparison =>
  (left, right) => {
    const result = comparison(left, right);
    return result === null ? null : result !== true;
  };

/** `has` finds whole terms: runs of letters and digits. */
const has: Comparison = (left, right) => {
  const wanted = lower(right).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}])${wanted}(?![\\p{L}\\p{N}])`, "u").test(lower(left));
};
const caseless: Comparison = (left, right) => lower(left) === lower(right);
const contains: Comparison = (left, right) => lower(left).includes(lower(right));
const startsWith: Comparison = (left, right) => lower(left).startsWith(lower(right));
const endsWith: Comparison = (left, right) => lower(left).endsWith(lower(right));

const COMPARISONS: ReadonlyMap<string, Comparison> = new Map([
  ["==", equal],
  ["!=", negated(equal)],
  ["=~", caseless],
  ["!~", negated(caseless)],
  ["<", ordered((difference) => difference < 0)],
  ["<=", ordered((difference) => difference <= 0)],
  [">", ordered((difference) => difference > 0)],
  [">=", ordered((difference) => difference >= 0)],
  ["contains", contains],
  ["!contains", negated(contains)],
  ["has", has],
  ["!has", negated(has)],
  ["startswith", startsWith],
  ["!startswith", negated(startsWith)],
  ["endswith", endsWith],
  ["!endswith", negated(endsWith)],
  ["and", (left, right) => left === true && right === true],
  ["or", (left, right) => left === true || right === true],
]);

/** @throws KqlError that names an unknown column, function or operator */
export function compileExpression(expression: Expression, columns: ReadonlySet<string>): Evaluation {
  switch (expression.kind) {
    case "literal":
      return () => expression.value;
    case "column":
      if (!columns.has(expression.name)) throw new KqlError(`there is no column '${expression.name}' here`);
      return (row) => valueOf(row[expression.name]);
    case "member": {
      const owner = compileExpression(expression.of, columns);
      return (row, lists) => memberOf(owner(row, lists), expression.key);
    }
    case "call": {
      const scalar = FUNCTIONS.get(expression.name);
      if (!scalar) throw new KqlError(`the function '${expression.name}' is not simulated`);
      const parts = expression.arguments.map((argument) => compileExpression(argument, columns));
      return (row, lists) => scalar(parts.map((part) => part(row, lists)));
    }
    case "in": {
      const value = compileExpression(expression.value, columns);
      return (row, lists) => {
        const list = lists[expression.list];
        const found = expression.caseless
          ? list?.lower.has(lower(value(row, lists)))
          : list?.exact.has(textOf(value(row, lists)));
        return (found ?? false) !== expression.negated;
      };
    }
    case "binary": {
      const comparison = COMPARISONS.get(expression.operator);
      if (!comparison) throw new KqlError(`the operator '${expression.operator}' is not simulated`);
      const left = compileExpression(expression.left, columns);
      const right = compileExpression(expression.right, columns);
      if (expression.operator === "and") return (row, lists) => left(row, lists) === true && right(row, lists) === true;
      return (row, lists) => comparison(left(row, lists), right(row, lists));
    }
    default:
      return expression satisfies never;
  }
}
