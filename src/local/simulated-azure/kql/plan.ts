import { compileExpression, type Evaluation, type List, type Row } from "./compile-expression";
import { idFilterOf, type IdFilter } from "./id-filter";
import { KqlError } from "./kql-error";
import { tokenize } from "./lexer";
import { liftLists } from "./lists";
import { parseQuery } from "./parse-query";
import type { Assignment, PatternPart, SortKey, Step } from "./syntax";
import { compare, textOf } from "./values";

type Stage = (rows: readonly Row[], lists: readonly List[]) => readonly Row[];

export interface Plan {
  readonly table: string;
  readonly columns: readonly string[];
  /** Whether `take` limits the rows, which rules out paging. */
  readonly limited: boolean;
  readonly stages: readonly Stage[];
  /** By which rows may be left out before the query is run. */
  readonly idFilter: IdFilter | undefined;
}

export interface RunnableQuery {
  readonly plan: Plan;
  /** Every string that the query holds. */
  readonly strings: readonly string[];
  /** The lists of the query's `in (…)`, in order. */
  readonly lists: readonly List[];
  run(rows: readonly Row[]): readonly Row[];
}

const KEPT_PLANS = 200;

/** Turns query texts into plans and keeps them; queries that differ in their lists alone share one. */
export class Planner {
  readonly #tables: ReadonlyMap<string, readonly string[]>;
  readonly #plans = new Map<string, Plan>();

  /** @param tables - names in lower case and their columns */
  constructor(tables: ReadonlyMap<string, readonly string[]>) {
    this.#tables = tables;
  }

  /** @throws KqlError */
  plan(query: string): RunnableQuery {
    const { tokens, lists, key } = liftLists(tokenize(query));
    const plan = this.#plans.get(key) ?? this.#compile(tokens);
    if (this.#plans.size >= KEPT_PLANS) this.#plans.clear();
    this.#plans.set(key, plan);
    const sets = lists.map((list) => ({
      exact: new Set(list),
      lower: new Set(list.map((item) => item.toLowerCase())),
    }));
    const literals = tokens.filter(({ kind }) => kind === "string").map(({ text }) => text);
    const strings = [...literals, ...lists.flat()];
    return { plan, strings, lists: sets, run: (rows) => plan.stages.reduce((kept, stage) => stage(kept, sets), rows) };
  }

  #compile(tokens: ReturnType<typeof tokenize>): Plan {
    const query = parseQuery(tokens);
    const table = query.table.toLowerCase();
    let columns = this.#tables.get(table);
    if (!columns) throw new KqlError(`there is no table '${query.table}'`);
    const stages: Stage[] = [];
    const all = new Set(columns);
    for (const step of query.steps) {
      const [stage, after] = compileStep(step, columns);
      stages.push(stage);
      columns = after;
      for (const column of columns) all.add(column);
    }
    const idFilter = idFilterOf(query.steps, (step) => {
      const [stage] = compileStep(step, [...all]);
      return (row) => stage([row], [])[0] ?? row;
    });
    return { table, columns, stages, idFilter, limited: query.steps.some(({ kind }) => kind === "take") };
  }
}

function compileStep(step: Step, columns: readonly string[]): [Stage, readonly string[]] {
  const known = new Set(columns);
  switch (step.kind) {
    case "where": {
      const condition = compileExpression(step.condition, known);
      return [(rows, lists) => rows.filter((row) => condition(row, lists) === true), columns];
    }
    case "extend": {
      const values = evaluations(step.assignments, known);
      const added = step.assignments.map(({ name }) => name).filter((name) => !known.has(name));
      return [
        (rows, lists) => rows.map((row) => ({ ...row, ...assigned(values, row, lists) })),
        [...columns, ...added],
      ];
    }
    case "project": {
      const values = evaluations(step.assignments, known);
      return [(rows, lists) => rows.map((row) => assigned(values, row, lists)), values.map(([name]) => name)];
    }
    case "parse": {
      const value = compileExpression(step.value, known);
      const read = patternReader(step.pattern);
      const added = namesOf(step.pattern).filter((name) => !known.has(name));
      return [
        (rows, lists) => rows.map((row) => ({ ...row, ...read(textOf(value(row, lists))) })),
        [...columns, ...added],
      ];
    }
    case "order":
      return [orderStage(step.keys, known), columns];
    case "take":
      return [(rows) => rows.slice(0, step.count), columns];
    default:
      return step satisfies never;
  }
}

const evaluations = (assignments: readonly Assignment[], columns: ReadonlySet<string>): [string, Evaluation][] =>
  assignments.map(({ name, value }) => [name, compileExpression(value, columns)]);

const assigned = (values: readonly [string, Evaluation][], row: Row, lists: readonly List[]): Row =>
  Object.fromEntries(values.map(([name, value]) => [name, value(row, lists)]));

const namesOf = (pattern: readonly PatternPart[]): string[] =>
  pattern.flatMap((part) => (part.kind === "column" ? [part.name] : []));

/** `parse` is case-sensitive and covers the whole text; where the pattern does not fit, the columns are empty. */
function patternReader(pattern: readonly PatternPart[]): (text: string) => Row {
  const source = pattern.map((part) => {
    if (part.kind === "literal") return part.text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return part.kind === "column" ? "([\\s\\S]*?)" : "[\\s\\S]*?";
  });
  const expression = new RegExp(`^${source.join("")}$`);
  const names = namesOf(pattern);
  return (text) => {
    const match = expression.exec(text);
    return Object.fromEntries(names.map((name, index) => [name, match?.[index + 1] ?? ""]));
  };
}

function orderStage(keys: readonly SortKey[], columns: ReadonlySet<string>): Stage {
  const compiled = keys.map((key) => ({ ...key, value: compileExpression(key.by, columns) }));
  return (rows, lists) =>
    rows
      .map((row) => ({ row, values: compiled.map(({ value }) => value(row, lists)) }))
      .sort((one, other) => {
        for (const [index, key] of compiled.entries()) {
          const [left, right] = [one.values[index] ?? null, other.values[index] ?? null];
          if (left === null && right === null) continue;
          if (left === null || right === null) return (left === null) === key.nullsFirst ? -1 : 1;
          const difference = compare(left, right) ?? 0;
          if (difference !== 0) return key.descending ? -difference : difference;
        }
        return 0;
      })
      .map(({ row }) => row);
}
