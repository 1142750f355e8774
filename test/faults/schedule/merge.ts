export type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Several causes in one VM of a fleet file: objects are joined, lists put one after the other, else the later one wins. */
export function merged(one: Json, other: Json): Json {
  const result: Record<string, unknown> = { ...one };
  for (const [name, value] of Object.entries(other)) {
    const before = result[name];
    if (isObject(before) && isObject(value)) result[name] = merged(before, value);
    else if (Array.isArray(before) && Array.isArray(value))
      result[name] = [...(before as unknown[]), ...(value as unknown[])];
    else result[name] = value;
  }
  return result;
}
