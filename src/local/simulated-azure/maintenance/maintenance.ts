import { ArmError, emptyAnswer, jsonAnswer, type ArmResponse } from "../arm-message";
import type { Machine } from "../machine/machine";
import { assignmentBody, takesIn, type Assignment } from "./assignment";
import { bodyOf, configurationBody, objectOf, parseConfiguration, type Configuration } from "./configuration";

/** Maintenance configurations and their assignments: what is put at Microsoft.Maintenance. */
export class Maintenance {
  readonly #start: number;
  readonly #machines: readonly Machine[];
  readonly #configurations = new Map<string, Configuration>();
  readonly #assignments = new Map<string, Assignment>();
  /** Told when a configuration is put, so that its events can be planned. */
  onChange: (configuration: Configuration) => void = () => undefined;

  /** @param start the fleet's, in milliseconds since the epoch */
  constructor(start: number, machines: readonly Machine[]) {
    this.#start = start;
    this.#machines = machines;
  }

  get configurations(): readonly Configuration[] {
    return [...this.#configurations.values()];
  }

  get assignments(): readonly Assignment[] {
    return [...this.#assignments.values()];
  }

  /** @param id in any case */
  configuration(id: string): Configuration | undefined {
    return this.#configurations.get(id.toLowerCase());
  }

  machinesOf(configuration: Configuration, now: number): Machine[] {
    const own = this.assignments.filter(({ configurationKey }) => configurationKey === configuration.key);
    return this.#machines.filter(
      (machine) => machine.life.exists(now) && own.some((assignment) => takesIn(assignment, machine, now)),
    );
  }

  /** @throws ArmError */
  answerConfiguration(method: string, id: string, body: string | undefined, now: number): ArmResponse {
    const known = this.configuration(id);
    if (method === "PUT") {
      const configuration = parseConfiguration(known?.id ?? id, bodyOf(body), this.#start, now);
      this.#configurations.set(configuration.key, configuration);
      this.onChange(configuration);
      return jsonAnswer(known ? 200 : 201, configurationBody(configuration));
    }
    if (method === "DELETE") {
      // That an assignment stands in the way of nothing and goes with it is an assumption.
      this.#configurations.delete(id.toLowerCase());
      for (const [key, assignment] of this.#assignments) {
        if (assignment.configurationKey === id.toLowerCase()) this.#assignments.delete(key);
      }
      return emptyAnswer(known ? 200 : 204);
    }
    if (known && method === "GET") return jsonAnswer(200, configurationBody(known));
    throw new ArmError(404, "ResourceNotFound", `The Resource '${id.split("/").slice(-3).join("/")}' was not found.`);
  }

  list(subscriptionId: string): ArmResponse {
    const value = this.configurations
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
    const known = this.#assignments.get(id.toLowerCase());
    if (method === "PUT") {
      const properties = objectOf(bodyOf(body)["properties"]);
      const configurationKey = String(properties["maintenanceConfigurationId"]).toLowerCase();
      if (!this.#configurations.has(configurationKey)) {
        throw new ArmError(404, "ResourceNotFound", "The maintenance configuration was not found.");
      }
      const assignment: Assignment = { id, name, resourceId, configurationKey, properties, since: now };
      this.#assignments.set(id.toLowerCase(), assignment);
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
    const value = this.assignments
      .filter((assignment) => assignment.resourceId.toLowerCase() === resourceId.toLowerCase())
      .map(assignmentBody);
    return jsonAnswer(200, { value });
  }
}
