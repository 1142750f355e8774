import type { HttpResponseInit } from "@azure/functions";
import type { z } from "zod";

/** An error as application/problem+json (RFC 9457). The detail names field, value and remedy. */
export const problem = (status: number, title: string, detail: string): HttpResponseInit => ({
  status,
  headers: { "content-type": "application/problem+json" },
  body: JSON.stringify({ type: "about:blank", title, status, detail }),
});

export const badRequest = (detail: string): HttpResponseInit => problem(400, "Bad request", detail);

/** All problems of a body or query, each with its field and value. */
export function problemsOf(error: z.ZodError, input: unknown): string {
  return error.issues
    .map(({ path, message }) => {
      const field = path.join(".") || "body";
      const value = JSON.stringify(path.reduce<unknown>((part, key) => (part as never)?.[key], input));
      return `${field}: ${value === undefined ? "missing" : value.slice(0, 200)}: ${message}`;
    })
    .join("; ");
}
