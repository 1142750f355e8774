import type { MachineResource } from "../machine/machine-resource";
import type { PatchOperation } from "../patching/operation";
import { DAY_MS } from "../timestamps";
import { lagOf, rowOf, type Row } from "./row";

interface Run {
  readonly operation: PatchOperation;
  readonly lagMs: number;
}

/** Installations are kept for 30 days: [DOC] query-logs. */
const RETENTION_MS = 30 * DAY_MS;

/** One row for each installation of a machine in `patchinstallationresources`. */
export class InstallationRows {
  readonly #machine: MachineResource;
  readonly #runs: Run[] = [];

  constructor(machine: MachineResource) {
    this.#machine = machine;
  }

  publish(operation: PatchOperation): void {
    if (operation.kind !== "install" || !operation.reaches) return;
    this.#runs.push({ operation, lagMs: lagOf(this.#machine, operation.id) });
  }

  visible(now: number): readonly Row[] {
    return this.#runs
      .filter(({ operation, lagMs }) => operation.startsAt + lagMs <= now && operation.endsAt > now - RETENTION_MS)
      .map(({ operation, lagMs }) => this.#row(operation, operation.endsAt + lagMs <= now));
  }

  #row(operation: PatchOperation, over: boolean): Row {
    const { image, world } = this.#machine;
    const installed = over ? operation.installed : undefined;
    const count = (state: string) => installed?.entries.filter((entry) => entry.state === state).length ?? 0;
    return rowOf(this.#machine, {
      id: `${this.#machine.id}/patchInstallationResults/${operation.id}`,
      name: operation.id,
      type: `${this.#machine.type.toLowerCase()}/patchinstallationresults`,
      properties: {
        installationActivityId: operation.id,
        status: over ? (installed?.status ?? "Failed") : "InProgress",
        rebootStatus: installed?.rebootStatus ?? "Unknown",
        maintenanceWindowExceeded: installed?.windowExceeded ?? false,
        installedPatchCount: count("Installed"),
        failedPatchCount: count("Failed"),
        pendingPatchCount: count("Pending"),
        excludedPatchCount: count("Excluded"),
        notSelectedPatchCount: count("NotSelected"),
        startDateTime: world.calendar.wholeSecond(operation.startsAt),
        lastModifiedDateTime: world.calendar.wholeSecond(over ? operation.endsAt : operation.startsAt),
        startedBy: operation.startedBy,
        osType: image.osType,
        patchServiceUsed: image.osType === "Windows" ? "WU-WSUS" : "APT",
        ...(over && operation.ending.error ? { errorDetails: { ...operation.ending.error, details: [] } } : {}),
        maintenanceRunId: operation.maintenanceRunId ?? "",
      },
    });
  }
}
