import { randomUUID } from "node:crypto";
import type { HostClock } from "../../clock/host-clock";
import { EventType, type ExecutionStarted, type Message } from "./history";
import { isTerminal, type Instance, type Parent } from "./instance";
import { LiveInstance } from "./live-instance";
import type { InstanceStore } from "./store";

export interface NewInstance {
  readonly instanceId: string;
  readonly name: string;
  /** JSON text, or null when a parent passed nothing. */
  readonly input: string | null;
  readonly version: string | null;
  readonly parent: Parent | null;
  /** Null for children, which the real host does not count. */
  readonly generation: number | null;
}

/**
 * The orchestrations that have not ended, what they wait for, and their way into the store: one commit for all that one
 * step changed. Those that have ended stay in the store only.
 */
export class LiveInstances {
  readonly #clock: HostClock;
  readonly #store: InstanceStore;
  readonly #wake: (live: LiveInstance) => void;
  readonly #live = new Map<string, LiveInstance>();
  readonly #saved = new Set<Instance>();
  readonly #deleted = new Set<string>();
  #idleWaiters: (() => void)[] = [];
  #unfinished = 0;
  #committing = false;
  #closed = false;

  constructor(clock: HostClock, store: InstanceStore, wake: (live: LiveInstance) => void) {
    this.#clock = clock;
    this.#store = store;
    this.#wake = wake;
  }

  /** What the store held when the host started. */
  load(): LiveInstance[] {
    return this.#store.unfinished().map((instance) => this.#add(instance));
  }

  find(instanceId: string): LiveInstance | undefined {
    return this.#live.get(instanceId);
  }

  /** Puts a new instance in the place of whatever has its id, running or not (real-host: sub-id-of-running-instance). */
  create({ instanceId, name, input, version, parent, generation }: NewInstance): void {
    this.remove(instanceId);
    const createdAt = this.#clock.now();
    const live = this.#add({
      instanceId,
      name,
      version,
      parent,
      input,
      createdAt,
      updatedAt: createdAt,
      executionId: randomUUID(),
      status: "Pending",
      output: "null",
      customStatus: "null",
      generation: generation ?? 0,
      history: [],
      inbox: [],
    });
    this.post(live, this.started(live.instance, generation));
  }

  started({ name, version, input }: Instance, generation: number | null): ExecutionStarted {
    const { ExecutionStarted } = EventType;
    const Timestamp = this.timestamp();
    return {
      EventType: ExecutionStarted,
      Name: name,
      Version: version,
      Input: input,
      Generation: generation,
      Timestamp,
    };
  }

  post(live: LiveInstance, message: Message): void {
    if (live.gone || isTerminal(live.instance)) return;
    live.instance.inbox.push(message);
    this.changed(live);
    this.#wake(live);
  }

  /** The instance goes into the next commit. */
  changed(live: LiveInstance): void {
    if (live.gone) return;
    this.#saved.add(live.instance);
    this.#commitSoon();
  }

  /** Forgets an instance, live or ended. */
  remove(instanceId: string): void {
    this.#deleted.add(instanceId);
    this.#commitSoon();
    const live = this.#live.get(instanceId);
    if (!live) return;
    live.gone = true;
    live.endExecution();
    this.#live.delete(instanceId);
    this.#saved.delete(live.instance);
    if (!isTerminal(live.instance)) this.ended();
  }

  /** One orchestration less that has not ended. */
  ended(): void {
    if (--this.#unfinished > 0) return;
    const waiters = this.#idleWaiters;
    this.#idleWaiters = [];
    for (const resolve of waiters) resolve();
  }

  idle(): Promise<void> {
    return this.#unfinished === 0 ? Promise.resolve() : new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  close(): void {
    this.#commit();
    this.#closed = true;
    for (const live of this.#live.values()) {
      live.gone = true;
      live.endExecution();
    }
  }

  timestamp(): string {
    return new Date(this.#clock.now()).toISOString();
  }

  #add(instance: Instance): LiveInstance {
    const live = new LiveInstance(instance, this.#clock);
    this.#live.set(instance.instanceId, live);
    if (!isTerminal(instance)) this.#unfinished++;
    return live;
  }

  #commitSoon(): void {
    if (this.#committing) return;
    this.#committing = true;
    queueMicrotask(() => this.#commit());
  }

  #commit(): void {
    this.#committing = false;
    if (this.#closed || this.#saved.size + this.#deleted.size === 0) return;
    const saved = [...this.#saved];
    const deleted = [...this.#deleted];
    this.#saved.clear();
    this.#deleted.clear();
    this.#store.commit(saved, deleted);
    for (const instance of saved) {
      const { instanceId } = instance;
      if (isTerminal(instance) && this.#live.get(instanceId)?.instance === instance) this.#live.delete(instanceId);
    }
  }
}
