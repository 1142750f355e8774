import { remove } from "../store/remove";
import type { Store } from "../store/store";

interface Switch {
  readonly on: boolean;
  readonly since: string;
}

/** What an operator turns on and off while runs are in flight: the stop for everything, and one cancellation a run. */
export class Switches {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  isStopped(): Promise<boolean> {
    return this.#isOn("stop");
  }

  setStopped(on: boolean, at: string): Promise<void> {
    return this.#set("stop", on, at);
  }

  isCancelled(runId: string): Promise<boolean> {
    return this.#isOn(`cancel:${runId}`);
  }

  cancel(runId: string, at: string): Promise<void> {
    return this.#set(`cancel:${runId}`, true, at);
  }

  forgetCancel(runId: string): Promise<void> {
    return remove(this.#store, "switches", `cancel:${runId}`);
  }

  async #isOn(key: string): Promise<boolean> {
    return (await this.#store.get<Switch>("switches", key))?.value.on ?? false;
  }

  async #set(key: string, on: boolean, since: string): Promise<void> {
    for (;;) {
      const row = await this.#store.get<Switch>("switches", key);
      if (row ? row.value.on === on : !on) return;
      const done = row
        ? await this.#store.replaceIfMatch(row, { on, since })
        : await this.#store.insertIfAbsent("switches", key, { on, since });
      if (done) return;
    }
  }
}
