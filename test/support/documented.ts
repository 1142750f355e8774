/** A Markdown table's rows below a heading: the code in their first two cells. */
export function codeRows(markdown: string, heading: string): Record<string, string> {
  const [, after = ""] = markdown.split(`\n## ${heading}\n`);
  const [section = ""] = after.split("\n## ");
  return Object.fromEntries(
    [...section.matchAll(/^\| `([^`]+)` *\| `([^`]+)` *\|/gm)].map(([, key = "", value = ""]) => [key, value]),
  );
}

/** Every value of a JSON document by its path. */
export function leavesOf(value: unknown, path = ""): Record<string, string> {
  if (typeof value !== "object" || value === null) return { [path]: String(value) };
  return Object.assign(
    {},
    ...Object.entries(value).map(([name, part]) => leavesOf(part, path === "" ? name : `${path}.${name}`)),
  ) as Record<string, string>;
}
