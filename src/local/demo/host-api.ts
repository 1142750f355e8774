import { held, type HostClock } from "../clock/host-clock";
import type { FunctionsHost } from "../functions-host";
import type { EventDelivery } from "../simulated-azure";

/** An answer outside 2xx. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  constructor(
    readonly status: number,
    request: string,
    body: string,
  ) {
    super(`${request} was answered ${status}: ${body}`);
  }
}

/** Speaks to the host as any client does, over HTTP. Simulated time stands still during a request. */
export class HostApi {
  readonly #host: FunctionsHost;
  readonly #clock: HostClock;

  constructor(host: FunctionsHost, clock: HostClock) {
    this.#host = host;
    this.#clock = clock;
  }

  get(path: string): Promise<unknown> {
    return this.#send("GET", `/api/${path}`, { "x-functions-key": this.#host.functionKey });
  }

  post(path: string, body: unknown): Promise<unknown> {
    return this.#send("POST", `/api/${path}`, { "x-functions-key": this.#host.functionKey }, body);
  }

  /** What Event Grid does for a subscription to the function. */
  async deliver(functionName: string, { schema, body }: EventDelivery): Promise<void> {
    const query = new URLSearchParams({ functionName, code: this.#host.systemKey });
    const type = schema === "CloudEventSchemaV1_0" ? "application/cloudevents+json" : "application/json";
    const headers = { "aeg-event-type": "Notification", "content-type": type };
    await this.#send("POST", `/runtime/webhooks/EventGrid?${query.toString()}`, headers, body);
  }

  #send(method: string, path: string, headers: Record<string, string>, body?: unknown): Promise<unknown> {
    return held(this.#clock, async () => {
      const response = await fetch(`${this.#host.url}${path}`, {
        method,
        headers: { "content-type": "application/json", ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const answer = await response.text();
      const shown = `${method} ${new URL(response.url).pathname}`;
      if (!response.ok) throw new ApiError(response.status, shown, answer);
      return answer === "" ? undefined : (JSON.parse(answer) as unknown);
    });
  }
}
