import { compileExpression, type Row } from "./compile-expression";
import type { Expression, Step } from "./syntax";
import { textOf } from "./values";

/** What a query makes of a row's `id` alone and looks up in one of its lists: rows that are not found there are not kept. */
export interface IdFilter {
  /** Which of the query's lists. */
  readonly list: number;
  readonly caseless: boolean;
  readonly valueOf: (id: string) => string;
}

type RowStage = (row: Row) => Row;

/**
 * Finds the first `where … in (…)` that depends on nothing but the column `id`, whatever the query computes on the way.
 * @param stageOf what an extend or parse step does to one row
 */
export function idFilterOf(steps: readonly Step[], stageOf: (step: Step) => RowStage): IdFilter | undefined {
  let ofId: ReadonlySet<string> = new Set(["id"]);
  const stages: RowStage[] = [];
  for (const step of steps) {
    switch (step.kind) {
      case "where": {
        const found = conjunctsOf(step.condition).find(
          (part) => part.kind === "in" && !part.negated && isOf(ofId, part.value),
        );
        if (found?.kind === "in") {
          const { list, caseless, value } = found;
          return { list, caseless, valueOf: valueReader(value, ofId, stages) };
        }
        break;
      }
      case "extend": {
        const assignments = step.assignments.filter(({ value }) => isOf(ofId, value));
        stages.push(stageOf({ ...step, assignments }));
        const set = new Set(step.assignments.map(({ name }) => name));
        ofId = new Set([...[...ofId].filter((name) => !set.has(name)), ...assignments.map(({ name }) => name)]);
        break;
      }
      case "parse": {
        const names = step.pattern.flatMap((part) => (part.kind === "column" ? [part.name] : []));
        const isRead = isOf(ofId, step.value);
        if (isRead) stages.push(stageOf(step));
        ofId = new Set([...[...ofId].filter((name) => !names.includes(name)), ...(isRead ? names : [])]);
        break;
      }
      case "order":
        break;
      // Fewer rows in the beginning are others in the end, or the columns are no longer those of the table.
      case "take":
      case "project":
        return undefined;
      default:
        return step satisfies never;
    }
  }
  return undefined;
}

function valueReader(value: Expression, columns: ReadonlySet<string>, stages: readonly RowStage[]) {
  const evaluate = compileExpression(value, columns);
  return (id: string): string =>
    textOf(
      evaluate(
        stages.reduce<Row>((row, stage) => stage(row), { id }),
        [],
      ),
    );
}

const conjunctsOf = (condition: Expression): Expression[] =>
  condition.kind === "binary" && condition.operator === "and"
    ? [...conjunctsOf(condition.left), ...conjunctsOf(condition.right)]
    : [condition];

/** Whether it depends on these columns alone. */
function isOf(columns: ReadonlySet<string>, expression: Expression): boolean {
  switch (expression.kind) {
    case "literal":
      return true;
    case "column":
      return columns.has(expression.name);
    case "member":
      return isOf(columns, expression.of);
    case "call":
      return expression.arguments.every((argument) => isOf(columns, argument));
    case "binary":
      return isOf(columns, expression.left) && isOf(columns, expression.right);
    case "in":
      return false;
    default:
      return expression satisfies never;
  }
}
