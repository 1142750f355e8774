import type { OperationResult } from "../../azure/operations/operation-reader";
import type { PatchSummary } from "../../domain/machine/view";

/** The numbers of an operation as the instance view keeps them; it has no patch list and no reboot status. */
export const resultOfSummary = (summary: PatchSummary, state: string): OperationResult => ({
  status: summary.status ?? state,
  counts: summary.counts,
  unfinishedPatches: [],
  ...(summary.maintenanceWindowExceeded !== undefined && { windowExceeded: summary.maintenanceWindowExceeded }),
});
