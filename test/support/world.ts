import { request as httpRequest } from "node:http";
import type { RunView } from "../../src/contracts/api/runs";
import type { ArmAnswer, ArmExchange, HttpsAnswer, HttpsRequest } from "../../src/embedding";
import { VirtualClock } from "../../src/local/clock/virtual-clock";
import { startEmbeddedApp } from "../../src/local/embedded-app";
import {
  describeDivergence,
  SqliteInstanceStore,
  type ActivityChaos,
  type Divergence,
  type Execution,
  type FunctionsHost,
} from "../../src/local/functions-host";
import { parseFleet, SimulatedAzure, type TranscriptLine } from "../../src/local/simulated-azure";
import { MemoryStore } from "../../src/store/memory";
import type { Store } from "../../src/store/store";
import { refuseRealTimers, watchRealTimers } from "./real-timers";
import { seedIds } from "./seeded-ids";

export interface WorldOptions {
  /** A fleet file's content. */
  readonly fleet: object;
  /** Of simulated Azure's durations and of the app's ids. TEST_IDS=N draws other ids, to see what only some bring up. */
  readonly seed?: number;
  readonly settings?: Readonly<Record<string, string>>;
  readonly chaos?: ActivityChaos;
  readonly store?: Store;
  /** Where orchestrations are kept; in memory when absent. Whoever gives it closes it. */
  readonly instances?: SqliteInstanceStore;
  /** The app gets no store, as on Azure where none is configured. */
  readonly noStore?: boolean;
  /** Off, orchestrations are not replayed after every episode: for the many runs of an explorer. */
  readonly replayCheck?: boolean;
  /** Another bundle of the app than the one that package.json names. */
  readonly main?: string;
  /** Called when a request to the app opens, through which time stands still; what it answers, when that is over. */
  readonly onRequest?: () => () => void;
  /** Told of every request to simulated Azure. Neither these nor the log's lines are kept then: for fleets of thousands. */
  readonly onExchange?: (line: TranscriptLine) => void;
  /** Told of every execution of an orchestration that ended or went on as new. */
  readonly onExecution?: (execution: Execution) => void;
  /** Stands between the app and simulated Azure. */
  readonly intercept?: (
    request: ArmExchange,
    azure: (request: ArmExchange) => Promise<ArmAnswer>,
  ) => Promise<ArmAnswer>;
  /** Answers the hooks and probes of policies. */
  readonly outside?: (request: HttpsRequest) => Promise<HttpsAnswer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** The unmodified app in the embedded host against simulated Azure, all in virtual time. */
export class World {
  readonly transcript: TranscriptLine[] = [];
  readonly logs: string[] = [];
  /** The events that the app took. */
  readonly eventsTaken: unknown[] = [];
  /** The faults of simulated Azure that requests met, in order. */
  readonly faultsMet: string[] = [];
  /** Orchestrations that asked for something else when they were replayed; `settle` and `close` throw for them. */
  readonly divergences: Divergence[] = [];
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly azure: SimulatedAzure;
  #host: FunctionsHost | undefined;
  readonly #options: WorldOptions;
  readonly #instances: SqliteInstanceStore;
  readonly #scope: string;
  readonly #cloud: string;
  readonly #giveChanceBack: () => void;

  private constructor(options: WorldOptions) {
    const fleet = parseFleet(options.fleet);
    watchRealTimers();
    this.#giveChanceBack = seedIds(Number(process.env["TEST_IDS"] ?? options.seed ?? 1));
    this.#options = options;
    this.#cloud = fleet.cloud;
    this.#scope = [
      ...new Set([
        fleet.subscriptionId,
        ...[...fleet.vms, ...fleet.machines].flatMap(({ subscriptionId }) => subscriptionId ?? []),
      ]),
    ]
      .map((id) => `/subscriptions/${id}`)
      .join(",");
    this.clock = new VirtualClock({ start: Date.parse(fleet.start) });
    this.store = options.store ?? new MemoryStore();
    this.#instances = options.instances ?? SqliteInstanceStore.open(":memory:");
    this.azure = new SimulatedAzure({
      fleet,
      clock: this.clock,
      seed: options.seed ?? 1,
      transcript: options.onExchange ?? ((line) => this.transcript.push(line)),
      faultMet: (fault) => this.faultsMet.push(fault),
      deliverEvent: async ({ schema, body, about }) => {
        const events = Array.isArray(body) ? body : [body];
        for (const event of events) {
          await this.sendEvent(schema, event, about === "maintenance" ? "maintenanceEvent" : "vmProvisioned");
          this.eventsTaken.push(event);
        }
      },
    });
  }

  static async start(options: WorldOptions): Promise<World> {
    const world = new World(options);
    // Nothing happens while the app is loaded.
    const release = world.clock.hold();
    await world.startHost();
    world.azure.start();
    release();
    return world;
  }

  async startHost(): Promise<void> {
    const azure = (request: ArmExchange) => this.azure.handle(request);
    const options = this.#options;
    const { intercept, chaos, settings, noStore, onExchange, onExecution, replayCheck = true, main, outside } = options;
    this.#host = await startEmbeddedApp({
      clock: this.clock,
      store: noStore ? null : this.store,
      instances: this.#instances,
      exchange: intercept ? (request) => intercept(request, azure) : azure,
      environment: {
        GOLDPATCH_SCOPE: this.#scope,
        GOLDPATCH_ARM_ENDPOINT: "http://127.0.0.1:9",
        GOLDPATCH_CLOUD: this.#cloud,
        GOLDPATCH_SWEEP_SCHEDULE: "0 0 0 1 1 *",
        ...settings,
      },
      ...(!onExchange && {
        onLog: ({ level, category, functionName, message }) =>
          this.logs.push(`${level} ${category} ${functionName ?? ""} ${message}`),
      }),
      ...(main !== undefined && { main }),
      ...(chaos && { chaos }),
      ...(outside && { outside }),
      ...(onExecution && { onExecution }),
      ...(replayCheck && { onDivergence: (divergence: Divergence) => this.divergences.push(divergence) }),
    });
  }

  /** The host ends and another goes on with what it left. What the first had in flight is not called back. */
  async restartHost(): Promise<void> {
    const release = this.clock.hold();
    await this.#host?.close();
    await this.startHost();
    release();
  }

  get host(): FunctionsHost {
    if (!this.#host) throw new Error("the host is not running");
    return this.#host;
  }

  vmId(name: string): string {
    const id = this.azure.vmIds.find((candidate) => candidate.toLowerCase().endsWith(`/${name.toLowerCase()}`));
    if (id === undefined) throw new Error(`the fleet has no VM ${name}`);
    return id;
  }

  async sendEvent(
    schema: "EventGridSchema" | "CloudEventSchemaV1_0",
    event: unknown,
    functionName = "vmProvisioned",
  ): Promise<void> {
    const answer = await this.http(
      "POST",
      `/runtime/webhooks/EventGrid?functionName=${functionName}&code=${this.host.systemKey}`,
      schema === "EventGridSchema" ? [event] : event,
      schema === "EventGridSchema"
        ? { "aeg-event-type": "Notification" }
        : { "aeg-event-type": "Notification", "content-type": "application/cloudevents+json" },
    );
    if (answer.status >= 300) throw new Error(`the webhook answered ${answer.status}`);
  }

  /** An API call with the function key. */
  api(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.http(method, `/api/${path}`, body, { "x-functions-key": this.host.functionKey });
  }

  http(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    const over = this.#options.onRequest?.();
    const answered = new Promise<Answer>((resolve, reject) => {
      const request = httpRequest(
        new URL(path, this.host.url),
        { method, headers: { "content-type": "application/json", ...headers } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks).toString("utf8"),
            }),
          );
        },
      );
      request.on("error", reject);
      request.end(text);
    });
    return answered.finally(over);
  }

  /** Asks for runs of the VMs, by name; answers the run ids. */
  async run(mode: "assess" | "patch", names: readonly string[], extra: object = {}): Promise<string[]> {
    const answer = await this.api("POST", "runs", { mode, vmIds: names.map((name) => this.vmId(name)), ...extra });
    if (answer.status !== 202) throw new Error(`POST runs answered ${answer.status} ${answer.body}`);
    return (JSON.parse(answer.body) as { runs: { runId: string }[] }).runs.map(({ runId }) => runId);
  }

  /** Until the simulated instant `afterMs` from now. */
  passes(afterMs: number): Promise<void> {
    return new Promise((resolve) => this.clock.at(this.clock.now() + afterMs, () => resolve()));
  }

  async runs(): Promise<RunView[]> {
    const answer = await this.api("GET", "runs");
    return (JSON.parse(answer.body) as { runs: RunView[] }).runs;
  }

  /** Starts an orchestration past the triggers, as a late delivery might. */
  async startOrchestration(name: string, instanceId: string, input: object): Promise<void> {
    const path = `/runtime/webhooks/durabletask/orchestrators/${name}/${instanceId}?code=${this.host.systemKey}`;
    const { status } = await this.http("POST", path, input);
    if (status !== 202) throw new Error(`the start answered ${status}`);
  }

  /** Ends an orchestration from outside, as an operator of the durable engine might. */
  async terminate(instanceId: string): Promise<void> {
    const path = `/runtime/webhooks/durabletask/instances/${instanceId}/terminate?reason=test&code=${this.host.systemKey}`;
    const { status } = await this.http("POST", path);
    if (status !== 202) throw new Error(`terminate answered ${status}`);
  }

  /** When nothing is in flight any more. */
  async settle(): Promise<RunView[]> {
    await this.host.idle();
    this.#refuseDivergences();
    return this.runs();
  }

  async close(): Promise<void> {
    this.azure.stop();
    await this.#host?.close();
    this.clock.close();
    this.#giveChanceBack();
    refuseRealTimers();
    this.#refuseDivergences();
  }

  #refuseDivergences(): void {
    const [first, ...more] = this.divergences;
    if (first) throw new Error(`${describeDivergence(first)} (and ${more.length} more)`);
  }
}
