import { setTimeout } from "node:timers/promises";

/** Resource Graph's quota comes back within 5 s (guidance for throttled requests); a person waits no longer. */
const LONGEST_WAIT_MS = 6_000;

/**
 * Reads once more when Azure asks to come back in a moment, as it does when others use up its quota.
 *
 * @param askedOf milliseconds that the answer asks to wait, if it does
 */
export async function patiently<T>(read: () => Promise<T>, askedOf: (answer: T) => number | undefined): Promise<T> {
  const answer = await read();
  const waitMs = askedOf(answer);
  if (waitMs === undefined || waitMs > LONGEST_WAIT_MS) return answer;
  await setTimeout(waitMs);
  return read();
}

/** What a failed read was asked to wait. */
export const retryAfterOf = (look: object | undefined): number | undefined =>
  look && "retryAfterMs" in look && typeof look.retryAfterMs === "number" ? look.retryAfterMs : undefined;
