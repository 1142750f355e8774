import type { TypedData } from "./contract";

/** Strings travel as they are, everything else as JSON; the worker parses strings that look like JSON. */
export const toTypedData = (value: unknown): TypedData | null => {
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? { string: value } : { json: JSON.stringify(value) };
};

/**
 * Text for the worker, which tries to parse every string: one that begins with a letter, but for those of true, false and
 * null, is no JSON and is spared the trial, whose failure costs more than a small activity. It reads the same either way.
 */
export const textData = (text: string): TypedData =>
  /^[a-eg-mo-su-zA-Z]/.test(text) ? { json: JSON.stringify(text) } : { string: text };

/** The JSON text of a returned value; `undefined` and functions become `null`, as on the real host. */
export function jsonOf(data: TypedData | null | undefined): string {
  if (!data) return "null";
  if (data.json !== undefined) return data.json;
  if (data.string !== undefined) return JSON.stringify(data.string);
  if (data.int !== undefined) return JSON.stringify(data.int);
  if (data.double !== undefined) return JSON.stringify(data.double);
  if (data.bytes !== undefined) return JSON.stringify(Buffer.from(data.bytes).toString("base64"));
  return "null";
}
