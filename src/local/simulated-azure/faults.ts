import { ArmError, ConnectionCut, type ArmResponse } from "./arm-message";
import type { Chance } from "./chance";
import type { Fault, Fleet } from "./fleet/fleet-schema";
import type { Machine } from "./machine/machine";
import { SECOND_MS } from "./timestamps";

/** The faults of a fleet file: answers and cuts that come by seed and time, whatever the machine does. */
export class Faults {
  readonly #fleet: Fleet;
  readonly #chance: Chance;
  readonly #start: number;
  readonly #requests = new Map<string, number>();
  readonly #hits = new Map<string, number>();

  constructor(fleet: Fleet, chance: Chance, start: number) {
    this.#fleet = fleet;
    this.#chance = chance;
    this.#start = start;
  }

  /** Answers through `respond`, unless a fault comes before or after it. */
  async around(
    on: Fault["on"],
    machine: Machine | undefined,
    now: number,
    respond: () => ArmResponse | Promise<ArmResponse>,
  ): Promise<ArmResponse> {
    const fault = this.#next(on, machine, now);
    if (fault?.answer) throw scriptedError(fault.answer);
    if (fault?.cut === "beforeEffect") throw new ConnectionCut();
    const response = await respond();
    if (fault?.cut === "afterEffect") throw new ConnectionCut();
    return response;
  }

  #next(on: Fault["on"], machine: Machine | undefined, now: number): Fault | undefined {
    return this.#fleet.faults.find((fault, index) => {
      if (fault.on !== on || (fault.vms && !fault.vms.includes(machine?.vm.name ?? ""))) return false;
      const until = fault.untilSeconds ?? Number.POSITIVE_INFINITY;
      if (now < this.#start + fault.fromSeconds * SECOND_MS || now >= this.#start + until * SECOND_MS) return false;
      const key = `${index}|${machine?.key ?? ""}`;
      const request = this.#count(this.#requests, key);
      if ((this.#hits.get(key) ?? 0) >= (fault.times ?? Number.POSITIVE_INFINITY)) return false;
      if (this.#chance.fraction("fault", key, request) >= fault.probability) return false;
      this.#count(this.#hits, key);
      return true;
    });
  }

  #count(counts: Map<string, number>, key: string): number {
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    return count;
  }
}

export const scriptedError = (answer: {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly retryAfterSeconds?: number | undefined;
}): ArmError =>
  new ArmError(
    answer.status,
    answer.code,
    answer.message,
    {},
    answer.retryAfterSeconds === undefined ? {} : { "retry-after": String(answer.retryAfterSeconds) },
  );
