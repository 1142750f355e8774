import { ArmError, emptyAnswer, jsonAnswer, type ArmResponse } from "../arm-message";
import type { Row } from "../graph/row";
import { COLUMNS } from "../graph/row";
import type { Machine } from "../machine/machine";
import type { World } from "../machine/machine-resource";
import { DAY_MS, MINUTE_MS } from "../timestamps";
import { assignmentBody, takesIn, type Assignment } from "./assignment";
import { bodyOf, configurationBody, objectOf, parseConfiguration, type Configuration } from "./configuration";

/** First start after a creation or change, and last cancellation before a start: [DOC] maintenance-configurations. */
const LEAD_MS = 15 * MINUTE_MS;
export const CANCEL_BEFORE_MS = 10 * MINUTE_MS;
/** Rows of a new assignment show within about a minute: [3P] blog 10. */
const ASSIGNMENT_LAG_MS = MINUTE_MS;

/** A machine's part in a run of a schedule. */
interface Part {
  readonly machine: Machine;
  readonly run: Run;
  readonly until: number;
}

/** One run of a schedule. */
export interface Run {
  readonly configuration: Configuration;
  /** `correlationId` of its events, `maintenanceRunId` of its installations. */
  readonly id: string;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly machines: readonly Machine[];
  readonly cancelled: boolean;
}

/** Maintenance configurations, their assignments and their runs: what Microsoft.Maintenance knows. */
export class Maintenance {
  readonly #world: World;
  readonly #machines: readonly Machine[];
  readonly #configurations = new Map<string, Configuration>();
  readonly #assignments = new Map<string, { readonly assignment: Assignment; readonly since: number }>();
  readonly #cancelled = new Set<string>();
  readonly #runs: Run[] = [];
  #waiting: readonly Part[] = [];
  #settledUntil: number;
  /** Told when a configuration is put, so that its events can be planned. */
  onChange: (configuration: Configuration) => void = () => undefined;

  constructor(world: World, machines: readonly Machine[]) {
    this.#world = world;
    this.#machines = machines;
    this.#settledUntil = world.start;
  }

  get runs(): readonly Run[] {
    return this.#runs;
  }

  configuration(key: string): Configuration | undefined {
    return this.#configurations.get(key);
  }

  /** @throws ArmError */
  answerConfiguration(method: string, id: string, body: string | undefined, now: number): ArmResponse {
    const known = this.#configurations.get(id.toLowerCase());
    if (method === "PUT") {
      const configuration = parseConfiguration(known?.id ?? id, bodyOf(body), this.#world.start, now);
      this.#configurations.set(configuration.key, configuration);
      this.onChange(configuration);
      return jsonAnswer(known ? 200 : 201, configurationBody(configuration));
    }
    if (method === "DELETE") {
      // That an assignment stands in the way of nothing and goes with it is an assumption.
      this.#configurations.delete(id.toLowerCase());
      for (const [key, { assignment }] of this.#assignments) {
        if (assignment.configurationKey === id.toLowerCase()) this.#assignments.delete(key);
      }
      return emptyAnswer(known ? 200 : 204);
    }
    if (known && method === "GET") return jsonAnswer(200, configurationBody(known));
    throw new ArmError(404, "ResourceNotFound", `The Resource '${id.split("/").slice(-3).join("/")}' was not found.`);
  }

  list(subscriptionId: string): ArmResponse {
    const value = [...this.#configurations.values()]
      .filter(({ key }) => key.startsWith(`/subscriptions/${subscriptionId.toLowerCase()}/`))
      .map(configurationBody);
    return jsonAnswer(200, { value });
  }

  /** @param resourceId the machine's or the subscription's. @throws ArmError */
  answerAssignment(
    method: string,
    resourceId: string,
    name: string | undefined,
    body: string | undefined,
    now: number,
  ): ArmResponse {
    const home = `${resourceId}/providers/Microsoft.Maintenance/configurationAssignments`;
    if (name === undefined) return this.#assignmentsOf(method, resourceId);
    const id = `${home}/${name}`;
    const known = this.#assignments.get(id.toLowerCase())?.assignment;
    if (method === "PUT") {
      const properties = objectOf(bodyOf(body)["properties"]);
      const configurationKey = String(properties["maintenanceConfigurationId"]).toLowerCase();
      if (!this.#configurations.has(configurationKey)) {
        throw new ArmError(404, "ResourceNotFound", "The maintenance configuration was not found.");
      }
      const assignment: Assignment = { id, name, resourceId, configurationKey, properties };
      this.#assignments.set(id.toLowerCase(), { assignment, since: now });
      return jsonAnswer(known ? 200 : 201, assignmentBody(assignment));
    }
    if (method === "DELETE") {
      this.#assignments.delete(id.toLowerCase());
      return emptyAnswer(known ? 200 : 204);
    }
    if (known && method === "GET") return jsonAnswer(200, assignmentBody(known));
    throw new ArmError(404, "ResourceNotFound", `The Resource 'configurationAssignments/${name}' was not found.`);
  }

  #assignmentsOf(method: string, resourceId: string): ArmResponse {
    // Of a subscription they cannot be listed: [3P] blog 10.
    if (method !== "GET" || !/\/providers\//i.test(resourceId)) {
      throw new ArmError(404, "NotImplemented", "The requested operation is not implemented.");
    }
    const value = [...this.#assignments.values()]
      .map(({ assignment }) => assignment)
      .filter((assignment) => assignment.resourceId.toLowerCase() === resourceId.toLowerCase())
      .map(assignmentBody);
    return jsonAnswer(200, { value });
  }

  /** `PUT applyUpdates/{run}` with status Cancel: [SPEC] 2023-09-01-preview; refused after the cut-off: [DOC]. */
  cancel(configurationId: string, runName: string, body: string | undefined, now: number): ArmResponse {
    const configuration = this.#configurations.get(configurationId.toLowerCase());
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

  isCancelled(configuration: Configuration, startsAt: number): boolean {
    return this.#cancelled.has(runIdOf(configuration, startsAt).toLowerCase());
  }

  machinesOf(configuration: Configuration, now: number): Machine[] {
    const own = [...this.#assignments.values()].filter(
      ({ assignment }) => assignment.configurationKey === configuration.key,
    );
    return this.#machines.filter(
      (machine) => machine.life.exists(now) && own.some(({ assignment }) => takesIn(assignment, machine, now)),
    );
  }

  /** Starts of a configuration between two instants, without those that come too soon after its last change. */
  startsOf({ window, changedAt }: Configuration, from: number, until: number): readonly number[] {
    return window.starts(Math.max(from, changedAt + LEAD_MS), until);
  }

  /** Starts the runs that are due: all machines at once, each when it is free, if its prerequisites are met. */
  settle(now: number): void {
    const from = this.#settledUntil;
    if (now > from) {
      this.#settledUntil = now;
      const due = [...this.#configurations.values()].flatMap((configuration) =>
        // An instant later: `now` itself counts.
        this.startsOf(configuration, from, now).map((startsAt) => ({ configuration, startsAt })),
      );
      for (const { configuration, startsAt } of due.sort((a, b) => a.startsAt - b.startsAt)) {
        this.#begin(configuration, startsAt);
      }
    }
    this.#waiting = this.#waiting.filter((part) => !this.#carryOut(part, now));
  }

  #begin(configuration: Configuration, startsAt: number): void {
    const cancelled = this.isCancelled(configuration, startsAt);
    const machines = this.machinesOf(configuration, startsAt);
    const endsAt = startsAt + configuration.window.durationMs;
    const run: Run = { configuration, id: runIdOf(configuration, startsAt), startsAt, endsAt, machines, cancelled };
    this.#runs.push(run);
    if (cancelled) return;
    const ready = machines.filter((machine) => machine.isReadyForSchedules(startsAt));
    this.#waiting = [...this.#waiting, ...ready.map((machine) => ({ machine, run, until: endsAt }))];
  }

  /** True when nothing is left to do. A machine that is busy is waited for as long as the window is open (assumption). */
  #carryOut({ machine, run, until }: Part, now: number): boolean {
    const { configuration, startsAt, id } = run;
    const at = machine.patches.freeFrom(startsAt);
    if (at >= until) return true;
    if (at > now) return false;
    const request = { ...configuration.installRequest(machine), maximumDurationMs: until - at };
    machine.patches.scheduled(at, request, id);
    return true;
  }

  /** Rows of `maintenanceresources`; that they hold what ARM answers is an assumption, fields of runs are [3P]. */
  rows(now: number): Row[] {
    const rowOf = (row: Row): Row => ({ ...Object.fromEntries(COLUMNS.map((column) => [column, ""])), ...row });
    const subscriptionOf = (id: string) => id.split("/")[2] ?? "";
    const assignments = [...this.#assignments.values()]
      .filter(({ since }) => since + ASSIGNMENT_LAG_MS <= now)
      .map(({ assignment }) =>
        rowOf({
          id: assignment.id,
          name: assignment.name,
          type: "microsoft.maintenance/configurationassignments",
          subscriptionId: subscriptionOf(assignment.resourceId),
          properties: assignmentBody(assignment)["properties"],
        }),
      );
    const updates = this.#runs
      .filter(({ startsAt }) => startsAt > now - 30 * DAY_MS)
      .flatMap((run) =>
        run.machines.map((machine) => {
          const name = nameOfInstant(run.startsAt);
          return rowOf({
            id: `${machine.id}/providers/Microsoft.Maintenance/applyUpdates/${name}`,
            name,
            type: "microsoft.maintenance/applyupdates",
            subscriptionId: machine.subscriptionId,
            properties: {
              maintenanceScope: "InGuestPatch",
              maintenanceConfigurationId: run.configuration.id,
              correlationId: run.id,
              resourceId: machine.id,
              startDateTime: this.#world.calendar.zulu(run.startsAt),
              endDateTime: this.#world.calendar.zulu(run.endsAt),
              status: run.cancelled ? "Cancelled" : now < run.endsAt ? "InProgress" : "Completed",
            },
          });
        }),
      );
    return [...assignments, ...updates];
  }
}

/** [DOC] event-schema-maintenance-configuration: `…/providers/microsoft.maintenance/applyupdates/20230509150000`. */
export const runIdOf = ({ id }: Configuration, startsAt: number): string =>
  `${id}/providers/microsoft.maintenance/applyupdates/${nameOfInstant(startsAt)}`;

const nameOfInstant = (instant: number): string =>
  new Date(instant).toISOString().replaceAll(/[^\d]/g, "").slice(0, 14);

const instantOfName = (name: string): number =>
  Date.parse(name.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, "$1-$2-$3T$4:$5:$6Z"));
