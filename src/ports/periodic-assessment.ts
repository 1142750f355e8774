import { holdOn } from "../activities/hold";
import { changePeriodicAssessment } from "../activities/periodic-assessment/change";
import { lookAtOne, lookAtScope } from "../activities/periodic-assessment/look";
import type { MaintenanceApi } from "../azure/maintenance/maintenance";
import type { Settings } from "../config";
import type { Switches } from "../ledger/switches";
import type { PeriodicAssessmentPorts } from "../triggers/ports";

interface Deps {
  readonly maintenance: MaintenanceApi;
  readonly settings: Settings;
  readonly switches: Switches;
}

/** What the routes of periodic assessment get of the app. */
export const createPeriodicAssessmentPorts = ({ maintenance, settings, switches }: Deps): PeriodicAssessmentPorts => ({
  lookAtOne: (vmId) => lookAtOne(maintenance, vmId),
  lookAtScope: (scope) => lookAtScope(maintenance, scope, settings.GOLDPATCH_SCOPE),
  isHeld: async () => (await holdOn({ settings, switches })) !== undefined,
  change: (vmIds, on) => changePeriodicAssessment(maintenance, vmIds, on),
});
