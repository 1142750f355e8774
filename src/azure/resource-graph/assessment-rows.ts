import { z } from "zod";
import type { MachineQuery, Rows } from "./machine-rows";
import query from "./support-state.kql";

const text = z.string().nullish();

/** A row of `patchassessmentresults` (Update Manager: query logs), reduced to what decisions and evidence need. */
const row = z
  .looseObject({
    id: z.string(),
    name: text,
    properties: z.looseObject({
      assessmentActivityId: text,
      status: text,
      startedBy: text,
      startDateTime: text,
      lastModifiedDateTime: text,
      availablePatchCountByClassification: z.record(z.string(), z.number().nullish()).nullish(),
      configurationStatus: z
        .looseObject({
          vmGuestPatchReadiness: z.looseObject({ detectedVMGuestPatchSupportState: text }).nullish(),
        })
        .nullish(),
    }),
  })
  .transform(({ id, name, properties }) => ({
    machineId: id.toLowerCase().split("/patchassessmentresults/")[0] ?? "",
    rowName: name,
    activityId: properties.assessmentActivityId,
    status: properties.status,
    supportState: properties.configurationStatus?.vmGuestPatchReadiness?.detectedVMGuestPatchSupportState,
    startedBy: properties.startedBy,
    startDateTime: properties.startDateTime,
    lastModifiedDateTime: properties.lastModifiedDateTime,
    pendingByClassification: properties.availablePatchCountByClassification,
  }));
export type AssessmentRow = z.infer<typeof row>;
export type AssessmentRows = Rows<AssessmentRow>;

export const assessmentQuery: MachineQuery<AssessmentRow> = { query, row };
