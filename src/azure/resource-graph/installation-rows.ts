import { z } from "zod";
import { wordsOf } from "../answers";
import type { MachineQuery, Rows } from "./machine-rows";
import query from "./installation-result.kql";

const text = z.string().transform(wordsOf).nullish();
const count = z.int().nonnegative().nullish();

/** A row of `patchinstallationresults` (Update Manager: query logs): many a machine, one an installation. */
const row = z
  .looseObject({
    id: z.string(),
    properties: z.looseObject({
      status: text,
      startDateTime: text,
      /** `User` or `Platform`. */
      startedBy: text,
      /** Of a schedule's run; empty otherwise. */
      maintenanceRunId: text,
      errorDetails: z.looseObject({ code: text, message: text }).nullish(),
      rebootStatus: text,
      maintenanceWindowExceeded: z.boolean().nullish(),
      installedPatchCount: count,
      failedPatchCount: count,
      pendingPatchCount: count,
      excludedPatchCount: count,
      notSelectedPatchCount: count,
    }),
  })
  .transform(({ id, properties }) => {
    const [machineId = "", activityId = ""] = id.toLowerCase().split("/patchinstallationresults/");
    return { machineId, activityId, properties };
  });
export type InstallationRow = z.infer<typeof row>;
export type InstallationRows = Rows<InstallationRow>;

export const installationQuery: MachineQuery<InstallationRow> = { query, row };
