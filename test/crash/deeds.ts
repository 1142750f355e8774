import type { VirtualClock } from "../../src/local/clock/virtual-clock";
import type { FunctionsHost } from "../../src/local/functions-host";
import type { Answer, HostClient } from "./host-client";
import type { Journal } from "./journal";
import type { Deed, Scenario } from "./scenario";

const RETRY_MS = 5_000;

/** Does what the scenario says, in its time, and again until it is answered. */
export class Deeds {
  readonly #scenario: Scenario;
  readonly #start: number;
  readonly #clock: VirtualClock;
  readonly #journal: Journal;
  readonly #vmIds: readonly string[];
  /** Deeds whose time is known, that are not done. */
  #due = 0;
  #rest: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor(scenario: Scenario, start: number, clock: VirtualClock, journal: Journal, vmIds: readonly string[]) {
    this.#scenario = scenario;
    this.#start = start;
    this.#clock = clock;
    this.#journal = journal;
    this.#vmIds = vmIds;
    this.#rest.resolve();
  }

  begin(host: FunctionsHost, client: HostClient): void {
    const done = new Set(this.#journal.entries.flatMap((entry) => (entry.kind === "deed" ? entry.index : [])));
    for (const [index, deed] of this.#scenario.deeds.entries()) {
      if (!done.has(index)) void this.#inTime(index, deed, host, client);
    }
  }

  /** Resolves when every deed whose time is known is done. One that waits for what never comes does not count. */
  get rest(): Promise<void> {
    return this.#rest.promise;
  }

  get isResting(): boolean {
    return this.#due === 0;
  }

  async #inTime(index: number, deed: Deed, host: FunctionsHost, client: HostClient): Promise<void> {
    const { when } = deed;
    const from = typeof when === "number" ? this.#start : (await this.#journal.first(when.after)).t;
    const at = from + (typeof when === "number" ? when : when.seconds) * 1000;
    if (this.#due++ === 0) this.#rest = Promise.withResolvers();
    await this.#until(at);
    while (!(await this.#try(deed, at, host, client))) await this.#until(this.#clock.now() + RETRY_MS);
    this.#journal.add({ kind: "deed", t: this.#clock.now(), label: `deed ${index} ${deed.what} done`, index });
    if (--this.#due === 0) this.#rest.resolve();
  }

  #until(instant: number): Promise<void> {
    return new Promise((resolve) => this.#clock.at(instant, resolve));
  }

  /** True once the answer leaves nothing to do. */
  async #try(deed: Deed, at: number, host: FunctionsHost, client: HostClient): Promise<boolean> {
    switch (deed.what) {
      case "run": {
        // The host tells whole seconds.
        const from = Math.floor(at / 1000) * 1000;
        const missing = deed.vms.filter((vm) => this.#runOf(host, vm, from) === undefined);
        if (missing.length === 0) return true;
        const vmIds = missing.map((vm) => this.#vmId(vm));
        const install = { rebootSetting: "IfRequired", ...deed.install };
        const body = { mode: deed.mode, vmIds, ...(deed.mode === "patch" && { install }) };
        return isDone(await client.api("POST", "runs", body));
      }
      case "sweep": {
        // An answer may have been lost, but not the sweep.
        if (host.instances().some(({ name }) => name === "policySweep")) return true;
        return isDone(await client.api("POST", "sweeps", { policy: deed.policy }));
      }
      case "cancel":
        return isDone(await client.api("POST", `runs/${this.#runOf(host, deed.vm) ?? ""}/cancel`));
      case "terminate":
        return isDone(await client.terminate(this.#runOf(host, deed.vm) ?? ""));
      case "stop":
        return isDone(await client.api("POST", "stop"));
      case "look":
        return isDone(await client.api("GET", "runs"));
      case "unstop":
        return isDone(await client.api("DELETE", "stop"));
    }
  }

  /** The VM's youngest run, of those that began at the instant or later. An answer may have been lost, but not the run. */
  #runOf(host: FunctionsHost, vm: string, from = 0): string | undefined {
    const vmId = this.#vmId(vm).toLowerCase();
    return host
      .instances()
      .filter(({ name }) => name === "patchVm")
      .flatMap(({ instanceId }) => host.status(instanceId) ?? [])
      .filter(({ input }) => JSON.stringify(input).toLowerCase().includes(`"${vmId}"`))
      .filter(({ createdTime }) => Date.parse(createdTime) >= from)
      .at(-1)?.instanceId;
  }

  #vmId(name: string): string {
    const id = this.#vmIds.find((candidate) => candidate.endsWith(`/${name}`));
    if (id === undefined) throw new Error(`the fleet has no VM ${name}`);
    return id;
  }
}

/** Taken, or there is nothing left to be done: the run is over or was never there. */
const isDone = ({ status }: Answer): boolean => (status >= 200 && status < 300) || [404, 409, 410].includes(status);
