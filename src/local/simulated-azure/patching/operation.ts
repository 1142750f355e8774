import type { Patch } from "./patch";

type Json = Readonly<Record<string, unknown>>;

export type RebootStatus = "Unknown" | "NotNeeded" | "Required" | "Started" | "Failed" | "Completed";

export interface InstallationEntry {
  readonly patch: Patch;
  readonly state: "Installed" | "Failed" | "Excluded" | "NotSelected" | "Pending";
}

export interface AssessFindings {
  readonly status: string;
  readonly patches: readonly Patch[];
  readonly rebootPending: boolean;
  readonly error: Json | null;
}

export interface InstallFindings {
  readonly status: string;
  readonly entries: readonly InstallationEntry[];
  readonly rebootStatus: RebootStatus;
  readonly windowExceeded: boolean;
  readonly error: Json | null;
}

export interface OperationEnding {
  readonly status: "Succeeded" | "Failed" | "Canceled";
  readonly error?: { readonly code: string; readonly message: string };
}

/** An assessment or installation, from its acceptance on; its whole course is known then. Instants in milliseconds. */
export interface PatchOperation {
  /** Also the activity id of the result and of the Resource Graph row: [REC] R1 to R4. */
  readonly id: string;
  readonly kind: "assess" | "install";
  readonly startedBy: "User" | "Platform";
  readonly startsAt: number;
  readonly endsAt: number;
  readonly ending: OperationEnding;
  /** Whether the machine ever took it up; if not, neither instance view nor Resource Graph learn of it. */
  readonly reaches: boolean;
  /** What an assessment, or the one at the end of an installation, found. */
  readonly assessed: AssessFindings | undefined;
  readonly installed: InstallFindings | undefined;
  readonly readiness: string | null;
  /** The run of the schedule that started it. */
  readonly maintenanceRunId?: string;
}
