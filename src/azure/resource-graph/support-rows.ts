import DataLoader from "dataloader";
import { z } from "zod";
import { sleepUntil, type Clock } from "../../clock";
import { readFailureOf, type ReadFailure } from "../answers";
import type { Arm } from "../arm";
import { GRAPH_COALESCE_MS, GRAPH_IDS_PER_QUERY, GRAPH_PAGE_ROWS } from "../limits";
import supportStateQuery from "./support-state.kql";

const text = z.string().nullish();

/** A row of `patchassessmentresults` (Update Manager: query logs), reduced to what decisions and evidence need. */
const graphRow = z
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
export type AssessmentRow = z.infer<typeof graphRow>;

export type AssessmentRows = { readonly kind: "read"; readonly rows: readonly AssessmentRow[] } | ReadFailure;

/** Reads the assessment rows of machines; reads that begin at about the same time share one query. */
export class SupportRows {
  readonly #loader: DataLoader<string, AssessmentRows>;

  constructor(arm: Arm, clock: Clock) {
    this.#loader = new DataLoader((machineIds: readonly string[]) => queryRows(arm, machineIds), {
      cache: false,
      maxBatchSize: GRAPH_IDS_PER_QUERY,
      batchScheduleFn: (dispatch) => void sleepUntil(clock, clock.now() + GRAPH_COALESCE_MS).then(dispatch),
    });
  }

  /** @param machineId the VM's ARM id in lower case */
  read(machineId: string): Promise<AssessmentRows> {
    return this.#loader.load(machineId);
  }
}

/** One query for up to GRAPH_IDS_PER_QUERY machines. */
export async function queryRows(arm: Arm, machineIds: readonly string[]): Promise<AssessmentRows[]> {
  const ids = [...new Set(machineIds)];
  const subscriptions = [...new Set(ids.map((id) => id.split("/")[2] ?? ""))];
  try {
    const answer = await arm.graph.resources({
      subscriptions,
      query: supportStateQuery.replace("{{machineIds}}", ids.map(quoted).join(", ")),
      options: { resultFormat: "objectArray", top: GRAPH_PAGE_ROWS },
    });
    const rows = z.array(graphRow).parse(answer.data);
    return machineIds.map((id) => ({ kind: "read", rows: rows.filter(({ machineId }) => machineId === id) }));
  } catch (failure) {
    return machineIds.map(() => readFailureOf(failure));
  }
}

/** A KQL string literal; ids were validated before, so nothing is left to escape but the quote itself. */
const quoted = (id: string): string => `'${id.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
