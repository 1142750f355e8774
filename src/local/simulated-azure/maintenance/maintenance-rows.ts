import { COLUMNS, type Row } from "../graph/row";
import { DAY_MS, MINUTE_MS, type AzureCalendar } from "../timestamps";
import { assignmentBody, type Assignment } from "./assignment";
import type { Run } from "./maintenance-runs";

/** Rows of a new assignment show within about a minute: [3P] blog 10. */
const ASSIGNMENT_LAG_MS = MINUTE_MS;
/** Rows of runs are kept as long as those of installations (assumption). */
const RUN_RETENTION_MS = 30 * DAY_MS;

const rowOf = (own: Row): Row => ({ ...Object.fromEntries(COLUMNS.map((column) => [column, ""])), ...own });

/** Rows of `maintenanceresources`; that they hold what ARM answers is an assumption, fields of runs are [3P]. */
export function maintenanceRows(
  assignments: readonly Assignment[],
  runs: readonly Run[],
  calendar: AzureCalendar,
  now: number,
): readonly Row[] {
  const ofAssignments = assignments
    .filter(({ since }) => since + ASSIGNMENT_LAG_MS <= now)
    .map((assignment) =>
      rowOf({
        id: assignment.id,
        name: assignment.name,
        type: "microsoft.maintenance/configurationassignments",
        subscriptionId: assignment.resourceId.split("/")[2] ?? "",
        properties: assignmentBody(assignment)["properties"],
      }),
    );
  const ofRuns = runs
    .filter(({ startsAt }) => startsAt > now - RUN_RETENTION_MS)
    .flatMap((run) =>
      run.machines.map((machine) =>
        rowOf({
          id: `${machine.id}/providers/Microsoft.Maintenance/applyUpdates/${run.name}`,
          name: run.name,
          type: "microsoft.maintenance/applyupdates",
          subscriptionId: machine.subscriptionId,
          properties: {
            maintenanceScope: "InGuestPatch",
            maintenanceConfigurationId: run.configuration.id,
            correlationId: run.id,
            resourceId: machine.id,
            startDateTime: calendar.zulu(run.startsAt),
            endDateTime: calendar.zulu(run.endsAt),
            status: run.cancelled ? "Cancelled" : now < run.endsAt ? "InProgress" : "Completed",
          },
        }),
      ),
    );
  return [...ofAssignments, ...ofRuns];
}
