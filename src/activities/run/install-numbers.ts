import type { OperationResult } from "../../azure/operations/operation-reader";
import { patchCountsOf } from "../../azure/patch-counts";
import type { MachineView } from "../../domain/machine/view";
import { sameText } from "../../domain/text";
import type { EndedOperation, Intent } from "../../ledger/intent";
import { subjectOf, type RunDeps, type RunRef } from "./deps";
import { resultOfSummary } from "./summary-result";

/** Whether other sources may yet tell what the operation itself did not: numbers, or whether a reboot is due. */
export const numbersMayCome = ({ state, source, result }: EndedOperation): boolean =>
  state === "succeeded" && (!result || (source === "instanceView" && result.rebootStatus === undefined));

/**
 * An installation that ended without a result: its numbers from the instance view if it was the machine's last, else
 * from Resource Graph, which keeps every installation for 30 days (Update Manager: query logs). Only the operation
 * and Resource Graph know whether a reboot is due.
 */
export async function withNumbers(
  deps: RunDeps,
  ref: RunRef,
  { accepted }: Intent,
  ended: EndedOperation,
  view: MachineView | undefined,
): Promise<EndedOperation> {
  const activityId = accepted?.activityId;
  if (activityId === undefined || (ended.result && !numbersMayCome(ended))) return ended;
  const summary = view?.installation;
  const seen = summary && sameText(summary.activityId, activityId) ? resultOfSummary(summary, ended.state) : undefined;
  const result = ended.result ?? seen;
  const row = await fromGraph(deps, ref, activityId);
  if (!result) return row ? { ...ended, result: row } : ended;
  const rebootStatus = row?.rebootStatus;
  return { ...ended, result: { ...result, ...(rebootStatus !== undefined && { rebootStatus }) } };
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
