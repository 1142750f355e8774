import { armErrorOf, readFailureOf, type ReadFailure } from "../answers";

/** Azure did not do it, for good: the request would have to be another. */
export interface Refusal {
  readonly kind: "refused";
  readonly status: number;
  readonly message: string;
}

export type Answer<T> =
  { readonly kind: "done"; readonly value: T } | { readonly kind: "notFound" } | Refusal | ReadFailure;

const NOT_FOUND = 404;
const SERVER_ERROR = 500;
const BUSY = [408, 429];

/** Carries out a request of Microsoft.Maintenance: all of them may be repeated, for each says what is to be. */
export async function answerOf<T>(request: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { kind: "done", value: await request() };
  } catch (failure) {
    const error = armErrorOf(failure);
    if (error?.status === NOT_FOUND) return { kind: "notFound" };
    const read = readFailureOf(failure);
    const isRefusal = error && error.status >= 400 && error.status < SERVER_ERROR && !BUSY.includes(error.status);
    return isRefusal && read.kind === "unavailable"
      ? { kind: "refused", status: error.status, message: read.message }
      : read;
  }
}
