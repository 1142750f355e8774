import { RestError } from "@azure/core-rest-pipeline";
import type { z } from "zod";
import { armErrorOf, parseJson, readFailureOf, type ReadFailure } from "../answers";
import type { Arm } from "../arm";

export type Read<T> = { readonly kind: "read"; readonly value: T } | { readonly kind: "notFound" } | ReadFailure;

/** One GET of what no client of ours has a method for. @param path from the first slash, with its api-version */
export async function getJson<T>(
  arm: Arm,
  subscriptionId: string,
  path: string,
  schema: z.ZodType<T>,
): Promise<Read<T>> {
  return looking(async () => {
    const response = await arm.get(subscriptionId, path.startsWith("/") ? `${arm.origin}${path}` : path);
    if (response.status !== 200) {
      throw new RestError(response.bodyAsText ?? "", { statusCode: response.status, response });
    }
    return schema.parse(parseJson(response.bodyAsText));
  });
}

/** Runs one read, and tells of its failure what somebody can act on. */
export async function looking<T>(read: () => Promise<T>): Promise<Read<T>> {
  try {
    return { kind: "read", value: await read() };
  } catch (failure) {
    return armErrorOf(failure)?.status === 404 ? { kind: "notFound" } : readFailureOf(failure);
  }
}
