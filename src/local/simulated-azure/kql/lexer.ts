import { KqlError } from "./kql-error";

export type TokenKind = "name" | "string" | "number" | "sign" | "end";

export interface Token {
  readonly kind: TokenKind;
  /** Unquoted for strings. */
  readonly text: string;
  readonly position: number;
}

const BLANK = /(?:\s+|\/\/[^\n]*)+/y;
const NAME = /[A-Za-z_]\w*/y;
const NUMBER = /\d+(?:\.\d+)?/y;
const STRING = /@"(?:[^"]|"")*"|@'(?:[^']|'')*'|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/y;
const SIGN = /!in~|in~|!(?:in|contains|has|startswith|endswith)\b|==|!=|=~|!~|<=|>=|[|()[\],.:=<>*+\-/%]/y;
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

export function tokenize(query: string): readonly Token[] {
  const tokens: Token[] = [];
  let position = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position;
    return pattern.exec(query)?.[0];
  };
  while (position < query.length) {
    const blank = match(BLANK);
    if (blank !== undefined) {
      position += blank.length;
      continue;
    }
    const [kind, text] = next(match);
    if (text === undefined) throw new KqlError(`unexpected '${query.charAt(position)}' at position ${position}`);
    tokens.push({ kind, text: kind === "string" ? unquoted(text) : text, position });
    position += text.length;
  }
  return [...tokens, { kind: "end", text: "", position }];
}

function next(match: (pattern: RegExp) => string | undefined): [TokenKind, string | undefined] {
  const string = match(STRING);
  if (string !== undefined) return ["string", string];
  const sign = match(SIGN);
  if (sign !== undefined) return ["sign", sign];
  const name = match(NAME);
  return name === undefined ? ["number", match(NUMBER)] : ["name", name];
}

function unquoted(text: string): string {
  if (text.startsWith("@")) {
    const quote = text.charAt(1);
    return text.slice(2, -1).replaceAll(quote + quote, quote);
  }
  return text.slice(1, -1).replace(/\\(.)/g, (_, escaped: string) => ESCAPES[escaped] ?? escaped);
}
