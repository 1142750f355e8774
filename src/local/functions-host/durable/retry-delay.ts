import type { RetryOptions } from "./actions";

/** The .NET default when an app names no longest interval. */
const DEFAULT_LONGEST_INTERVAL_MS = 6 * 86_400_000;

/**
 * Milliseconds until the next attempt; undefined when `retryTimeoutInMilliseconds` has passed, so that there is none.
 *
 * @param attempt Number of the attempt that failed, from 1.
 */
export function nextRetryDelay(options: RetryOptions, attempt: number, sinceFirstMs: number): number | undefined {
  const timeout = options.retryTimeoutInMilliseconds ?? Number.POSITIVE_INFINITY;
  if (sinceFirstMs >= timeout) return undefined;
  const grown = options.firstRetryIntervalInMilliseconds * (options.backoffCoefficient ?? 1) ** (attempt - 1);
  return Math.min(grown, options.maxRetryIntervalInMilliseconds ?? DEFAULT_LONGEST_INTERVAL_MS);
}
