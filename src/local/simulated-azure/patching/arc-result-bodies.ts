import { countByClassification } from "../graph/assessment-rows";
import type { AzureCalendar } from "../timestamps";
import type { PatchOperation } from "./operation";

type Json = Readonly<Record<string, unknown>>;

/**
 * What an Arc address answers once an operation has ended: flat, and without patches. Shapes:
 * Machine_AssessPatches 2025-01-13 and Machine_InstallPatches 2024-07-10 [SPEC]; a failed result was never seen.
 */
export function arcResultBody(
  operation: PatchOperation,
  osType: "Windows" | "Linux",
  calendar: AzureCalendar,
): Json | undefined {
  const { id, kind, startsAt, endsAt, startedBy, assessed, installed } = operation;
  const result = kind === "assess" ? assessed : installed;
  if (!result) return undefined;
  const common = {
    startDateTime: calendar.zulu(startsAt),
    lastModifiedDateTime: calendar.zulu(endsAt),
    startedBy,
    osType,
    errorDetails: result.status === "Succeeded" ? null : result.error,
  };
  if (kind === "assess" && assessed) {
    return {
      status: assessed.status,
      assessmentActivityId: id,
      rebootPending: assessed.rebootPending,
      availablePatchCountByClassification: countByClassification(assessed.patches),
      ...common,
    };
  }
  const count = (state: string) => installed?.entries.filter((entry) => entry.state === state).length ?? 0;
  return {
    status: result.status,
    installationActivityId: id,
    rebootStatus: installed?.rebootStatus,
    maintenanceWindowExceeded: installed?.windowExceeded,
    excludedPatchCount: count("Excluded"),
    notSelectedPatchCount: count("NotSelected"),
    pendingPatchCount: count("Pending"),
    installedPatchCount: count("Installed"),
    failedPatchCount: count("Failed"),
    ...common,
  };
}
