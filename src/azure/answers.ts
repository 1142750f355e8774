import { isRestError } from "@azure/core-rest-pipeline";
import { z } from "zod";
import { missingAction } from "../domain/outcome/refusal";
import { excerpt } from "../domain/text";

/** Why a read gave nothing. None of them says anything about the machine. */
export type ReadFailure =
  | {
      readonly kind: "unavailable";
      readonly retryAfterMs?: number;
      readonly message: string;
      /** Azure answered 429. */
      readonly throttled?: true;
    }
  | { readonly kind: "forbidden"; readonly message: string };

/** Azure's error body; some answers put the error at the top. */
const errorFields = z.object({ code: z.string().optional(), message: z.string().optional() });
const errorBody = z.union([z.object({ error: errorFields }).transform(({ error }) => error), errorFields]);

export interface ArmError {
  readonly status: number;
  readonly code?: string;
  readonly message?: string;
  readonly retryAfterMs?: number;
  readonly ids?: AnswerIds;
}

/** The names of a request in Azure's own logs, which its support asks for. */
export interface AnswerIds {
  /** `x-ms-request-id` */
  readonly requestId?: string;
  /** `x-ms-correlation-request-id` */
  readonly correlationRequestId?: string;
}

export function answerIdsOf(headers: { get(name: string): string | undefined }): AnswerIds {
  const requestId = headers.get("x-ms-request-id");
  const correlationRequestId = headers.get("x-ms-correlation-request-id");
  return {
    ...(requestId && { requestId: wordsOf(requestId) }),
    ...(correlationRequestId && { correlationRequestId: wordsOf(correlationRequestId) }),
  };
}

/** Tokens left by the name of Compute's policy: `x-ms-ratelimit-remaining-resource`, a list of `policy;tokens`. */
export function remainingOf(headers: { get(name: string): string | undefined }): Map<string, number> {
  const header = headers.get("x-ms-ratelimit-remaining-resource") ?? "";
  return new Map([...header.matchAll(/([^;,\s]+);(\d+)/g)].map(([, policy = "", tokens]) => [policy, Number(tokens)]));
}

/** Characters of Azure's own words that are kept: enough to act on, small beside a row's other evidence. */
const LONGEST_MESSAGE = 500;

/**
 * Azure's free text as it may be kept, told and logged. Messages may quote what was sent, and answers of whoever stands
 * between may hold anything: what looks like a token, a key or a signature is taken out here, once for all readers.
 */
export const wordsOf = (text: string): string => excerpt(text, LONGEST_MESSAGE);

/** What Azure answered, if it did answer; undefined when the connection broke or the answer makes no sense. */
export function armErrorOf(failure: unknown): ArmError | undefined {
  if (!isRestError(failure) || failure.statusCode === undefined) return undefined;
  const body = errorBody.safeParse(parseJson(failure.response?.bodyAsText) ?? failure.details);
  const code = failure.code ?? body.data?.code;
  const message = wordsOf(body.data?.message ?? failure.message);
  const headers = failure.response?.headers;
  const retryAfterMs =
    retryAfterOf(headers?.get("retry-after"), headers?.get("date")) ??
    timeSpanOf(headers?.get("x-ms-user-quota-resets-after"));
  const ids = headers ? answerIdsOf(headers) : {};
  return {
    status: failure.statusCode,
    ...(code !== undefined && { code: wordsOf(code) }),
    message,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(Object.keys(ids).length > 0 && { ids }),
  };
}

export const TOO_MANY_REQUESTS = 429;

/** Classifies a failed GET or query. 404 is the caller's to understand first. */
export function readFailureOf(failure: unknown): ReadFailure {
  const error = armErrorOf(failure);
  if (!error) return { kind: "unavailable", message: textOf(failure) };
  const message = `${error.status} ${error.code ?? ""} ${error.message ?? ""}`.trim();
  if (error.status === 403 || error.status === 401) {
    const action = missingAction(error.message ?? "");
    return { kind: "forbidden", message: action === undefined ? message : `missing action ${action}` };
  }
  return {
    kind: "unavailable",
    message,
    ...(error.status === TOO_MANY_REQUESTS && { throttled: true as const }),
    ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
  };
}

/** Resource Graph refuses a query within places in which we may read no subscription (assumed of management groups). */
export const showsNoSubscription = (failure: unknown): boolean =>
  isRestError(failure) &&
  failure.statusCode === 400 &&
  JSON.stringify([failure.response?.bodyAsText, failure.details]).includes("NoValidSubscriptionsInQueryRequest");

/** Seconds or an HTTP date, which counts from the answer's own `Date`. */
export function retryAfterOf(header: string | undefined | null, date: string | undefined | null): number | undefined {
  if (!header) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const difference = Date.parse(header) - Date.parse(date ?? "");
  return Number.isNaN(difference) ? undefined : Math.max(0, difference);
}

/** `hh:mm:ss`, Resource Graph's way to say when its quota is back (guidance for throttled requests). */
function timeSpanOf(header: string | undefined | null): number | undefined {
  const [, hours, minutes, seconds] = /^(\d{2}):(\d{2}):(\d{2})/.exec(header ?? "") ?? [];
  if (hours === undefined || minutes === undefined || seconds === undefined) return undefined;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

export function parseJson(text: string | undefined | null): unknown {
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A failure without an answer of Azure's, as it may be told: the SDK quotes bodies that it cannot read. */
export const textOf = (failure: unknown): string =>
  wordsOf(failure instanceof Error ? failure.message : String(failure));
