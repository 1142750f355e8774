import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { VirtualClock } from "../../../src/local/clock/virtual-clock";
import {
  describeDivergence,
  startFunctionsHost,
  type Divergence,
  type HostLogEntry,
  type HostOptions,
} from "../../../src/local/functions-host";

/** Lives outside jest's sandbox (see `load.ts`), where `@azure/functions` registers as it does in production. */

export { SqliteInstanceStore, startFunctionsHost } from "../../../src/local/functions-host";
export { VirtualClock } from "../../../src/local/clock/virtual-clock";
export { realClock } from "../../../src/local/clock/real-clock";
export { parseSchedule } from "../../../src/local/functions-host/timers/schedule";

declare global {
  var hostTestClock: VirtualClock | undefined;
}

export const START = Date.parse("2026-11-23T12:00:00.000Z");

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is when it is text, as JSON otherwise. */
  readonly body?: unknown;
}

export type TestHost = Awaited<ReturnType<typeof openHost>>;

export interface TestHostOptions extends Omit<HostOptions, "clock" | "onLog"> {
  readonly start?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Orchestrators that are not deterministic: replay would change what they do, or is what the test looks at. */
  readonly replay?: "checked" | "reported" | "off";
}

/** A host in virtual time that collects its log. Unless told otherwise, it replays every episode and fails on a difference. */
export async function openHost({ env = {}, start = START, replay = "checked", ...options }: TestHostOptions) {
  // Here, because jest gives its tests a copy of the environment.
  Object.assign(process.env, env);
  const clock = new VirtualClock({ start });
  globalThis.hostTestClock = clock;
  const logs: HostLogEntry[] = [];
  const divergences: Divergence[] = [];
  const host = await startFunctionsHost({
    ...options,
    clock,
    onLog: (entry) => logs.push(entry),
    ...(replay !== "off" && { onDivergence: (divergence: Divergence) => divergences.push(divergence) }),
  }).catch((failure: unknown) => {
    clock.close();
    throw failure;
  });
  const call = (path: string, { method = "GET", headers = {}, body }: Call = {}) =>
    send(host.url + path, method, headers, body);
  const manage = (path: string, init: Call = {}) => {
    const url = `/runtime/webhooks/durabletask/${path}`;
    return call(`${url}${url.includes("?") ? "&" : "?"}code=${host.systemKey}`, init);
  };
  return {
    host,
    clock,
    logs,
    divergences,
    call,
    manage,
    /** Until `ms` of virtual time have passed since now. */
    pass: (ms: number) => new Promise<void>((resolve) => clock.at(clock.now() + ms, resolve)),
    start: (name: string, input?: unknown, id?: string) =>
      manage(`orchestrators/${name}${id ? `/${encodeURIComponent(id)}` : ""}`, {
        method: "POST",
        body: input === undefined ? undefined : JSON.stringify(input),
      }),
    raise: (id: string, event: string, body: unknown, headers?: Record<string, string>) =>
      manage(`instances/${id}/raiseEvent/${event}`, { method: "POST", body, ...(headers ? { headers } : {}) }),
    async close() {
      await host.close();
      clock.close();
      const [first] = divergences;
      if (first && replay === "checked") throw new Error(describeDivergence(first));
    },
  };
}

export function send(url: string, method: string, headers: Readonly<Record<string, string>>, body: unknown) {
  return new Promise<Answer>((resolve, reject) => {
    const payload = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    const type = payload === undefined ? {} : { "content-type": "application/json" };
    const outgoing = httpRequest(url, { method, headers: { ...type, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: parsed(text) });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(payload);
  });
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** The real environment; jest gives its tests a copy. */
export const environment = (): NodeJS.ProcessEnv => process.env;
