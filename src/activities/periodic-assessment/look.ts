import type { MaintenanceApi } from "../../azure/maintenance/maintenance";
import type { PeriodicAssessmentLook, PeriodicAssessmentView } from "../../contracts/api/periodic-assessment";
import { isPeriodic } from "../../domain/maintenance/periodic-assessment";
import type { PatchSettings } from "../../domain/maintenance/prerequisite";
import { holdsPlace, isInScope, type ScopeEntry } from "../../domain/machine/scope";
import { formatVmId, type VmId } from "../../domain/machine/vm-id";

/** One VM, by its model. */
export async function lookAtOne(
  api: Pick<MaintenanceApi, "readPatchSettings">,
  vmId: VmId,
): Promise<PeriodicAssessmentLook> {
  const answer = await api.readPatchSettings(vmId);
  switch (answer.kind) {
    case "done":
      return { kind: "found", vms: [viewOf(vmId, answer.value.settings)] };
    case "refused":
      return { kind: "unavailable", message: answer.message };
    default:
      return answer;
  }
}

/** The VMs of a subscription or resource group, as Resource Graph shows them, as far as they are in GOLDPATCH_SCOPE. */
export async function lookAtScope(
  api: Pick<MaintenanceApi, "readScopeVms">,
  scope: ScopeEntry,
  allowed: readonly ScopeEntry[],
): Promise<PeriodicAssessmentLook> {
  if (!allowed.some((entry) => holdsPlace(entry, scope) || holdsPlace(scope, entry))) return { kind: "outside" };
  const answer = await api.readScopeVms(scope.subscriptionId);
  switch (answer.kind) {
    case "done": {
      const vms = answer.value.filter(({ vmId }) => isInScope([scope], vmId) && isInScope(allowed, vmId));
      return { kind: "found", vms: vms.map(({ vmId, settings }) => viewOf(vmId, settings)) };
    }
    case "refused":
      return { kind: "unavailable", message: answer.message };
    default:
      return answer;
  }
}

const viewOf = (vmId: VmId, settings: PatchSettings): PeriodicAssessmentView => ({
  vmId: formatVmId(vmId),
  on: isPeriodic(settings),
  assessmentMode: settings.assessmentMode ?? null,
});
