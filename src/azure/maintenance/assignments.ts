import { createHash } from "node:crypto";
import { z } from "zod";
import type { ScopeFilter } from "../../domain/maintenance/dynamic-scope";
import { canonicalScheduleId, formatScheduleId, type ScheduleId } from "../../domain/maintenance/schedule-id";
import { formatVmId, machineTypes, type VmId } from "../../domain/machine/vm-id";
import { sameText } from "../../domain/text";
import type { Arm } from "../arm";
import { quoted } from "../resource-graph/machine-rows";
import { readAllRows } from "../resource-graph/pages";
import { answerOf, type Answer } from "./answers";
import { MAINTENANCE_API } from "./schedules";
import subscriptionScopes from "./dynamic-scopes.kql";
import associations from "./schedule-associations.kql";

const assignment = z.looseObject({
  id: z.string(),
  name: z.string(),
  properties: z.looseObject({
    maintenanceConfigurationId: z.string(),
    resourceId: z.string().nullish(),
    filter: z.looseObject({}).nullish(),
  }),
});

/** One machine or dynamic scope of a schedule. */
export interface Association {
  readonly id: string;
  readonly name: string;
  readonly scheduleId: string;
  /** A dynamic scope's filter, as Azure keeps it; null for a single machine. */
  readonly filter: object | null;
  /** The machine, or the scope's subscription. */
  readonly resourceId: string;
}

const HOME = "/providers/Microsoft.Maintenance/configurationAssignments";

/** The same for the same schedule, and another for a schedule of the same name in another group. */
export function assignmentNameOf(schedule: ScheduleId): string {
  const digest = createHash("sha256").update(canonicalScheduleId(schedule)).digest("hex").slice(0, 8);
  return `${schedule.name}-${digest}`;
}

/** Configuration Assignments, Create Or Update: the machine belongs to the schedule from now on. */
export const assignVm = (arm: Arm, schedule: ScheduleId, vmId: VmId, location: string): Promise<Answer<undefined>> =>
  answerOf(async () => {
    const path = `${formatVmId(vmId)}${HOME}/${assignmentNameOf(schedule)}?api-version=${MAINTENANCE_API}`;
    const properties = { maintenanceConfigurationId: formatScheduleId(schedule), resourceId: formatVmId(vmId) };
    await arm.send(vmId.subscriptionId, "PUT", path, { location, properties });
    return undefined;
  });

/** The machine's assignments to a schedule, whoever made them (Configuration Assignments, List). */
export const assignmentsOf = (arm: Arm, schedule: ScheduleId, vmId: VmId): Promise<Answer<string[]>> =>
  answerOf(async () => {
    const path = `${formatVmId(vmId)}${HOME}?api-version=${MAINTENANCE_API}`;
    const read = z.looseObject({ value: z.array(assignment) }).parse(await arm.send(vmId.subscriptionId, "GET", path));
    const id = formatScheduleId(schedule);
    return read.value
      .filter(({ properties }) => sameText(properties.maintenanceConfigurationId, id))
      .map((found) => found.id);
  });

/** Configuration Assignments For Subscriptions, Create Or Update: a dynamic scope. */
export const assignScope = (
  arm: Arm,
  schedule: ScheduleId,
  subscriptionId: string,
  name: string,
  filter: ScopeFilter,
): Promise<Answer<undefined>> =>
  answerOf(async () => {
    const properties = { maintenanceConfigurationId: formatScheduleId(schedule), filter: filterBody(filter) };
    await arm.send(subscriptionId, "PUT", `${scopeIdOf(subscriptionId, name)}?api-version=${MAINTENANCE_API}`, {
      properties,
    });
    return undefined;
  });

export const scopeIdOf = (subscriptionId: string, name: string): string =>
  `/subscriptions/${subscriptionId}${HOME}/${name}`;

/** Removes an assignment of either kind, by its id. What is not there is removed too. */
export const removeAssignment = (arm: Arm, subscriptionId: string, id: string): Promise<Answer<undefined>> =>
  answerOf(async () => {
    await arm.send(subscriptionId, "DELETE", `${id}?api-version=${MAINTENANCE_API}`);
    return undefined;
  });

function filterBody({
  machines = ["azureVm"],
  resourceGroups,
  osTypes,
  locations,
  tags,
  tagOperator = "Any",
}: ScopeFilter): object {
  return {
    resourceTypes: machines.map((kind) => machineTypes[kind]),
    ...(resourceGroups && { resourceGroups }),
    ...(osTypes && { osTypes }),
    ...(locations && { locations }),
    ...(tags && { tagSettings: { tags, filterOperator: tagOperator } }),
  };
}

/**
 * Machines and dynamic scopes of a schedule in these subscriptions. ARM lists no assignments of a subscription (it
 * answers 404 NotImplemented), so Resource Graph is asked, which shows a new one after about a minute.
 */
export const readAssociations = (
  arm: Arm,
  schedule: ScheduleId,
  subscriptions: readonly string[],
): Promise<Answer<Association[]>> =>
  queryAssociations(arm, associations.replace("{{scheduleIds}}", quoted(canonicalScheduleId(schedule))), subscriptions);

/** The dynamic scopes of a subscription, whatever their schedule; not those of its resource groups. */
export const readScopesOfSubscription = (arm: Arm, subscriptionId: string): Promise<Answer<Association[]>> =>
  queryAssociations(arm, subscriptionScopes, [subscriptionId]);

const queryAssociations = (arm: Arm, query: string, subscriptions: readonly string[]): Promise<Answer<Association[]>> =>
  answerOf(async () => {
    return (await readAllRows(arm, { subscriptions, query, row: assignment })).map(toAssociation);
  });

function toAssociation({ id, name, properties }: z.infer<typeof assignment>): Association {
  const [resourceId = ""] = id.split(/\/providers\/microsoft\.maintenance\//i);
  return {
    id,
    name,
    scheduleId: properties.maintenanceConfigurationId,
    filter: properties.filter ?? null,
    resourceId: properties.resourceId ?? resourceId,
  };
}

const texts = z.array(z.string()).nullish();
const keptFilter = z.looseObject({
  resourceTypes: texts,
  resourceGroups: texts,
  osTypes: texts,
  locations: texts,
  tagSettings: z
    .looseObject({ tags: z.record(z.string(), z.array(z.string())).nullish(), filterOperator: z.string().nullish() })
    .nullish(),
});

/** A filter as Azure keeps it, whoever made it: what it does not name it does not ask, nor what cannot be read. */
export function readFilter(filter: object): ScopeFilter {
  const { resourceTypes, resourceGroups, osTypes, locations, tagSettings } = keptFilter.safeParse(filter).data ?? {};
  const kinds = (["azureVm", "arc"] as const).filter(
    (kind) => !resourceTypes?.length || resourceTypes.some((type) => sameText(type, machineTypes[kind])),
  );
  const systems = (["Windows", "Linux"] as const).filter((name) => osTypes?.some((osType) => sameText(osType, name)));
  return {
    machines: kinds,
    ...(resourceGroups && { resourceGroups }),
    ...(systems.length > 0 && { osTypes: systems }),
    ...(locations && { locations }),
    ...(tagSettings?.tags && { tags: tagSettings.tags }),
    tagOperator: sameText(tagSettings?.filterOperator ?? undefined, "All") ? "All" : "Any",
  };
}
