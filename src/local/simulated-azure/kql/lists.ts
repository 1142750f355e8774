import type { Token } from "./lexer";

export interface Lifted {
  /** The query's tokens with each list of strings replaced by one token. */
  readonly tokens: readonly Token[];
  readonly lists: readonly (readonly string[])[];
  /** Equal for queries that differ in their lists alone. */
  readonly key: string;
}

const IN_SIGNS = new Set(["in", "in~", "!in", "!in~"]);

/** Takes the lists of `in (…)` out of a query, so that its plan can be used again for other ids. */
export function liftLists(tokens: readonly Token[]): Lifted {
  const kept: Token[] = [];
  const lists: string[][] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (!token) break;
    kept.push(token);
    if (token.kind === "string" || !IN_SIGNS.has(token.text)) continue;
    const list = stringsAt(tokens, index + 1);
    if (!list) continue;
    kept.push({ kind: "number", text: String(lists.length), position: token.position });
    lists.push(list);
    index += 1 + Math.max(1, list.length * 2);
  }
  return { tokens: kept, lists, key: JSON.stringify(kept.map(({ kind, text }) => [kind, text])) };
}

/** The strings of `( 'a', 'b' )` at this place, or undefined if something else stands there. */
function stringsAt(tokens: readonly Token[], start: number): string[] | undefined {
  const list: string[] = [];
  const isSign = (index: number, text: string): boolean => {
    const token = tokens[index];
    return token?.kind === "sign" && token.text === text;
  };
  if (!isSign(start, "(")) return undefined;
  if (isSign(start + 1, ")")) return list;
  for (let index = start + 1; ; index += 2) {
    const item = tokens[index];
    if (item?.kind !== "string") return undefined;
    list.push(item.text);
    if (isSign(index + 1, ")")) return list;
    if (!isSign(index + 1, ",")) return undefined;
  }
}
