import type { Answer } from "../../azure/maintenance/answers";
import type { MaintenanceApi } from "../../azure/maintenance/maintenance";
import type { PeriodicAssessmentChange } from "../../contracts/api/periodic-assessment";
import { isPeriodic } from "../../domain/maintenance/periodic-assessment";
import { formatVmId, type VmId } from "../../domain/machine/vm-id";

type Api = Pick<MaintenanceApi, "readPatchSettings" | "setPeriodicAssessment">;

/** Turns it on or off on each VM, one after the other; what Azure refuses for one stops none of the others. */
export async function changePeriodicAssessment(
  api: Api,
  vmIds: readonly VmId[],
  on: boolean,
): Promise<PeriodicAssessmentChange[]> {
  const changes: PeriodicAssessmentChange[] = [];
  for (const vmId of vmIds) changes.push({ vmId: formatVmId(vmId), ...(await changeOne(api, vmId, on)) });
  return changes;
}

type Change = Omit<PeriodicAssessmentChange, "vmId">;

async function changeOne(api: Api, vmId: VmId, on: boolean): Promise<Change> {
  const read = await api.readPatchSettings(vmId);
  if (read.kind !== "done") return failed(read);
  const { settings } = read.value;
  if (isPeriodic(settings) === on) return { result: "alreadySo" };
  const changed = await api.setPeriodicAssessment(vmId, settings.osType, on);
  return changed.kind === "done" ? { result: "changed" } : failed(changed);
}

function failed(answer: Exclude<Answer<unknown>, { kind: "done" }>): Change {
  switch (answer.kind) {
    case "notFound":
      return { result: "notFound" };
    case "unavailable":
      return { result: "unavailable", message: answer.message };
    default:
      return { result: "refused", message: answer.message };
  }
}
