import type { OperationResult } from "../../azure/operations/operation-reader";
import { patchCountsOf } from "../../azure/patch-counts";
import type { MachineView } from "../../domain/machine/view";
import { sameText } from "../../domain/text";
import type { EndedOperation, Intent } from "../../ledger/vms";
import { subjectOf, type RunDeps, type RunRef } from "./deps";
import { resultOfSummary } from "./summary-result";

/**
 * An installation that ended without a result: its numbers from the instance view if it was the machine's last, else
 * from Resource Graph, which keeps every installation for 30 days (Update Manager: query logs).
 */
export async function withNumbers(
  deps: RunDeps,
  ref: RunRef,
  { accepted }: Intent,
  ended: EndedOperation,
  view: MachineView | undefined,
): Promise<EndedOperation> {
  const activityId = accepted?.activityId;
  if (ended.result || activityId === undefined) return ended;
  const summary = view?.installation;
  const result =
    summary && sameText(summary.activityId, activityId)
      ? resultOfSummary(summary, ended.state)
      : await fromGraph(deps, ref, activityId);
  return result ? { ...ended, result } : ended;
}

async function fromGraph(deps: RunDeps, ref: RunRef, activityId: string): Promise<OperationResult | undefined> {
  const read = await deps.azure.readInstallationRows(subjectOf(deps, ref).machineId);
  if (read.kind !== "read") return undefined;
  const row = read.rows.find((candidate) => sameText(candidate.activityId, activityId))?.properties;
  if (!row?.status || sameText(row.status, "InProgress")) return undefined;
  return {
    status: row.status,
    counts: patchCountsOf(row),
    unfinishedPatches: [],
    ...(row.rebootStatus && { rebootStatus: row.rebootStatus }),
    ...(typeof row.maintenanceWindowExceeded === "boolean" && { windowExceeded: row.maintenanceWindowExceeded }),
  };
}
