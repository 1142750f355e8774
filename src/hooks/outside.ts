import type { Clock } from "../clock";
import type { OutsideAnswer } from "../domain/hook/verdict";
import type { HttpsAnswer, HttpsRequest } from "../embedding";
import { ForbiddenAddress } from "./https-call";
import { signatureOf } from "./signature";

export interface HookCall {
  readonly url: string;
  /** Name of the key that signs it. */
  readonly key: string;
  /** The same however often the same question is asked. */
  readonly id: string;
  readonly body: object;
  /** Milliseconds since the epoch after which no answer counts. */
  readonly until: number;
}

/** Calls to services that a policy names. Nothing here retries, and none of them ever gets a token of Azure's. */
export interface Outside {
  askHook(call: HookCall): Promise<OutsideAnswer>;
  /** @param withinMs how long the answer may take */
  probe(url: string, withinMs: number): Promise<OutsideAnswer>;
}

/** One call may take so long; a service that needs longer answers 202 and is asked again. */
const LONGEST_CALL_MS = 30_000;

type Send = (request: HttpsRequest) => Promise<HttpsAnswer>;

/** @param keys by name, as GOLDPATCH_HOOK_KEYS has them */
export function createOutside(clock: Clock, keys: ReadonlyMap<string, string>, send: Send): Outside {
  const call = async (request: Omit<HttpsRequest, "signal">, until: number): Promise<OutsideAnswer> => {
    const cut = new AbortController();
    const cancel = clock.at(until, () => cut.abort());
    try {
      return told(await send({ ...request, signal: cut.signal }), clock.now());
    } catch (failure) {
      if (failure instanceof ForbiddenAddress) return { kind: "forbidden", reason: failure.message };
      return { kind: "unanswered", reason: cut.signal.aborted ? "no answer in time" : reasonOf(failure) };
    } finally {
      cancel();
    }
  };
  return {
    async askHook({ url, key, id, body, until }) {
      const secret = keys.get(key);
      if (secret === undefined) return { kind: "forbidden", reason: `no key ${key} in GOLDPATCH_HOOK_KEYS` };
      const text = JSON.stringify(body);
      const timestamp = Math.floor(clock.now() / 1000);
      const headers = {
        "content-type": "application/json",
        "user-agent": "goldpatch",
        "idempotency-key": id,
        "x-goldpatch-timestamp": String(timestamp),
        "x-goldpatch-signature": `sha256=${signatureOf(secret, timestamp, text)}`,
      };
      return call({ method: "POST", url, headers, body: text }, Math.min(until, clock.now() + LONGEST_CALL_MS));
    },
    probe: (url, withinMs) =>
      call({ method: "GET", url, headers: { "user-agent": "goldpatch" } }, clock.now() + withinMs),
  };
}

/** Seconds or an HTTP date (RFC 9110, Retry-After). */
function told({ status, retryAfter = "" }: HttpsAnswer, now: number): OutsideAnswer {
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - now) / 1000;
  return { kind: "answered", status, ...(Number.isFinite(seconds) && { retryAfterMs: Math.max(0, seconds * 1000) }) };
}

/** The error's code alone: its text may quote an address, which may hold a secret. */
function reasonOf(failure: unknown): string {
  const code = failure instanceof Error && "code" in failure ? failure.code : undefined;
  return typeof code === "string" ? `no connection (${code})` : "no connection";
}
