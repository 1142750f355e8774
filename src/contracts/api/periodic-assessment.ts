import { z } from "zod";
import type { NoAnswer } from "../no-answer";
import { armId, text } from "./fields";
import type { ViewOf } from "./view";

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
const periodicAssessmentView = z.object({
  vmId: armId,
  on: z.boolean(),
  /** assessmentMode of the VM's model; null where it says nothing. */
  assessmentMode: text,
});
export type PeriodicAssessmentView = ViewOf<typeof periodicAssessmentView>;

/** What GET /api/periodic-assessment answers. */
export const periodicAssessmentList = z.object({ vms: z.array(periodicAssessmentView) });

/** What became of one VM. */
const periodicAssessmentChange = z.object({
  vmId: armId,
  result: z.enum(["changed", "alreadySo", "refused", "notFound", "unavailable"]),
  /** What Azure said, where it did not do it. */
  message: z.string().exactOptional(),
});
export type PeriodicAssessmentChange = ViewOf<typeof periodicAssessmentChange>;

/** What POST /api/periodic-assessment answers. */
export const periodicAssessmentChanges = z.object({ vms: z.array(periodicAssessmentChange) });

/** What Azure says about the VMs of a scope, or why it does not. */
export type PeriodicAssessmentLook =
  | { readonly kind: "found"; readonly vms: readonly PeriodicAssessmentView[] }
  | { readonly kind: "notFound" }
  /** All of the scope is outside GOLDPATCH_SCOPE. */
  | { readonly kind: "outside" }
  | NoAnswer;
