import { policyJsonSchema } from "./schema";

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
}

let root: Node | undefined;

/** The fields that a policy file may have at a path, of every alternative there; none where names are free. */
export function fieldsAt(path: readonly PropertyKey[]): string[] {
  root ??= policyJsonSchema() as Node;
  let nodes = alternatives(root);
  for (const key of path) {
    nodes = nodes.flatMap((node) => {
      const next = typeof key === "number" ? node.items : node.properties?.[String(key)];
      return next ? alternatives(next) : [];
    });
  }
  return [...new Set(nodes.flatMap(({ properties = {} }) => Object.keys(properties)))];
}

const alternatives = (node: Node): Node[] => [
  node,
  ...[...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap(alternatives),
];
