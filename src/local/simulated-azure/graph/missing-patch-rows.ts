import type { MachineResource } from "../machine/machine-resource";
import type { PatchOperation } from "../patching/operation";
import { REBOOT_BEHAVIOR } from "../patching/result-bodies";
import { DAY_MS } from "../timestamps";
import { rowOf, type Row } from "./row";

/**
 * Rows `latest/softwarePatches/{update}` in `patchassessmentresources`, one for each missing patch.
 * Names of type, id and properties: [DOC] query-logs. That the last part of the id is the patch's id: [MEM].
 */
export function missingPatchRows(machine: MachineResource, { assessed, endsAt }: PatchOperation): readonly Row[] {
  const { calendar, start } = machine.world;
  return (assessed?.patches ?? []).map((patch) => {
    const windows = patch.kbId !== undefined;
    return rowOf(machine, {
      id: `${machine.id}/patchAssessmentResults/latest/softwarePatches/${patch.patchId}`,
      name: patch.patchId,
      type: `${machine.type.toLowerCase()}/patchassessmentresults/softwarepatches`,
      properties: {
        patchId: patch.patchId,
        patchName: patch.name,
        ...(windows ? { kbId: patch.kbId } : { version: patch.version }),
        classifications: [patch.classification],
        rebootBehavior: REBOOT_BEHAVIOR[patch.reboot],
        publishedDateTime: windows ? calendar.zulu(start - patch.publishedDaysAgo * DAY_MS) : null,
        lastModifiedDateTime: calendar.zulu(endsAt),
      },
    });
  });
}
