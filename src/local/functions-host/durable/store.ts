import type { Instance } from "./instance";

/**
 * Where instances survive the process. The engine keeps the live objects and tells the store what changed after every
 * step; one call is one transaction. Histories only grow, except that continue-as-new and a new start replace them.
 */
export interface InstanceStore {
  /** All instances, in any order. Called once, when the host starts. */
  load(): Iterable<Instance>;
  commit(saved: readonly Instance[], deletedIds: readonly string[]): void;
}

/** Forgets everything when it is dropped. */
export class MemoryInstanceStore implements InstanceStore {
  readonly #instances = new Map<string, Instance>();

  load(): Iterable<Instance> {
    return structuredClone([...this.#instances.values()]);
  }

  commit(saved: readonly Instance[], deletedIds: readonly string[]): void {
    for (const instance of saved) this.#instances.set(instance.instanceId, instance);
    for (const id of deletedIds) this.#instances.delete(id);
  }
}
