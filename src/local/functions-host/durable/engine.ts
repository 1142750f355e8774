import { randomUUID } from "node:crypto";
import type { EngineOptions } from "./engine-options";
import { EventType, type Message } from "./history";
import { isTerminal, type Instance, type InstanceHead } from "./instance";
import { OrchestratorTurns } from "./orchestrator-turns";
import type { LiveInstances } from "./live-instances";
import type { InstancePage, InstanceQuery, InstanceStore } from "./store";

export interface StartRequest {
  readonly name: string;
  readonly instanceId?: string | undefined;
  /** JSON text. */
  readonly input: string;
  readonly version?: string | undefined;
}

/** The id is taken by an orchestration that has not ended; the real host answers 409 with this message. */
export class InstanceExistsError extends Error {
  override readonly name = "InstanceExistsError";

  constructor(status: string) {
    super(`An Orchestration instance with the status ${status} already exists.`);
  }
}

/** What clients can do with orchestrations. Everything takes effect in a later turn of the event loop. */
export class Engine {
  readonly #turns: OrchestratorTurns;
  readonly #instances: LiveInstances;
  readonly #store: InstanceStore;
  readonly #defaultVersion: string | null;

  constructor(options: EngineOptions) {
    this.#turns = new OrchestratorTurns(options);
    this.#instances = this.#turns.instances;
    this.#store = options.store;
    this.#defaultVersion = options.defaultVersion ?? null;
    this.#turns.recover();
  }

  /**
   * Starts an orchestration and returns its id. A finished instance with this id is replaced.
   *
   * @throws InstanceExistsError when the id belongs to one that is Pending, Running or Suspended.
   */
  start(request: StartRequest): string {
    const instanceId = request.instanceId ?? randomUUID().replaceAll("-", "");
    const existing = this.head(instanceId);
    if (existing && !isTerminal(existing)) throw new InstanceExistsError(existing.status);
    this.#instances.create({
      instanceId,
      name: request.name,
      input: request.input,
      version: request.version ?? this.#defaultVersion,
      parent: null,
      generation: existing ? existing.generation + 1 : 0,
    });
    return instanceId;
  }

  /** With its events. */
  get(instanceId: string): Instance | undefined {
    return this.#instances.find(instanceId)?.instance ?? this.#store.find(instanceId);
  }

  head(instanceId: string): InstanceHead | undefined {
    return this.#instances.find(instanceId)?.instance ?? this.#store.head(instanceId);
  }

  /** By id, from the given one on. */
  page(query: InstanceQuery, limit: number, fromId?: string): InstancePage {
    return this.#store.page(query, limit, fromId);
  }

  /** In the order of creation. */
  list(): InstanceHead[] {
    return this.#store.heads();
  }

  raiseEvent(instanceId: string, Name: string, Input: string): void {
    this.#post(instanceId, { EventType: EventType.EventRaised, Name, Input, Timestamp: this.#instances.timestamp() });
  }

  terminate(instanceId: string, reason: string): void {
    this.#post(instanceId, {
      EventType: EventType.ExecutionTerminated,
      Input: reason,
      Timestamp: this.#instances.timestamp(),
    });
  }

  suspend(instanceId: string, Reason: string): void {
    this.#post(instanceId, { EventType: EventType.ExecutionSuspended, Reason, Timestamp: this.#instances.timestamp() });
  }

  resume(instanceId: string, Reason: string): void {
    this.#post(instanceId, { EventType: EventType.ExecutionResumed, Reason, Timestamp: this.#instances.timestamp() });
  }

  /** Forgets an instance. Its children go on. */
  purge(instanceId: string): void {
    this.#instances.remove(instanceId);
  }

  /** Resolves when no orchestration is Pending, Running or Suspended. */
  idle(): Promise<void> {
    return this.#instances.idle();
  }

  close(): void {
    this.#turns.close();
  }

  #post(instanceId: string, message: Message): void {
    const live = this.#instances.find(instanceId);
    if (live) this.#instances.post(live, message);
  }
}
