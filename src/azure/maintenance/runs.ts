import { z } from "zod";
import { formatMaintenanceRunId, type MaintenanceRunId } from "../../domain/maintenance/schedule-id";
import type { Arm } from "../arm";
import { GRAPH_PAGE_ROWS } from "../limits";
import { installationQuery, type InstallationRow } from "../resource-graph/installation-rows";
import { quoted } from "../resource-graph/machine-rows";
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
    const found: ScheduledInstallation[] = [];
    let skipToken: string | undefined;
    do {
      const answer = await arm.graph.resources({
        subscriptions: [...subscriptions],
        query: installations.replace("{{runIds}}", runIds.map(quoted).join(", ")),
        options: { resultFormat: "objectArray", top: GRAPH_PAGE_ROWS, ...(skipToken !== undefined && { skipToken }) },
      });
      for (const data of z.array(z.looseObject({ runId: z.string() })).parse(answer.data)) {
        found.push({ ...installationQuery.row.parse(data), runId: data.runId });
      }
      skipToken = answer.skipToken;
    } while (skipToken !== undefined);
    return found;
  });
