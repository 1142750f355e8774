import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { HostRequest } from "./reply";

/** All random, new with every start of the host. */
export interface HostKeys {
  /** Opens HTTP functions of level `function`. */
  readonly functionKey: string;
  /** Opens the webhooks, and every HTTP function. */
  readonly systemKey: string;
  /** Part of the path at which the durable client, which sends no key, reaches its API. */
  readonly rpcSecret: string;
}

const KEY_BYTES = 32;

/** In hexadecimal: no key looks like an option, and none has to be quoted. */
export const newKey = (): string => randomBytes(KEY_BYTES).toString("hex");

/** Whether the request carries one of the keys, as `?code=` or in `x-functions-key`. Takes the same time for any wrong key. */
export function carriesKey(request: HostRequest, keys: readonly string[]): boolean {
  const given = request.headers["x-functions-key"] ?? request.url.searchParams.get("code") ?? "";
  return keys.some((key) => sameKey(given, key));
}

export const sameKey = (given: string, key: string): boolean => timingSafeEqual(digest(given), digest(key));

/** Digests have one length, which the comparison needs. */
const digest = (value: string): Buffer => createHash("sha256").update(value).digest();
