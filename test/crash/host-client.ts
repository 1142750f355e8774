import { held } from "../../src/local/clock/host-clock";
import type { VirtualClock } from "../../src/local/clock/virtual-clock";
import type { FunctionsHost } from "../../src/local/functions-host";

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Calls a host from outside while time stands still. */
export class HostClient {
  readonly #clock: VirtualClock;
  readonly #host: FunctionsHost;

  constructor(clock: VirtualClock, host: FunctionsHost) {
    this.#clock = clock;
    this.#host = host;
  }

  api(method: string, path: string, body?: object): Promise<Answer> {
    return this.#send(method, `/api/${path}`, { "x-functions-key": this.#host.functionKey }, body);
  }

  terminate(instanceId: string): Promise<Answer> {
    const path = `/runtime/webhooks/durabletask/instances/${instanceId}/terminate?reason=test`;
    return this.#send("POST", path, { "x-functions-key": this.#host.systemKey });
  }

  event(body: unknown): Promise<Answer> {
    const path = `/runtime/webhooks/EventGrid?functionName=vmProvisioned&code=${this.#host.systemKey}`;
    return this.#send("POST", path, { "aeg-event-type": "Notification" }, body);
  }

  #send(method: string, path: string, headers: Record<string, string>, body?: unknown): Promise<Answer> {
    return held(this.#clock, async () => {
      const response = await fetch(new URL(path, this.#host.url), {
        method,
        headers: { "content-type": "application/json", ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.text() };
    });
  }
}
