import type { PatchSummary } from "../machine/view";
import type { MachineKind } from "../machine/vm-id";
import { operationState } from "../operation/operation";
import { isFresh, parseSupportState, type SupportRow, type SupportState } from "./decide";

/** What Azure has on record about a VM's support state. Instants are Azure's clock, milliseconds since the epoch. */
export interface KnownSupport {
  readonly source: "resourceGraph" | "instanceView" | "none";
  /** Null: the source does not say. */
  readonly state: SupportState | null;
  /** For an Arc-enabled server, which has no support state of its own: an assessment that succeeded is the proof. */
  readonly evidence?: "assessmentSucceeded";
  /** Of the assessment that the source tells of, in Azure's words. */
  readonly assessmentStatus?: string;
  readonly seenAt?: number;
}

/**
 * Reads what is known without asking the VM. The row counts unless the instance view shows a newer assessment; the
 * instance view itself never carries the support state (Update Manager: manage updates for customized images).
 *
 * @param shown the assessment of the instance view; absent until a first operation reached the VM
 */
export function knownSupport(
  row: SupportRow | undefined,
  shown: PatchSummary | undefined,
  machineKind: MachineKind = "azureVm",
): KnownSupport {
  if (row && (!shown || isFresh(row, { ...shown, acceptedAt: shown.startedAt ?? Number.POSITIVE_INFINITY }))) {
    const told = parseSupportState(row.readiness);
    const proved = machineKind === "arc" && told === null && operationState(row.status) === "succeeded";
    return {
      source: "resourceGraph",
      ...(proved ? { state: "Supported", evidence: "assessmentSucceeded" } : { state: told }),
      assessmentStatus: row.status,
      ...(row.modifiedAt !== undefined && { seenAt: row.modifiedAt }),
    };
  }
  if (!shown) return { source: "none", state: null };
  return {
    source: "instanceView",
    state: null,
    ...(shown.status !== undefined && { assessmentStatus: shown.status }),
    ...(shown.startedAt !== undefined && { seenAt: shown.startedAt }),
  };
}
