import type { MachineKind } from "../machine/vm-id";
import { operationState } from "../operation/operation";
import type { OutcomeCode } from "../outcome/table";
import { sameText } from "../text";

/** The four states of `detectedVMGuestPatchSupportState` (Update Manager: manage updates for customized images). */
export type SupportState = "Supported" | "Unsupported" | "UnableToDetermine" | "Unknown";

/** One look at Azure after an assessment. Instants are Azure's own clock, in milliseconds since the epoch. */
export interface SupportObservation {
  readonly machineKind: MachineKind;
  readonly assessment: {
    readonly activityId?: string;
    /** `Date` header of the 202. */
    readonly acceptedAt: number;
    /** The operation itself ended badly. */
    readonly failed: boolean;
  };
  readonly row?: SupportRow;
  readonly pastDeadline: boolean;
}

/** The machine's one row of `patchassessmentresources`. */
export interface SupportRow {
  /** `assessmentActivityId` and the row's name; either may be absent or a constant. */
  readonly activityIds: readonly string[];
  /** The later of `startDateTime` and `lastModifiedDateTime`. */
  readonly modifiedAt?: number;
  readonly status: string;
  /** As written by Azure, in any case. */
  readonly readiness?: string;
}

export type SupportDecision =
  | { readonly kind: "wait"; readonly why: "noRow" | "staleRow" | "inProgress" }
  | {
      readonly kind: "supported";
      readonly evidence: "readiness" | "assessmentSucceeded";
    }
  | { readonly kind: "unsupported" }
  /** The answer may change: assess again, and end with the code when there were enough assessments. */
  | { readonly kind: "reassess"; readonly code: OutcomeCode }
  | { readonly kind: "undetermined"; readonly code: OutcomeCode };

/**
 * What the wait for Resource Graph does next.
 *
 * Only a fresh row decides: `latest` is one row per machine, and it may still be last week's.
 * Arc rows carry no readiness; there a fresh assessment that succeeded is all the proof there is.
 */
export function decideSupport(seen: SupportObservation): SupportDecision {
  const { row, assessment } = seen;
  if (!row) return notYet(seen, "noRow");
  if (!isFresh(row, assessment)) return notYet(seen, "staleRow");
  if (["InProgress", "NotStarted"].some((status) => sameText(row.status, status))) return notYet(seen, "inProgress");

  const assessmentFailed = sameText(row.status, "Failed");
  switch (parseSupportState(row.readiness)) {
    case "Supported":
      return assessmentFailed
        ? { kind: "reassess", code: "AssessmentFailed" }
        : { kind: "supported", evidence: "readiness" };
    case "Unsupported":
      return { kind: "unsupported" };
    case "UnableToDetermine":
      return { kind: "reassess", code: "SupportUnableToDetermine" };
    case "Unknown":
      return { kind: "reassess", code: "SupportUnknown" };
    case null:
      if (assessmentFailed) return { kind: "reassess", code: "AssessmentFailed" };
      return seen.machineKind === "arc" && operationState(row.status) === "succeeded"
        ? { kind: "supported", evidence: "assessmentSucceeded" }
        : { kind: "undetermined", code: "NoReadiness" };
  }
}

function notYet(seen: SupportObservation, why: "noRow" | "staleRow" | "inProgress"): SupportDecision {
  if (!seen.pastDeadline) return { kind: "wait", why };
  return seen.assessment.failed
    ? { kind: "reassess", code: "AssessmentFailed" }
    : { kind: "undetermined", code: "SupportStateLate" };
}

/**
 * A newer assessment counts too: the platform writes `latest` over ours when a patch setting changes (addenda A6).
 */
export function isFresh(
  row: SupportRow,
  assessment: Pick<SupportObservation["assessment"], "activityId" | "acceptedAt">,
): boolean {
  const { activityId } = assessment;
  if (activityId !== undefined && row.activityIds.some((id) => sameText(id, activityId))) return true;
  return row.modifiedAt !== undefined && row.modifiedAt >= assessment.acceptedAt;
}

/** A word that nobody documented counts as Unknown; none at all as null. */
export function parseSupportState(readiness: string | undefined): SupportState | null {
  switch (readiness?.toLowerCase()) {
    case undefined:
    case "":
      return null;
    case "supported":
      return "Supported";
    case "unsupported":
      return "Unsupported";
    case "unabletodetermine":
      return "UnableToDetermine";
    default:
      return "Unknown";
  }
}
