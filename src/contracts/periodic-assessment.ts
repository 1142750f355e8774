import { z } from "zod";

/** Each VM is read and, where it is not so already, changed: one request has to be over before a proxy gives up on it. */
export const MOST_VMS_AT_ONCE = 20;

/** Body of POST /api/periodic-assessment. */
export const periodicAssessmentBody = z.strictObject({
  vmIds: z
    .array(z.string())
    .min(1, "name at least one VM id")
    .max(MOST_VMS_AT_ONCE, `name at most ${MOST_VMS_AT_ONCE} VM ids in one request`),
  on: z.boolean(),
});

/** Whether the platform assesses one VM by itself. */
export interface PeriodicAssessmentView {
  readonly vmId: string;
  readonly on: boolean;
  /** assessmentMode of the VM's model; null where it says nothing. */
  readonly assessmentMode: string | null;
}

/** What became of one VM. */
export interface PeriodicAssessmentChange {
  readonly vmId: string;
  readonly result: "changed" | "alreadySo" | "refused" | "notFound" | "unavailable";
  /** What Azure said, where it did not do it. */
  readonly message?: string;
}

/** What Azure says about the VMs of a scope, or why it does not. */
export type PeriodicAssessmentLook =
  | { readonly kind: "found"; readonly vms: readonly PeriodicAssessmentView[] }
  | { readonly kind: "notFound" }
  | { readonly kind: "forbidden"; readonly message: string }
  | { readonly kind: "unavailable"; readonly message: string; readonly retryAfterMs?: number };
