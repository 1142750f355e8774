import type { PatchSummary } from "../machine/view";
import { isFresh, parseSupportState, type SupportRow, type SupportState } from "./decide";

/** What Azure has on record about a VM's support state. Instants are Azure's clock, milliseconds since the epoch. */
export interface KnownSupport {
  readonly source: "resourceGraph" | "instanceView" | "none";
  /** Null: the source does not say. */
  readonly state: SupportState | null;
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
export function knownSupport(row: SupportRow | undefined, shown: PatchSummary | undefined): KnownSupport {
  if (row && (!shown || isFresh(row, { ...shown, acceptedAt: shown.startedAt ?? Number.POSITIVE_INFINITY }))) {
    return {
      source: "resourceGraph",
      state: parseSupportState(row.readiness),
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
