import { KqlError } from "./kql-error";
import type { Token } from "./lexer";
import { parseExpression } from "./parse-expression";
import type { Assignment, Expression, PatternPart, Query, SortKey, Step } from "./syntax";
import { TokenReader } from "./token-reader";

/** @throws KqlError that names what cannot be evaluated */
export function parseQuery(tokens: readonly Token[]): Query {
  const reader = new TokenReader(tokens);
  const table = reader.name("a table");
  const steps: Step[] = [];
  while (reader.skip("|")) steps.push(step(reader));
  if (reader.peek().kind !== "end") throw reader.unexpected("'|'");
  return { table, steps };
}

function step(reader: TokenReader): Step {
  const word = reader.name("an operator");
  const operator = reader.is("-") && reader.peek(1).kind === "name" ? `${word}-${reader.peek(1).text}` : word;
  switch (operator) {
    case "where":
      return { kind: "where", condition: parseExpression(reader) };
    case "extend":
      return { kind: "extend", assignments: assignments(reader) };
    case "project":
      return { kind: "project", assignments: assignments(reader) };
    case "parse":
      return parseStep(reader);
    case "order":
    case "sort":
      reader.expect("by");
      return { kind: "order", keys: separated(reader, sortKey) };
    case "take":
    case "limit":
      return { kind: "take", count: takeCount(reader) };
    default:
      throw new KqlError(`the operator '${operator}' is not simulated`);
  }
}

function separated<Item>(reader: TokenReader, item: (reader: TokenReader, index: number) => Item): Item[] {
  const items: Item[] = [];
  do items.push(item(reader, items.length));
  while (reader.skip(","));
  return items;
}

const assignments = (reader: TokenReader): Assignment[] =>
  separated(reader, (_, index) => {
    if (reader.peek().kind === "name" && reader.is("=", 1)) {
      const name = reader.next().text;
      reader.expect("=");
      return { name, value: parseExpression(reader) };
    }
    const value = parseExpression(reader);
    return { name: impliedName(value) ?? `Column${index + 1}`, value };
  });

/** Kusto names a column after the path it reads, also inside a conversion. */
function impliedName(value: Expression): string | undefined {
  if (value.kind === "column") return value.name;
  if (value.kind === "member") {
    const owner = impliedName(value.of);
    return owner === undefined ? undefined : `${owner}_${value.key}`;
  }
  const [only] = value.kind === "call" && value.name.startsWith("to") ? value.arguments : [];
  return only && impliedName(only);
}

function parseStep(reader: TokenReader): Step {
  if (reader.is("kind") && reader.is("=", 1)) {
    reader.next();
    reader.next();
    const kind = reader.name("a kind");
    if (kind !== "simple") throw new KqlError(`the operator 'parse kind=${kind}' is not simulated`);
  }
  const value = parseExpression(reader);
  reader.expect("with");
  const pattern: PatternPart[] = [];
  while (!reader.is("|") && reader.peek().kind !== "end") pattern.push(patternPart(reader));
  return { kind: "parse", value, pattern };
}

function patternPart(reader: TokenReader): PatternPart {
  if (reader.skip("*")) return { kind: "anything" };
  if (reader.peek().kind === "string") return { kind: "literal", text: reader.next().text };
  const name = reader.name("a column of the pattern");
  if (reader.is(":")) throw new KqlError("typed columns in 'parse' are not simulated");
  return { kind: "column", name };
}

function sortKey(reader: TokenReader): SortKey {
  const by = parseExpression(reader);
  const descending = !reader.skip("asc");
  if (descending) reader.skip("desc");
  if (!reader.skip("nulls")) return { by, descending, nullsFirst: !descending };
  const nullsFirst = reader.skip("first");
  if (!nullsFirst) reader.expect("last");
  return { by, descending, nullsFirst };
}

function takeCount(reader: TokenReader): number {
  if (reader.peek().kind !== "number") throw reader.unexpected("a number of rows");
  return Number(reader.next().text);
}
