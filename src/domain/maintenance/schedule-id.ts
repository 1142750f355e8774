import { RESOURCE_NAME_LIMIT } from "./limits";

/** A maintenance configuration's ARM id, in parts. */
export interface ScheduleId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}

const SCHEDULE_ID =
  /^\/subscriptions\/([0-9a-f-]{36})\/resourceGroups\/([^/?#\s]{1,90})\/providers\/Microsoft\.Maintenance\/maintenanceConfigurations\/([A-Za-z0-9][\w.-]*)\/?$/i;

export const SCHEDULE_ID_FORM =
  "/subscriptions/ID/resourceGroups/NAME/providers/Microsoft.Maintenance/maintenanceConfigurations/NAME";

/** The parts of a maintenance configuration's id in any case, or undefined when the text is none. */
export function parseScheduleId(text: string): ScheduleId | undefined {
  const [, subscriptionId, resourceGroup, name] = SCHEDULE_ID.exec(text) ?? [];
  return subscriptionId && resourceGroup && name ? { subscriptionId, resourceGroup, name } : undefined;
}

export const formatScheduleId = ({ subscriptionId, resourceGroup, name }: ScheduleId): string =>
  `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Maintenance/maintenanceConfigurations/${name}`;

/** The form to compare and to derive keys from. */
export const canonicalScheduleId = (id: ScheduleId): string => formatScheduleId(id).toLowerCase();

/** Why Azure would refuse the name; undefined when it would not. */
export function problemWithName({ resourceGroup, name }: ScheduleId): string | undefined {
  const length = resourceGroup.length + name.length;
  return length < RESOURCE_NAME_LIMIT
    ? undefined
    : `"${name}" in "${resourceGroup}": resource group and name have ${length} characters together, and may have fewer than ${RESOURCE_NAME_LIMIT}`;
}

/** One run of a schedule: `correlationId` of its events, `maintenanceRunId` of its installations. */
export interface MaintenanceRunId {
  readonly schedule: ScheduleId;
  /** When it starts, `yyyyMMddHHmmss` in UTC. */
  readonly run: string;
}

const RUN_ID = /^(.+)\/providers\/microsoft\.maintenance\/applyupdates\/(\d{14})\/?$/i;

/** The run that an id names, or undefined when the text is none. */
export function parseMaintenanceRunId(text: string): MaintenanceRunId | undefined {
  const [, scheduleText = "", run] = RUN_ID.exec(text) ?? [];
  const schedule = parseScheduleId(scheduleText);
  return schedule && run !== undefined ? { schedule, run } : undefined;
}

export const formatMaintenanceRunId = ({ schedule, run }: MaintenanceRunId): string =>
  `${formatScheduleId(schedule)}/providers/Microsoft.Maintenance/applyUpdates/${run}`;
