import { ComputeManagementClient } from "@azure/arm-compute";
import { ResourceGraphClient } from "@azure/arm-resourcegraph";
import { createHttpHeaders, type HttpClient } from "@azure/core-rest-pipeline";
import { sleepUntil } from "../../src/local/clock/host-clock";
import { VirtualClock } from "../../src/local/clock/virtual-clock";
import { type EventDelivery, parseFleet, SimulatedAzure, type TranscriptLine } from "../../src/local/simulated-azure";

export const START = "2026-11-23T08:00:00Z";
export const SUBSCRIPTION = "11111111-2222-4333-8444-555555555555";
export const GROUP = "rg-gold";
export const API = "api-version=2026-04-01";

export type Causes = Readonly<Record<string, unknown>>;

export const vmIdOf = (name: string): string =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}/providers/Microsoft.Compute/virtualMachines/${name}`;

/** A fleet file with one VM `vm1` on Windows unless told otherwise. */
export const fleetFile = (vm: Causes = {}, fleet: Causes = {}): Causes => ({
  start: START,
  subscriptionId: SUBSCRIPTION,
  resourceGroup: GROUP,
  location: "westeurope",
  images: [
    { name: "win", kind: "galleryVersion", osType: "Windows" },
    { name: "lin", kind: "managedImage", osType: "Linux" },
    { name: "pir", kind: "marketplace", osType: "Windows" },
  ],
  vms: [{ name: "vm1", image: "win", graph: { lagSeconds: 30 }, ...vm }],
  ...fleet,
});

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly json: Record<string, unknown>;
}

/** A simulated cloud on virtual time, with the real SDK clients and a plain one to speak to it. */
export class Cloud {
  readonly clock = new VirtualClock({ start: Date.parse(START) });
  readonly transcript: TranscriptLine[] = [];
  readonly events: { readonly at: number; readonly event: EventDelivery }[] = [];
  readonly azure: SimulatedAzure;
  readonly compute: ComputeManagementClient;
  readonly graph: ResourceGraphClient;

  constructor(fleet: Causes, options: { seed?: number; deliver?: (event: EventDelivery) => Promise<void> } = {}) {
    this.azure = new SimulatedAzure({
      fleet: parseFleet(fleet),
      clock: this.clock,
      seed: options.seed ?? 1,
      transcript: (line) => this.transcript.push(line),
      deliverEvent: async (event) => {
        this.events.push({ at: this.seconds, event });
        await options.deliver?.(event);
      },
    });
    const credential = {
      getToken: () => Promise.resolve({ token: "token", expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
    };
    const settings = { httpClient: this.#httpClient(), retryOptions: { maxRetries: 0 } };
    this.compute = new ComputeManagementClient(credential, SUBSCRIPTION, settings);
    this.graph = new ResourceGraphClient(credential, settings);
  }

  /** Simulated seconds since the fleet's start. */
  get seconds(): number {
    return (this.clock.now() - Date.parse(START)) / 1000;
  }

  /** Lets time pass until so many seconds after the fleet's start. */
  async until(seconds: number): Promise<void> {
    await sleepUntil(this.clock, Date.parse(START) + seconds * 1000);
  }

  /** A plain request, with a token unless the headers are given. */
  async send(method: string, url: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> {
    const answer = await this.azure.handle({
      method,
      url,
      headers: headers ?? { authorization: "Bearer token" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { ...answer, json: answer.body === "" ? {} : (JSON.parse(answer.body) as Record<string, unknown>) };
  }

  get(path: string): Promise<Answer> {
    return this.send("GET", path);
  }

  vm(name = "vm1"): Promise<Answer> {
    return this.get(`${vmIdOf(name)}?${API}`);
  }

  view(name = "vm1"): Promise<Answer> {
    return this.get(`${vmIdOf(name)}/instanceView?${API}`);
  }

  assess(name = "vm1"): Promise<Answer> {
    return this.send("POST", `${vmIdOf(name)}/assessPatches?${API}`);
  }

  install(name = "vm1", body: unknown = WINDOWS_ALL): Promise<Answer> {
    return this.send("POST", `${vmIdOf(name)}/installPatches?${API}`, body);
  }

  async query(query: string, more: Causes = {}): Promise<Answer> {
    const path = "/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01";
    return this.send("POST", path, { query, ...more });
  }

  async rows(query: string): Promise<Record<string, unknown>[]> {
    const { status, json, body } = await this.query(query);
    if (status !== 200) throw new Error(body);
    return json["data"] as Record<string, unknown>[];
  }

  close(): void {
    this.azure.stop();
    this.clock.close();
  }

  #httpClient(): HttpClient {
    return {
      sendRequest: async (request) => {
        const answer = await this.azure.handle({
          method: request.method,
          url: request.url,
          headers: request.headers.toJSON(),
          ...(typeof request.body === "string" ? { body: request.body } : {}),
          ...(request.abortSignal instanceof AbortSignal ? { signal: request.abortSignal } : {}),
        });
        return {
          request,
          status: answer.status,
          headers: createHttpHeaders(answer.headers),
          bodyAsText: answer.body,
        };
      },
    };
  }
}

export const WINDOWS_ALL = {
  rebootSetting: "IfRequired",
  maximumDuration: "PT2H",
  windowsParameters: { classificationsToInclude: ["Critical", "Security", "UpdateRollUp", "Updates", "Definition"] },
};

const open: Cloud[] = [];

/** One machine `vm1` with these causes. */
export function cloud(
  vm: Causes = {},
  fleet: Causes = {},
  options: ConstructorParameters<typeof Cloud>[1] = {},
): Cloud {
  const made = new Cloud(fleetFile(vm, fleet), options);
  open.push(made);
  return made;
}

export const closeClouds = (): void => open.splice(0).forEach((made) => made.close());

/** The value at a path such as `properties.output.status`. */
export function at(value: unknown, path: string): unknown {
  let found: unknown = value;
  for (const key of path.split(".")) {
    if (typeof found !== "object" || found === null) return undefined;
    found = Reflect.get(found, key);
  }
  return found;
}
