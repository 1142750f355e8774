import { KqlError } from "./kql-error";
import type { Expression } from "./syntax";
import type { TokenReader } from "./token-reader";

const COMPARISONS = new Set(["==", "!=", "=~", "!~", "<", "<=", ">", ">="]);
const WORD_OPERATORS = new Set(["contains", "has", "startswith", "endswith"]);
const LISTS = new Set(["in", "in~", "!in", "!in~"]);
const ARITHMETIC = new Set(["+", "-", "*", "/", "%"]);

export function parseExpression(reader: TokenReader): Expression {
  let left = conjunction(reader);
  while (reader.skip("or")) left = { kind: "binary", operator: "or", left, right: conjunction(reader) };
  return left;
}

function conjunction(reader: TokenReader): Expression {
  let left = comparison(reader);
  while (reader.skip("and")) left = { kind: "binary", operator: "and", left, right: comparison(reader) };
  return left;
}

function comparison(reader: TokenReader): Expression {
  const left = primary(reader);
  const { kind, text } = reader.peek();
  if (kind === "string" || kind === "end") return left;
  const word = text.startsWith("!") ? text.slice(1) : text;
  if (LISTS.has(text)) return membership(reader, left, reader.next().text);
  if (COMPARISONS.has(text) || WORD_OPERATORS.has(word)) {
    return { kind: "binary", operator: reader.next().text, left, right: primary(reader) };
  }
  if (ARITHMETIC.has(text)) throw new KqlError(`the operator '${text}' is not simulated`);
  const ends =
    kind === "sign" || text === "and" || text === "or" || text === "asc" || text === "desc" || text === "nulls";
  if (kind === "name" && !ends && text !== "with") throw new KqlError(`the operator '${text}' is not simulated`);
  return left;
}

function membership(reader: TokenReader, value: Expression, sign: string): Expression {
  if (reader.peek().kind !== "number") throw reader.unexpected("a list of strings");
  return {
    kind: "in",
    negated: sign.startsWith("!"),
    caseless: sign.endsWith("~"),
    value,
    list: Number(reader.next().text),
  };
}

function primary(reader: TokenReader): Expression {
  let expression = atom(reader);
  for (;;) {
    if (reader.skip(".")) expression = { kind: "member", of: expression, key: reader.name("a property") };
    else if (reader.is("[")) expression = { kind: "member", of: expression, key: bracketed(reader) };
    else return expression;
  }
}

function atom(reader: TokenReader): Expression {
  const { kind, text } = reader.peek();
  if (reader.skip("(")) {
    const inner = parseExpression(reader);
    reader.expect(")");
    return inner;
  }
  if (reader.is("[")) return { kind: "column", name: String(bracketed(reader)) };
  if (reader.skip("-")) return { kind: "literal", value: -Number(reader.next().text) };
  if (kind === "string") return { kind: "literal", value: reader.next().text };
  if (kind === "number") return { kind: "literal", value: Number(reader.next().text) };
  const name = reader.name("an expression");
  if (text === "true" || text === "false") return { kind: "literal", value: text === "true" };
  if (!reader.skip("(")) return { kind: "column", name };
  const list: Expression[] = [];
  if (reader.skip(")")) return { kind: "call", name, arguments: list };
  do list.push(parseExpression(reader));
  while (reader.skip(","));
  reader.expect(")");
  return { kind: "call", name, arguments: list };
}

function bracketed(reader: TokenReader): string | number {
  reader.expect("[");
  const { kind, text } = reader.next();
  if (kind !== "string" && kind !== "number")
    throw new KqlError(`a property name or index expected in brackets, found '${text}'`);
  reader.expect("]");
  return kind === "number" ? Number(text) : text;
}
