import { policyJsonSchema } from "./schema";

/** The part of JSON Schema that zod writes for policies. */
interface Node {
  readonly type?: string;
  /** What kind of text it is. */
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: string | number;
  readonly enum?: readonly (string | number)[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly required?: readonly string[];
}

/** docs/policy.schema.json, for editors. */
export const policySchemaDocument = (): object => ({ title: "Goldpatch policy", ...policyJsonSchema() });

/** The table of fields in docs/policy.md: field, value, default, meaning. */
export function policyFieldRows(): string[][] {
  return new FieldTable().rowsOf(policyJsonSchema(), "");
}

class FieldTable {
  /** Fields of the same kind are told once: the four hooks. */
  readonly #told = new Set<string>();

  rowsOf(node: Node, path: string): string[][] {
    const inside = node.items ?? node;
    const fields = new Map<string, Node>();
    for (const one of [inside, ...(inside.oneOf ?? [])]) {
      for (const [name, field] of Object.entries(one.properties ?? {}))
        fields.set(name, merged(fields.get(name), field));
    }
    if (fields.size === 0) return [];
    const kind = JSON.stringify([...fields]);
    if (this.#told.has(kind)) return [];
    this.#told.add(kind);
    const prefix = `${path}${node.items ? "[]" : ""}${path === "" ? "" : "."}`;
    return [...fields].flatMap(([name, field]) => [
      // The words of the Compute API have their own documents.
      ...(field.description === undefined ? [] : [rowOf(`${prefix}${name}`, field, isRequired(inside, name))]),
      ...this.rowsOf(field, `${prefix}${name}`),
    ]);
  }
}

/** A field that several alternatives have: all their values. */
function merged(one: Node | undefined, other: Node): Node {
  if (other.const === undefined || !one) return one ?? other;
  return {
    ...one,
    enum: [...(one.enum ?? []), ...(one.const === undefined ? [] : [one.const]), other.const].filter(
      (value, index, all) => all.indexOf(value) === index,
    ),
  };
}

const isRequired = ({ required = [], oneOf = [] }: Node, name: string): boolean =>
  required.includes(name) || (oneOf.length > 0 && oneOf.every((one) => one.required?.includes(name)));

const rowOf = (path: string, field: Node, required: boolean): string[] => [
  `\`${path}\``,
  valueText(field),
  required ? "required" : defaultText(field.default),
  (field.description ?? "").replaceAll("|", "\\|"),
];

/** A list of all that there is says less than the meaning does. */
const LONGEST_DEFAULT = 60;

function defaultText(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value ?? "");
  return ["", '""', "[]", "{}"].includes(text) || text.length > LONGEST_DEFAULT ? "" : `\`${text}\``;
}

function valueText({
  title,
  enum: values,
  const: only,
  type,
  minimum,
  maximum,
  anyOf,
  oneOf,
  items,
  properties,
}: Node): string {
  if (title !== undefined) return title;
  if (values) return values.map((value) => `\`${String(value)}\``).join(", ");
  if (only !== undefined) return `\`${String(only)}\``;
  if (anyOf) return [...new Set(anyOf.map(valueText))].join(" or ");
  if (items?.title !== undefined) return `list of ${items.title}s`;
  if (items) return items.enum ? `list of ${valueText(items)}` : "list";
  if (type === "integer") return `${minimum} to ${maximum}`;
  if (type === "boolean") return "`true`, `false`";
  if (type === "object" || oneOf || properties) return "fields";
  return "text";
}
