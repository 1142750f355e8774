import type { Azure } from "../../azure/azure";
import {
  newestRow,
  toSupportRow,
  type AssessmentRow,
  type AssessmentRows,
} from "../../azure/resource-graph/assessment-rows";
import type { MissingPatches } from "../../azure/resource-graph/missing-patches";
import type { MissingPatchList, VmLook, VmView } from "../../contracts/api/vms";
import { sourceOf } from "../../domain/machine/image";
import { decideReadiness, warningsFor } from "../../domain/machine/readiness";
import type { ArcConnection, MachineView } from "../../domain/machine/view";
import { canonicalVmId, formatVmId, type VmId } from "../../domain/machine/vm-id";
import { knownSupport, type KnownSupport } from "../../domain/support/known";

type Reads = Pick<Azure, "queryMachine" | "queryAssessmentRows" | "readMissingPatches">;

/** Three reads for somebody who asks: the VM, and its rows in Resource Graph. Nothing is started, and nothing written. */
export async function lookAtVm(azure: Reads, vmId: VmId): Promise<VmLook> {
  const machineId = canonicalVmId(vmId);
  const [look, [rows], missing] = await Promise.all([
    azure.queryMachine(vmId),
    azure.queryAssessmentRows([machineId]),
    azure.readMissingPatches(machineId),
  ]);
  return look.kind === "found" ? { kind: "found", view: toView(vmId, look.view, rows, missing) } : look;
}

function toView(vmId: VmId, machine: MachineView, rows: AssessmentRows | undefined, missing: MissingPatches): VmView {
  const row = rows?.kind === "read" ? newestRow(rows.rows) : undefined;
  const known = knownSupport(row && toSupportRow(row), machine.assessment, vmId.kind);
  const readiness = decideReadiness(machine);
  const source = sourceOf(machine);
  return {
    vmId: formatVmId(vmId),
    imageId: source.imageId,
    imageKind: source.kind,
    osType: machine.osType ?? null,
    supportState: known.state,
    ...(known.evidence && { evidence: known.evidence }),
    source: known.source,
    assessmentStatus: known.assessmentStatus ?? null,
    ...timesOf(known, machine.azureTime),
    pending: pendingOf(known, row, machine),
    missing: missingOf(missing),
    ...(rows && rows.kind !== "read" && { resourceGraphTrouble: rows.message }),
    ...(machine.arc && { connection: connectionOf(machine.arc) }),
    ready: readiness.kind === "ready",
    ...(readiness.kind !== "ready" && { notReady: readiness.code }),
    warnings: warningsFor(machine),
  };
}

const connectionOf = ({ status, agentVersion, changedAt }: ArcConnection) => ({
  status: status ?? null,
  agentVersion: agentVersion ?? null,
  since: changedAt === undefined ? null : new Date(changedAt).toISOString(),
});

const timesOf = ({ seenAt }: KnownSupport, azureTime: number) =>
  seenAt === undefined
    ? { seenAt: null, ageSeconds: null }
    : { seenAt: new Date(seenAt).toISOString(), ageSeconds: Math.max(0, Math.round((azureTime - seenAt) / 1000)) };

function pendingOf({ source }: KnownSupport, row: AssessmentRow | undefined, { assessment }: MachineView) {
  const counts = source === "resourceGraph" ? row?.pendingByClassification : assessment?.counts;
  const known = Object.entries(counts ?? {}).flatMap(([name, count]) =>
    count == null ? [] : [[name, count] as const],
  );
  return known.length > 0 ? Object.fromEntries(known) : null;
}

function missingOf(missing: MissingPatches): MissingPatchList | null {
  if (missing.kind !== "read" || missing.patches.length === 0) return null;
  const seen = missing.patches.flatMap(({ modifiedAt }) => modifiedAt ?? []).sort();
  return {
    seenAt: seen.at(-1) ?? null,
    complete: missing.complete,
    patches: missing.patches.map(({ modifiedAt: _modifiedAt, ...patch }) => patch),
  };
}
