import type { HttpResponseInit } from "@azure/functions";
import type { z } from "zod";
import type { NoAnswer } from "../../contracts/no-answer";
import { redacted } from "../../domain/redact";

/** An error as application/problem+json (RFC 9457). The detail names field, value and remedy; never a secret, which the value may be. */
export const problem = (
  status: number,
  title: string,
  detail: string,
  more: Readonly<Record<string, string>> = {},
): HttpResponseInit => ({
  status,
  headers: { ...more, "content-type": "application/problem+json" },
  body: JSON.stringify({ type: "about:blank", title, status, detail: redacted(detail) }),
});

export const badRequest = (detail: string): HttpResponseInit => problem(400, "Bad request", detail);

const ASK_AGAIN_MS = 30_000;

/** Azure did not let itself be read. */
export function readRefused(field: string, id: string, look: NoAnswer): HttpResponseInit {
  if (look.kind === "forbidden") {
    return problem(403, "Azure refused the read", `${field}: "${id}": ${look.message}: grant it to the app's identity`);
  }
  const seconds = Math.ceil((look.retryAfterMs ?? ASK_AGAIN_MS) / 1000);
  return problem(503, "Azure did not answer", `${field}: "${id}": ${look.message}: ask again later`, {
    "retry-after": String(seconds),
  });
}

/** All problems of a body or query, each with its field and value. */
export function problemsOf(error: z.ZodError, input: unknown): string {
  return error.issues
    .map(({ path, message }) => {
      const value = valueAt(input, path);
      const shown = value === undefined ? "missing" : JSON.stringify(value).slice(0, LONGEST_VALUE);
      return `${path.join(".") || "body"}: ${shown}: ${message}`;
    })
    .join("; ");
}

const LONGEST_VALUE = 200;

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (part, key) => (typeof part === "object" && part !== null ? Reflect.get(part, key) : undefined),
    input,
  );
}
