import { z } from "zod";
import type { SupportRow } from "../../domain/support/decide";
import { wordsOf } from "../answers";
import type { MachineQuery, Rows } from "./machine-rows";
import query from "./support-state.kql";

const text = z.string().transform(wordsOf).nullish();

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

/** There is one row a machine; should Azure show two, the newer one is meant. */
export const newestRow = (rows: readonly AssessmentRow[]): AssessmentRow | undefined =>
  [...rows].sort((a, b) => (modifiedAt(b) ?? 0) - (modifiedAt(a) ?? 0))[0];

/** The later of its two instants, by Azure's clock. */
export function modifiedAt(row: AssessmentRow): number | undefined {
  const instants = [row.startDateTime, row.lastModifiedDateTime].flatMap((text) => {
    const instant = Date.parse(text ?? "");
    return Number.isNaN(instant) ? [] : [instant];
  });
  return instants.length > 0 ? Math.max(...instants) : undefined;
}

export function toSupportRow(row: AssessmentRow): SupportRow {
  const at = modifiedAt(row);
  return {
    activityIds: [row.activityId, row.rowName].flatMap((id) => id || []),
    status: row.status ?? "",
    ...(at !== undefined && { modifiedAt: at }),
    ...(row.supportState && { readiness: row.supportState }),
  };
}
