import { lookup as resolve } from "node:dns/promises";
import { request } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { HttpsAnswer, HttpsRequest } from "../embedding";
import { isPublicAddress } from "./public-address";

/** An address that is not called, whatever stands behind it. */
export class ForbiddenAddress extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "ForbiddenAddress";
  }
}

interface Resolved {
  readonly address: string;
  readonly family: number;
}

export interface CallRules {
  /** Host names, in lower case, that may lie in a private network. */
  readonly privateHosts: readonly string[];
  /** Certificates that are trusted beside those of Node, for tests. */
  readonly ca?: string;
  readonly resolve?: (host: string) => Promise<readonly Resolved[]>;
}

const everyAddress = (host: string): Promise<readonly Resolved[]> => resolve(host, { all: true });

/**
 * Makes one https call and answers with its head. The body is neither read nor kept, redirects are not followed.
 * The name is resolved once and the connection goes to the address that was looked at, so a name server that answers
 * differently the second time gains nothing.
 *
 * @throws ForbiddenAddress, or the connection's error
 */
export async function callHttps(call: HttpsRequest, rules: CallRules): Promise<HttpsAnswer> {
  const url = new URL(call.url);
  if (url.protocol !== "https:") throw new ForbiddenAddress("the address is not https");
  const target = await targetOf(url, rules, call.signal);
  return send(call, url, target, rules.ca);
}

async function targetOf(url: URL, rules: CallRules, signal: AbortSignal): Promise<Resolved> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const family = isIP(host);
  const found =
    family === 0 ? await orAborted((rules.resolve ?? everyAddress)(host), signal) : [{ address: host, family }];
  const [target] = found;
  if (!target) throw new Error(`${host} has no address`);
  const mayBePrivate = rules.privateHosts.includes(url.hostname.toLowerCase());
  // All of them: a name that is half private is nobody's honest service.
  if (!mayBePrivate && !found.every(({ address }) => isPublicAddress(address))) {
    throw new ForbiddenAddress(`${host} is no public address: add it to GOLDPATCH_HOOK_HOSTS if it is meant`);
  }
  return target;
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve: settle, reject } = Promise.withResolvers<T>();
  const abort = () => reject(new Error("no answer in time"));
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  work.then(settle, reject);
  return promise.finally(() => signal.removeEventListener("abort", abort));
}

function send({ method, headers, body, signal }: HttpsRequest, url: URL, target: Resolved, ca: string | undefined) {
  // Node asks for one address or for all of them.
  const lookup: LookupFunction = (_host, { all }, answer) =>
    all ? answer(null, [target]) : answer(null, target.address, target.family);
  return new Promise<HttpsAnswer>((answered, failed) => {
    const outgoing = request(url, { method, headers, signal, lookup, agent: false, ...(ca !== undefined && { ca }) });
    outgoing.on("response", (response) => {
      const retryAfter = response.headers["retry-after"];
      answered({ status: response.statusCode ?? 0, ...(retryAfter !== undefined && { retryAfter }) });
      // Whatever follows the head is of no interest, however much it is.
      response.destroy();
    });
    outgoing.on("error", (failure) => failed(signal.aborted ? new Error("no answer in time") : failure));
    outgoing.end(body);
  });
}
