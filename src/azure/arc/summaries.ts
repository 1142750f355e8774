import type { PatchSummary } from "../../domain/machine/view";
import { sameText } from "../../domain/text";
import { countsByClassification, patchCountsOf } from "../patch-counts";
import { newestRow, type AssessmentRow } from "../resource-graph/assessment-rows";
import type { InstallationRow } from "../resource-graph/installation-rows";

interface Summaries {
  readonly assessment?: PatchSummary;
  readonly installation?: PatchSummary;
}

/** The machine's last assessment and its last installation by its rows, in the form of an instance view. */
export function summariesOf(
  assessments: readonly AssessmentRow[],
  installations: readonly InstallationRow[],
): Summaries {
  const assessed = newestRow(assessments);
  const installed = installations.toSorted((a, b) => startOf(b) - startOf(a))[0];
  return {
    ...(assessed && { assessment: assessmentOf(assessed) }),
    ...(installed && { installation: installationOf(installed) }),
  };
}

/** One whose start is not told goes last. */
const startOf = ({ properties }: InstallationRow): number => {
  const at = Date.parse(properties.startDateTime ?? "");
  return Number.isNaN(at) ? Number.NEGATIVE_INFINITY : at;
};

function assessmentOf(row: AssessmentRow): PatchSummary {
  const activityId = row.activityId ?? row.rowName;
  return {
    ...shared(row.status, row.startDateTime, isOfSystem(row.startedBy)),
    ...(activityId && { activityId }),
    counts: countsByClassification(row.pendingByClassification ?? {}),
  };
}

function installationOf({ activityId, properties }: InstallationRow): PatchSummary {
  const { status, startDateTime, startedBy, maintenanceRunId, maintenanceWindowExceeded, errorDetails } = properties;
  const error = sameText(status ?? undefined, "Failed") ? errorDetails : undefined;
  return {
    ...shared(status, startDateTime, isOfSystem(startedBy) || Boolean(maintenanceRunId)),
    activityId,
    counts: patchCountsOf(properties),
    ...(typeof maintenanceWindowExceeded === "boolean" && { maintenanceWindowExceeded }),
    ...(error?.code && { errorCode: error.code }),
    ...(error?.message && { errorMessage: error.message }),
  };
}

/** `User` or `Platform` (Update Manager: query logs). */
const isOfSystem = (startedBy: string | null | undefined): boolean => sameText(startedBy ?? undefined, "Platform");

/** The rows have a word more for an operation under way than the instance view. */
function shared(status: string | null | undefined, startDateTime: string | null | undefined, bySystem: boolean) {
  const startedAt = Date.parse(startDateTime ?? "");
  return {
    ...(status && { status: sameText(status, "NotStarted") ? "InProgress" : status }),
    ...(!Number.isNaN(startedAt) && { startedAt }),
    ...(bySystem && { startedBySystem: true as const }),
  };
}
