import { createHmac } from "node:crypto";
import type { HttpsAnswer, HttpsRequest } from "../../src/embedding";

/** A key for tests, under the name `hook`. */
export const HOOK_KEY = "0123456789abcdef0123456789abcdef";
export const hookSettings = { GOLDPATCH_HOOK_KEYS: `hook=${HOOK_KEY}` };

/** A hook in YAML. */
export const hookAt = (moment: string, more = ""): string =>
  `  ${moment}: { url: "https://hooks.example.com/${moment}", key: hook${more} }\n`;

export interface ToldHook {
  readonly id: string;
  readonly moment: string;
  readonly stage?: string;
  readonly vm?: { readonly name: string };
  readonly code?: string;
  readonly [field: string]: unknown;
}

/** Somebody's service: it checks what it is sent, and answers what it is told to. */
export class HookService {
  /** What came in, in order; a probe's is its address. */
  readonly asked: { readonly url: string; readonly body?: ToldHook; readonly headers: HttpsRequest["headers"] }[] = [];
  readonly #answer: (body: ToldHook | undefined, url: string, times: number) => Partial<HttpsAnswer> | Promise<never>;

  /** @param answer 200 where it says nothing; `times` counts what was asked under one id or address, from 1 */
  constructor(
    answer: (
      body: ToldHook | undefined,
      url: string,
      times: number,
    ) => Partial<HttpsAnswer> | Promise<never> = () => ({}),
  ) {
    this.#answer = answer;
  }

  readonly outside = async ({ url, body, headers, method }: HttpsRequest): Promise<HttpsAnswer> => {
    const told = body === undefined ? undefined : (JSON.parse(body) as ToldHook);
    if (method === "POST" && headers["x-goldpatch-signature"] !== signed(headers, body ?? "")) return { status: 401 };
    this.asked.push({ url, headers, ...(told && { body: told }) });
    const times = this.asked.filter((one) => (told ? one.body?.id === told.id : one.url === url)).length;
    return { status: 200, ...(await this.#answer(told, url, times)) };
  };

  /** `moment vm` or `moment stage` of what was asked, in order. */
  get moments(): string[] {
    return this.asked.flatMap(({ body }) => (body ? `${body.moment} ${body.vm?.name ?? body.stage ?? ""}` : []));
  }
}

const signed = (headers: HttpsRequest["headers"], body: string): string =>
  `sha256=${createHmac("sha256", HOOK_KEY).update(`${headers["x-goldpatch-timestamp"]}.${body}`).digest("hex")}`;
