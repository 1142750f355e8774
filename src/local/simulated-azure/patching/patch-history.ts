import { AssessmentRows } from "../graph/assessment-rows";
import { InstallationRows } from "../graph/installation-rows";
import type { OtherOperation } from "../fleet/vm-schema";
import type { MachineResource } from "../machine/machine-resource";
import { DAY_MS, HOUR_MS, SECOND_MS } from "../timestamps";
import type { InstallRequest } from "./install-request";
import type { PatchOperation } from "./operation";
import { Patching } from "./patching";

/** An assumption: the documents tell how often, and not how long. */
const PERIODIC_SECONDS = 120;

/** All assessments and installations of one machine, ours and others', never two at once. */
export class PatchHistory {
  readonly #machine: MachineResource;
  readonly #operations: PatchOperation[] = [];
  readonly #assessmentRows: AssessmentRows;
  readonly #installationRows: InstallationRows;
  #patching: Patching | undefined;
  #others: OtherOperation[] | undefined;
  /** When the platform assesses next by itself. */
  #periodicAt: number | undefined;

  constructor(machine: MachineResource) {
    this.#machine = machine;
    this.#assessmentRows = new AssessmentRows(machine);
    this.#installationRows = new InstallationRows(machine);
  }

  get operations(): readonly PatchOperation[] {
    return this.#operations;
  }

  running(now: number): PatchOperation | undefined {
    this.settle(now);
    return this.#operations.findLast(({ startsAt, endsAt }) => startsAt <= now && now < endsAt);
  }

  reachedMachine(now: number): boolean {
    return this.#operations.some(({ reaches, startsAt }) => reaches && startsAt <= now);
  }

  assess(now: number): PatchOperation {
    return this.#begin(this.#work().assess(now));
  }

  install(now: number, request: InstallRequest): PatchOperation {
    return this.#begin(this.#work().install(now, request));
  }

  /** The platform assesses at once and then once a day; undefined: no more. [DOC] assessment-options. */
  assessPeriodically(from: number | undefined): void {
    this.#periodicAt = from;
  }

  /** From when on nothing runs, at the earliest at an instant. */
  freeFrom(instant: number): number {
    this.settle(instant);
    return Math.max(instant, this.#operations.at(-1)?.endsAt ?? instant);
  }

  /** An installation by a schedule, at an instant at which the machine is free. */
  scheduled(at: number, request: InstallRequest, maintenanceRunId: string): PatchOperation {
    return this.#begin({ ...this.#work().install(at, request), maintenanceRunId });
  }

  assessmentRows(now: number): readonly Readonly<Record<string, unknown>>[] {
    this.settle(now);
    return [...this.#assessmentRows.visible(now), ...this.#assessmentRows.visiblePatches(now)];
  }

  installationRows(now: number): readonly Readonly<Record<string, unknown>>[] {
    this.settle(now);
    return this.#installationRows.visible(now);
  }

  /** Brings the operations of others up to date: each starts at its time, or when the machine is free again. */
  settle(now: number): void {
    this.#others ??= this.#older();
    for (;;) {
      this.#planPeriodic(now);
      const [next] = this.#others
        .map((other) => ({ other, at: this.#startOf(other) }))
        .filter(({ at }) => at <= now)
        .sort((one, another) => one.at - another.at);
      if (!next) return;
      const free = Math.max(next.at, this.#operations.at(-1)?.endsAt ?? Number.NEGATIVE_INFINITY);
      if (free > now) return;
      this.#others = this.#others.filter((other) => other !== next.other);
      this.#begin(this.#work().byOther(free, next.other, this.#others.length));
    }
  }

  /** A machine that is off is left out, and its turn comes a day later. */
  #planPeriodic(now: number): void {
    for (let at = this.#periodicAt; at !== undefined && at <= now; at = this.#periodicAt) {
      this.#periodicAt = at + DAY_MS;
      const { life, arc } = this.#machine;
      if (life.power(at) !== "running" || (arc && life.agent(at) !== "ready")) continue;
      const startsAfterSeconds = (at - life.appearsAt) / SECOND_MS;
      const other = {
        kind: "assess",
        startsAfterSeconds,
        lastsSeconds: PERIODIC_SECONDS,
        startedBy: "Platform",
      } as const;
      this.#others?.push(other);
    }
  }

  /** An assessment long before the fleet's start; then whatever others will do. */
  #older(): OtherOperation[] {
    const { vm, world } = this.#machine;
    const previous = vm.graph.stalePrevious;
    if (previous) this.#begin(this.#work().previous(world.start - previous.ageHours * HOUR_MS, previous.readiness), 0);
    return [...vm.otherOperations];
  }

  #startOf(other: OtherOperation): number {
    const { life, world } = this.#machine;
    if (other.alreadyRunningForSeconds !== undefined) return world.start - other.alreadyRunningForSeconds * SECOND_MS;
    if (other.startsAfterSeconds !== undefined) return life.appearsAt + other.startsAfterSeconds * SECOND_MS;
    const first = this.#operations.find(({ kind, startsAt }) => kind === "assess" && startsAt >= life.appearsAt);
    return (first?.endsAt ?? Number.POSITIVE_INFINITY) + (other.startsAfterAssessmentSeconds ?? 0) * SECOND_MS;
  }

  #begin(operation: PatchOperation, lagMs?: number): PatchOperation {
    this.#operations.push(operation);
    this.#assessmentRows.publish(operation, lagMs);
    this.#installationRows.publish(operation);
    return operation;
  }

  #work(): Patching {
    return (this.#patching ??= new Patching(this.#machine));
  }
}
