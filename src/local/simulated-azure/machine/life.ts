import type { Chance } from "../chance";
import type { PowerState, Vm } from "../fleet/vm-schema";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "../timestamps";

export type AgentState = "absent" | "silent" | "ready" | "stale";

interface PowerChange {
  readonly at: number;
  readonly state: PowerState;
}

const EXISTING_AGE_MS = 30 * DAY_MS;
const DELETING_MS = MINUTE_MS;
/** States in which the agent may report: Azure sometimes shows no power state of a machine that runs. */
const MAY_RUN: ReadonlySet<PowerState> = new Set(["running", "missing", "unknown"]);
const ENDS_WORK: ReadonlySet<PowerState> = new Set(["stopping", "stopped", "deallocating", "deallocated"]);

/** When a machine exists, is provisioned, runs and has an agent that reports. Everything follows from causes and time. */
export class Life {
  readonly createdAt: number;
  /** From when the simulation knows the machine: its creation, or the fleet's start if it is older. */
  readonly appearsAt: number;
  readonly deletedAt: number;
  readonly #vm: Vm;
  readonly #provisionedAt: number;
  #agentReadyAt: number;
  readonly #agentOutages: { readonly from: number; readonly until: number }[] = [];
  #power: PowerChange[];

  constructor(vm: Vm, fleetStart: number, chance: Chance) {
    const isNew = vm.createAfterSeconds !== undefined;
    const draw = (least: number, most: number, purpose: string) =>
      chance.between(least * SECOND_MS, most * SECOND_MS, vm.name, purpose);
    this.#vm = vm;
    this.appearsAt = fleetStart + (vm.createAfterSeconds ?? 0) * SECOND_MS;
    this.createdAt = isNew ? this.appearsAt : created(vm, fleetStart);
    this.deletedAt = this.#after(vm.deletedAfterSeconds);
    const provisioning = isNew && vm.provisioning.state === undefined ? draw(60, 100, "provisioning") : undefined;
    this.#provisionedAt =
      provisioning === undefined || vm.provisioning.succeedsAfterSeconds !== undefined
        ? this.#after(vm.provisioning.succeedsAfterSeconds)
        : this.appearsAt + provisioning;
    const state = vm.power.state ?? (isNew || vm.power.runningAfterSeconds !== undefined ? "starting" : "running");
    const booted =
      vm.power.runningAfterSeconds === undefined && isNew && vm.power.state === undefined
        ? this.appearsAt + draw(30, 55, "boot")
        : this.#after(vm.power.runningAfterSeconds);
    this.#power = [{ at: Number.NEGATIVE_INFINITY, state }];
    if (booted !== Number.POSITIVE_INFINITY) this.#power.push({ at: booted, state: "running" });
    for (const change of vm.power.changes)
      this.#power.push({ at: this.#after(change.afterSeconds), state: change.state });
    this.#power.sort((one, other) => one.at - other.at);
    const runsFrom = this.#power.find((change) => MAY_RUN.has(change.state))?.at ?? Number.POSITIVE_INFINITY;
    const settles = vm.agent.state === "ready" ? (runsFrom > this.appearsAt ? draw(60, 180, "agent") : 0) : undefined;
    const agentDelay = vm.agent.readyAfterSeconds === undefined ? settles : vm.agent.readyAfterSeconds * SECOND_MS;
    this.#agentReadyAt = Math.max(runsFrom, this.appearsAt) + (agentDelay ?? Number.POSITIVE_INFINITY);
    if (runsFrom === Number.NEGATIVE_INFINITY && agentDelay === 0) this.#agentReadyAt = Number.NEGATIVE_INFINITY;
  }

  exists(now: number): boolean {
    return now >= this.createdAt && now < this.deletedAt;
  }

  provisioningState(now: number): string {
    if (now >= this.deletedAt - DELETING_MS) return "Deleting";
    if (now >= this.#provisionedAt) return "Succeeded";
    return this.#vm.provisioning.state ?? (this.#provisionedAt === Number.POSITIVE_INFINITY ? "Succeeded" : "Creating");
  }

  /** When the creation ends; the creation's event tells of it. */
  get provisionedAt(): number {
    return this.#provisionedAt === Number.POSITIVE_INFINITY ? this.appearsAt : this.#provisionedAt;
  }

  power(now: number): PowerState {
    return this.#power.findLast((change) => change.at <= now)?.state ?? "unknown";
  }

  agent(now: number): AgentState {
    const power = this.power(now);
    if (power === "deallocated" || power === "deallocating") return "absent";
    const down = this.#agentOutages.some(({ from, until }) => now >= from && now < until);
    if (down || power === "stopped" || power === "stopping" || power === "starting") return "silent";
    if (now >= this.#agentReadyAt) return "ready";
    return this.#vm.agent.state === "ready" ? "silent" : this.#vm.agent.state;
  }

  /** The first instant from `now` on at which the agent takes up work, if it ever does. */
  agentReadyFrom(now: number): number {
    if (this.agent(now) === "ready") return now;
    const candidates = [this.#agentReadyAt, ...this.#agentOutages.map(({ until }) => until)];
    return Math.min(
      ...candidates.filter((instant) => instant > now && this.agent(instant) === "ready"),
      Number.POSITIVE_INFINITY,
    );
  }

  /** The first instant after `now` at which the machine stops running or is gone. */
  stopsRunning(now: number): number {
    const change = this.#power.find(({ at, state }) => at > now && ENDS_WORK.has(state));
    return Math.min(change?.at ?? Number.POSITIVE_INFINITY, this.deletedAt);
  }

  agentIsDown(from: number, until: number): void {
    this.#agentOutages.push({ from, until });
  }

  /** Somebody starts it: from then on only what is done to it changes its power. */
  starts(at: number, runsAt: number, agentReadyAt: number): void {
    this.powerChanges(at, "starting");
    this.powerChanges(runsAt, "running");
    this.#agentReadyAt = agentReadyAt;
  }

  powerChanges(at: number, state: PowerState): void {
    this.#power = [...this.#power.filter((change) => change.at < at), { at, state }];
  }

  #after(afterSeconds: number | undefined): number {
    return afterSeconds === undefined ? Number.POSITIVE_INFINITY : this.appearsAt + afterSeconds * SECOND_MS;
  }
}

const created = (vm: Vm, fleetStart: number): number =>
  vm.createdAt === undefined ? fleetStart - EXISTING_AGE_MS : Date.parse(vm.createdAt);
