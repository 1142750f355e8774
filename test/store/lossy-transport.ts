import {
  createDefaultHttpClient,
  createHttpHeaders,
  RestError,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import type { Clock } from "../../src/clock";

/** What becomes of one request for rows. */
export interface Loss {
  /** The service does what it is asked, and its answer is lost; or the request does not get there. */
  readonly when: "after" | "before";
  /** What the client sees instead of the answer. */
  readonly seen: (request: PipelineRequest, answer?: PipelineResponse) => PipelineResponse;
  /** What others do before the client sees it. */
  readonly meanwhile?: () => Promise<unknown>;
}

export const cut = (request: PipelineRequest): never => {
  throw new RestError("aborted", { code: "ECONNRESET", request });
};
export const timedOut = (): never => {
  throw Object.assign(new Error("The operation was aborted."), { name: "AbortError" });
};
export const halfAnswer = (request: PipelineRequest, answer?: PipelineResponse): PipelineResponse => ({
  ...(answer ?? answerOf(202)(request)),
  bodyAsText: (answer?.bodyAsText ?? "").slice(0, 200),
});
export const answerOf =
  (status: number, code = "", headers: Readonly<Record<string, string>> = {}) =>
  (request: PipelineRequest): PipelineResponse => ({
    request,
    status,
    headers: createHttpHeaders({ "content-type": "application/json", ...headers }),
    bodyAsText: JSON.stringify({ "odata.error": { code, message: { lang: "en-US", value: code } } }),
  });

/** Loses the answers to the next requests for rows, in this order. Requests for tables pass. */
export class LossyTransport implements HttpClient {
  readonly losses: Loss[] = [];
  readonly sent: string[] = [];
  readonly #network = createDefaultHttpClient();

  async sendRequest(request: PipelineRequest): Promise<PipelineResponse> {
    const { pathname } = new URL(request.url);
    const isForRows = !pathname.endsWith("/Tables");
    if (isForRows) this.sent.push(`${request.method} ${pathname.split("/").at(-1) ?? ""}`);
    const loss = isForRows ? this.losses.shift() : undefined;
    if (!loss) return this.#network.sendRequest(request);
    const answer = loss.when === "after" ? await this.#network.sendRequest(request) : undefined;
    await loss.meanwhile?.();
    return loss.seen(request, answer);
  }
}

/** Waits for nothing; remembers how long it was to wait. */
export class ImpatientClock implements Clock {
  readonly waited: number[] = [];
  now = (): number => 0;
  at(instant: number, fire: () => void): () => void {
    this.waited.push(instant);
    setImmediate(fire);
    return () => undefined;
  }
}
