import { ArmError, jsonAnswer, type ArmResponse } from "../arm-message";
import type { Machine } from "../machine/machine";
import { MINUTE_MS } from "../timestamps";
import { bodyOf, objectOf, startsOf, type Configuration } from "./configuration";
import type { Maintenance } from "./maintenance";

/** Last cancellation before a start: [DOC] maintenance-configurations. */
export const CANCEL_BEFORE_MS = 10 * MINUTE_MS;

/** One run of a schedule. Instants are milliseconds since the epoch. */
export interface Run {
  readonly configuration: Configuration;
  /** `correlationId` of its events, `maintenanceRunId` of its installations. */
  readonly id: string;
  /** The last part of the id: its start, `yyyyMMddHHmmss`. */
  readonly name: string;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly machines: readonly Machine[];
  readonly cancelled: boolean;
}

/** A machine's part in a run of a schedule. */
interface Part {
  readonly machine: Machine;
  readonly run: Run;
}

/** The runs of maintenance configurations: each starts when it is due, unless it was cancelled before. */
export class MaintenanceRuns {
  readonly #maintenance: Maintenance;
  readonly #cancelled = new Set<string>();
  readonly #runs: Run[] = [];
  #waiting: readonly Part[] = [];
  #settledUntil: number;

  /** @param start the fleet's, in milliseconds since the epoch */
  constructor(maintenance: Maintenance, start: number) {
    this.#maintenance = maintenance;
    this.#settledUntil = start;
  }

  /** In the order of their starts. */
  get all(): readonly Run[] {
    return this.#runs;
  }

  /** `PUT applyUpdates/{run}` with status Cancel: [SPEC] 2023-09-01-preview; refused after the cut-off: [DOC]. */
  cancel(configurationId: string, runName: string, body: string | undefined, now: number): ArmResponse {
    const configuration = this.#maintenance.configuration(configurationId);
    const status = objectOf(bodyOf(body)["properties"])["status"];
    const startsAt = instantOfName(runName);
    const isDue = configuration?.window.starts(startsAt, startsAt + 1).length === 1;
    if (!configuration || !isDue || status !== "Cancel") {
      throw new ArmError(404, "ResourceNotFound", `The Resource 'applyUpdates/${runName}' was not found.`);
    }
    if (now > startsAt - CANCEL_BEFORE_MS) {
      throw new ArmError(400, "CancellationNotAllowed", "The maintenance run can no longer be cancelled.");
    }
    const id = runIdOf(configuration, startsAt);
    this.#cancelled.add(id.toLowerCase());
    const properties = { status: "Cancelled", resourceId: configuration.id };
    return jsonAnswer(200, { id, name: runName, type: "Microsoft.Maintenance/applyUpdates", properties });
  }

  /** Starts the runs that are due: all machines at once, each when it is free, if its prerequisites are met. */
  settle(now: number): void {
    const from = this.#settledUntil;
    if (now > from) {
      this.#settledUntil = now;
      const due = this.#maintenance.configurations.flatMap((configuration) =>
        // An instant later: `now` itself counts.
        startsOf(configuration, from, now).map((startsAt) => ({ configuration, startsAt })),
      );
      for (const { configuration, startsAt } of due.sort((a, b) => a.startsAt - b.startsAt)) {
        this.#begin(configuration, startsAt);
      }
    }
    this.#waiting = this.#waiting.filter((part) => !this.#carryOut(part, now));
  }

  #begin(configuration: Configuration, startsAt: number): void {
    const id = runIdOf(configuration, startsAt);
    const cancelled = this.#cancelled.has(id.toLowerCase());
    const machines = this.#maintenance.machinesOf(configuration, startsAt);
    const endsAt = startsAt + configuration.window.durationMs;
    const run = { configuration, id, name: nameOfInstant(startsAt), startsAt, endsAt, machines, cancelled };
    this.#runs.push(run);
    if (cancelled) return;
    const ready = machines.filter((machine) => machine.isReadyForSchedules(startsAt));
    this.#waiting = [...this.#waiting, ...ready.map((machine) => ({ machine, run }))];
  }

  /** True when nothing is left to do. A machine that is busy is waited for as long as the window is open (assumption). */
  #carryOut({ machine, run }: Part, now: number): boolean {
    const { configuration, startsAt, endsAt, id } = run;
    const at = machine.patches.freeFrom(startsAt);
    if (at >= endsAt) return true;
    if (at > now) return false;
    const request = { ...configuration.installRequest(machine), maximumDurationMs: endsAt - at };
    machine.patches.scheduled(at, request, id);
    return true;
  }
}

/** [DOC] event-schema-maintenance-configuration: `…/providers/microsoft.maintenance/applyupdates/20230509150000`. */
export const runIdOf = ({ id }: Configuration, startsAt: number): string =>
  `${id}/providers/microsoft.maintenance/applyupdates/${nameOfInstant(startsAt)}`;

const nameOfInstant = (instant: number): string =>
  new Date(instant).toISOString().replaceAll(/[^\d]/g, "").slice(0, 14);

const instantOfName = (name: string): number =>
  Date.parse(name.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, "$1-$2-$3T$4:$5:$6Z"));
