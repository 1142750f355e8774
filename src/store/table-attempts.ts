import { isRestError, type RestError } from "@azure/core-rest-pipeline";
import { sleepUntil, type Clock } from "../clock";
import { OperatorError } from "../errors";

/** Pauses before the second and each later try. With `TIMEOUT_MS` a call ends within a minute. */
const PAUSES_MS = [250, 500, 1_000, 2_000];
/** What a server may ask for in `Retry-After`, at most. */
const LONGEST_PAUSE_MS = 5_000;

/** The service, or a way to it, has trouble: the same request may succeed a little later. */
const PASSING = new Set([408, 429, 500, 502, 503, 504]);

/**
 * Tries again while the failure may pass. Not left to the SDK, whose retries hide that an earlier try may have had
 * its effect, and whose pauses would not follow the app's clock.
 * @param send is told whether an earlier try may have had its effect although its answer was lost
 */
export async function attempts<T>(clock: Clock, send: (uncertain: boolean) => Promise<T>): Promise<T> {
  for (let tried = 0; ; tried++) {
    try {
      return await send(tried > 0);
    } catch (thrown) {
      const pause = PAUSES_MS[tried];
      if (pause === undefined || !mayPass(thrown)) throw explained(thrown);
      await sleepUntil(clock, clock.now() + Math.max(pause, askedPause(thrown)));
    }
  }
}

/** No answer, half an answer, or one that says so. */
function mayPass(thrown: unknown): boolean {
  if (!isRestError(thrown)) return isTimeout(thrown);
  return thrown.statusCode === undefined || thrown.code === "PARSE_ERROR" || PASSING.has(thrown.statusCode);
}

/** The SDK aborts a request that takes too long. */
const isTimeout = (thrown: unknown): boolean =>
  typeof thrown === "object" && thrown !== null && "name" in thrown && thrown.name === "AbortError";

function askedPause(thrown: unknown): number {
  const seconds = isRestError(thrown) ? Number(thrown.response?.headers.get("retry-after")) : 0;
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds * 1_000, 0), LONGEST_PAUSE_MS) : 0;
}

/** One line, without what the SDK's error carries: request and answer, with their token and rows. */
function explained(thrown: unknown): unknown {
  if (!isRestError(thrown)) return thrown;
  const service = thrown.request ? new URL(thrown.request.url).origin : "the table service";
  const { statusCode } = thrown;
  if (statusCode === undefined) return new Error(`${service}: ${thrown.message}`);
  const answer = `${service} answered ${[statusCode, codeOf(thrown)].join(" ").trim()}`;
  if (statusCode !== 401 && statusCode !== 403) return new Error(answer);
  const remedy =
    "give the app's identity the role Storage Table Data Contributor on the storage account, and let its network in";
  return new OperatorError(`${answer}: ${remedy}`);
}

/** Codes: learn.microsoft.com/rest/api/storageservices/table-service-error-codes. The SDK reads them from batches only. */
function codeOf({ code, response }: RestError): string {
  return code ?? /"code"\s*:\s*"(\w+)"/.exec(response?.bodyAsText ?? "")?.[1] ?? "";
}

/** The row is not there. A table that is not there is another matter: all rows are lost. */
export const isAbsent = (thrown: unknown): boolean =>
  isRestError(thrown) && thrown.statusCode === 404 && codeOf(thrown) !== "TableNotFound";

/** The row is there although it should not be, changed since it was read, or is gone. */
export const isLostRace = (thrown: unknown): boolean =>
  isAbsent(thrown) ||
  (isRestError(thrown) &&
    (thrown.statusCode === 412 || (thrown.statusCode === 409 && codeOf(thrown) === "EntityAlreadyExists")));
