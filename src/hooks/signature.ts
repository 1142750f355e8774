import { createHmac } from "node:crypto";

/**
 * What a hook's receiver checks: HMAC-SHA256, in hexadecimal, over the timestamp header, a dot and the body as sent.
 *
 * @param timestamp seconds since the epoch
 * @example
 * signatureOf("a key of at least 32 characters....", 1_700_000_000, "{}").length; // 64
 */
export const signatureOf = (key: string, timestamp: number, body: string): string =>
  createHmac("sha256", key).update(`${timestamp}.${body}`).digest("hex");
