import type { Machine } from "../machine/machine";
import { objectOf, type Json } from "./configuration";

/** A configuration assignment: of one machine, or of those that a filter takes in when the schedule runs. */
export interface Assignment {
  readonly id: string;
  readonly name: string;
  /** The machine's id, or the subscription's. */
  readonly resourceId: string;
  readonly configurationKey: string;
  readonly properties: Json;
  /** When it was put, in milliseconds since the epoch. */
  readonly since: number;
}

/** Shapes: ConfigurationAssignments_CreateOrUpdate and …ForSubscriptions_CreateOrUpdate [SPEC]. */
export const assignmentBody = ({ id, name, properties, resourceId }: Assignment): Json => ({
  id,
  name,
  type: "Microsoft.Maintenance/configurationAssignments",
  properties: { ...properties, resourceId },
});

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === "string").map((item) => item.toLowerCase()) : [];

/** [DOC] dynamic-scope-overview: what is not named is not asked; tag values have case (assumption). */
export function takesIn({ resourceId, properties }: Assignment, machine: Machine, now: number): boolean {
  const home = resourceId.toLowerCase();
  const filter = objectOf(properties["filter"]);
  if (properties["filter"] === undefined) return machine.key === home;
  if (!machine.key.startsWith(`${home}/`)) return false;
  const holds = (name: string, value: string) => {
    const wanted = texts(filter[name]).map((word) => word.replaceAll(" ", ""));
    return wanted.length === 0 || wanted.includes(value.toLowerCase().replaceAll(" ", ""));
  };
  const own =
    holds("resourceTypes", machine.type) &&
    holds("resourceGroups", machine.resourceGroup) &&
    holds("osTypes", machine.image.osType) &&
    holds("locations", machine.location);
  const { tags, filterOperator } = objectOf(filter["tagSettings"]);
  const wanted = Object.entries(objectOf(tags));
  if (!own || wanted.length === 0) return own;
  const has = ([name, values]: readonly [string, unknown]) =>
    Object.entries(machine.tags(now)).some(
      ([key, value]) => key.toLowerCase() === name.toLowerCase() && Array.isArray(values) && values.includes(value),
    );
  return filterOperator === "All" ? wanted.every(has) : wanted.some(has);
}
