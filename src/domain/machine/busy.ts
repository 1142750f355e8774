import { sameText } from "../text";
import type { MachineView, PatchSummary } from "./view";

/**
 * The longest installation (4 h, 75 min overtime) with room: summaries are known to stay InProgress for ever
 * (Linux patch extension, PR 70 and 74), and then Azure's answer to the POST decides.
 */
const STALE_AFTER_MS = 6 * 3_600_000;

/** The patch operation that runs on the machine by its instance view, or undefined when it is idle. */
export function operationInProgress(vm: MachineView): PatchSummary | undefined {
  return [vm.installation, vm.assessment].find(
    (summary) =>
      summary !== undefined &&
      sameText(summary.status, "InProgress") &&
      (summary.startedAt === undefined || vm.azureTime - summary.startedAt < STALE_AFTER_MS),
  );
}
