import { z } from "zod";
import { formatMaintenanceRunId, type MaintenanceRunId } from "../../domain/maintenance/schedule-id";
import type { Arm } from "../arm";
import { installationQuery, type InstallationRow } from "../resource-graph/installation-rows";
import { quoted } from "../resource-graph/machine-rows";
import { readAllRows } from "../resource-graph/pages";
import { answerOf, type Answer } from "./answers";
import installations from "./scheduled-installations.kql";

/** The first version that cancels (Apply Updates, Create Or Update Or Cancel). */
const CANCEL_API = "2023-09-01-preview";

/** Cancels a run that has not begun; saying so again changes nothing. */
export const cancelRun = (arm: Arm, run: MaintenanceRunId): Promise<Answer<undefined>> =>
  answerOf(async () => {
    const path = `${formatMaintenanceRunId(run)}?api-version=${CANCEL_API}`;
    await arm.send(run.schedule.subscriptionId, "PUT", path, { properties: { status: "Cancel" } });
    return undefined;
  });

export interface ScheduledInstallation extends InstallationRow {
  /** In lower case: `maintenanceRunId` of the row, the `correlationId` of the run's events (seen in public scripts). */
  readonly runId: string;
}

/** What Resource Graph shows of the installations of runs. @param runIds in lower case */
export const readScheduledInstallations = (
  arm: Arm,
  runIds: readonly string[],
  subscriptions: readonly string[],
): Promise<Answer<ScheduledInstallation[]>> =>
  answerOf(async () => {
    const query = installations.replace("{{runIds}}", runIds.map(quoted).join(", "));
    const rows = await readAllRows(arm, { subscriptions, query, row: z.looseObject({ runId: z.string() }) });
    return rows.map((row) => ({ ...installationQuery.row.parse(row), runId: row.runId }));
  });
