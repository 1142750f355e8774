import {
  Composer,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  Parser,
  type CST,
  type Document,
  type Node,
} from "yaml";

/** In the text; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Something in the text that no policy can hold. */
export interface TextProblem {
  readonly path: readonly PropertyKey[];
  readonly position: Position;
  /** As written; undefined where the text as a whole is meant. */
  readonly value?: unknown;
  readonly remedy: string;
  /** What stands there is not in the tree's value, so that nothing else can be said of it. */
  readonly isLost?: true;
}

export interface YamlTree {
  /** Plain objects, arrays, texts, finite numbers, booleans and null. */
  readonly value: unknown;
  readonly problems: readonly TextProblem[];
  /** Where the field at a path stands, or what is nearest above it. `ofName`: where its name does. */
  readonly positionOf: (path: readonly PropertyKey[], ofName?: boolean) => Position;
}

/** A policy with thousands of ids is smaller; reading takes a second at most. */
export const LARGEST_BYTES = 256 * 1024;
/** No list or set of fields of a policy may have as many; telling of each what is wrong with it would take seconds. */
export const MOST_ENTRIES = 1000;
/** Policies have five levels; reading goes one call deeper with each. */
export const DEEPEST_LEVEL = 16;

/**
 * Reads YAML 1.2 (core schema) with the position of each value.
 * Aliases are refused, so a small text never is a large policy; so are tags, names that occur twice or mean something to
 * JavaScript, numbers that cannot be exact, and more than one document.
 */
export function readYaml(text: string): YamlTree {
  const lines = new LineCounter();
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  if (Buffer.byteLength(text) > LARGEST_BYTES) {
    return unread({ line: 1, column: 1 }, `make it smaller: a policy file has at most ${LARGEST_BYTES / 1024} KiB`);
  }
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const tooDeep = tokens.map(depthExceededAt).find((offset) => offset !== undefined);
  if (tooDeep !== undefined) {
    return unread(position(tooDeep), `nest it less: a policy has at most ${DEEPEST_LEVEL} levels`);
  }
  // Names that occur twice are found with their path, and faster, by the reader below.
  const composer = new Composer({
    version: "1.2",
    schema: "core",
    merge: false,
    uniqueKeys: false,
    lineCounter: lines,
  });
  const [document, second] = [...composer.compose(tokens, true, text.length)];
  if (!document) return unread({ line: 1, column: 1 }, "write a policy: the file is empty");
  if (second)
    return unread(position(second.range[0]), "write one document: a policy file has no --- after its beginning");
  return new TreeReader(document, position).read();
}

const unread = (position: Position, remedy: string): YamlTree => ({
  value: undefined,
  problems: [{ path: [], position, remedy }],
  positionOf: () => position,
});

/** Where a document is nested too deep. Without recursion: that is what the depth would break. */
function depthExceededAt(document: CST.Token): number | undefined {
  const open: [CST.Token, number][] = [[document, 0]];
  for (;;) {
    const next = open.pop();
    if (!next) return undefined;
    const [token, depth] = next;
    if (depth > DEEPEST_LEVEL) return token.offset;
    if (token.type === "document" && token.value) open.push([token.value, depth]);
    if (!("items" in token)) continue;
    for (const { key, value } of token.items) {
      if (key) open.push([key, depth + 1]);
      if (value) open.push([value, depth + 1]);
    }
  }
}

interface Place {
  readonly value: Position;
  readonly name: Position;
}

class TreeReader {
  readonly #document: Document.Parsed;
  readonly #position: (offset: number) => Position;
  readonly #places = new Map<string, Place>();
  readonly #problems: TextProblem[] = [];

  constructor(document: Document.Parsed, position: (offset: number) => Position) {
    this.#document = document;
    this.#position = position;
  }

  read(): YamlTree {
    const { contents, errors, warnings } = this.#document;
    for (const { pos, message } of [...errors, ...warnings]) {
      this.#refuse([], pos[0], `mend the YAML: ${message.replaceAll(/\s+/g, " ")}`);
    }
    const start = this.#position(contents?.range[0] ?? 0);
    this.#places.set(keyOf([]), { value: start, name: start });
    const positionOf: YamlTree["positionOf"] = (path, ofName) => this.#positionOf(path, ofName);
    // What stands in text that is no YAML is anybody's guess.
    if (this.#problems.length > 0) return { value: undefined, problems: this.#problems, positionOf };
    if (!isMap(contents)) {
      this.#refuse([], contents?.range[0] ?? 0, 'write the fields of a policy, beginning with "version: 1"');
      return { value: undefined, problems: this.#problems, positionOf };
    }
    const value = this.#valueOf(contents, []);
    return { value, problems: this.#problems, positionOf };
  }

  #positionOf(path: readonly PropertyKey[], ofName = false): Position {
    for (let length = path.length; length >= 0; length -= 1) {
      const place = this.#places.get(keyOf(path.slice(0, length)));
      // What is missing is told where its parent's name stands.
      if (place) return ofName || length < path.length ? place.name : place.value;
    }
    return { line: 1, column: 1 };
  }

  #refuse(path: readonly PropertyKey[], offset: number, remedy: string): void {
    this.#problems.push({ path, position: this.#position(offset), remedy });
  }

  #lose(path: readonly PropertyKey[], offset: number, value: unknown, remedy: string): undefined {
    const known = value === undefined ? {} : { value };
    this.#problems.push({ path, position: this.#position(offset), ...known, remedy, isLost: true });
  }

  #valueOf(node: Node | null, path: readonly PropertyKey[]): unknown {
    const offset = node?.range?.[0] ?? 0;
    if (isAlias(node)) {
      return this.#lose(path, offset, `*${node.source}`, "write the value out: aliases are not read");
    }
    if ((isMap(node) || isSeq(node)) && node.items.length > MOST_ENTRIES) {
      return this.#lose(
        path,
        offset,
        undefined,
        `write fewer: ${node.items.length} stand here, at most ${MOST_ENTRIES} may`,
      );
    }
    if (isMap<Node, Node | null>(node)) return this.#objectOf(node.items, path);
    if (isSeq<Node | null>(node)) {
      return node.items.map((item, index) => {
        const at = this.#position(item?.range?.[0] ?? offset);
        this.#places.set(keyOf([...path, index]), { value: at, name: at });
        return this.#valueOf(item, [...path, index]);
      });
    }
    if (!isScalar(node)) return null;
    const { value, source } = node;
    if (typeof value === "number" && !isExact(value)) {
      return this.#lose(path, offset, source, "write a smaller number: this one cannot be kept exactly");
    }
    return value;
  }

  #objectOf(
    pairs: readonly { readonly key: Node; readonly value: Node | null }[],
    path: readonly PropertyKey[],
  ): object {
    const fields = new Map<string, unknown>();
    for (const { key, value } of pairs) {
      const name = this.#nameOf(key, path);
      if (name === undefined) continue;
      const inside = [...path, name];
      const nameAt = key.range?.[0] ?? 0;
      if (fields.has(name)) {
        this.#refuse(inside, nameAt, "remove it: the field is there twice");
        continue;
      }
      const named = this.#position(nameAt);
      this.#places.set(keyOf(inside), { value: value?.range ? this.#position(value.range[0]) : named, name: named });
      fields.set(name, this.#valueOf(value, inside));
    }
    return Object.fromEntries(fields);
  }

  #nameOf(key: Node, path: readonly PropertyKey[]): string | undefined {
    if (!isScalar(key)) {
      this.#refuse(path, key.range?.[0] ?? 0, "write a plain name before the colon");
      return undefined;
    }
    // As written: a tag may be called 2026 or true.
    const name = typeof key.value === "string" ? key.value : (key.source ?? "");
    if (name !== "__proto__") return name;
    this.#refuse([...path, name], key.range?.[0] ?? 0, "remove it: it is no name that a policy may have");
    return undefined;
  }
}

const isExact = (value: number): boolean =>
  Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);

const keyOf = (path: readonly PropertyKey[]): string => JSON.stringify(path);
