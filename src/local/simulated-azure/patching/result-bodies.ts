import type { AzureCalendar } from "../timestamps";
import type { PatchOperation } from "./operation";
import { criticalAndSecurity, type Patch } from "./patch";

type Json = Readonly<Record<string, unknown>>;

const DAY_MS = 24 * 60 * 60 * 1000;

export const REBOOT_BEHAVIOR = {
  never: "NeverReboots",
  canRequest: "CanRequestReboot",
  always: "AlwaysRequiresReboot",
} as const satisfies Record<Patch["reboot"], string>;

const identity = (patch: Patch): Json => ({
  patchId: patch.patchId,
  name: patch.name,
  ...(patch.kbId === undefined ? { version: patch.version } : { kbId: patch.kbId }),
  classifications: [patch.classification],
});

/** What `properties.output` holds and Location answers: [REC] R1 to R4. Undefined for an operation without result. */
export function resultBody(operation: PatchOperation, calendar: AzureCalendar, fleetStart: number): Json | undefined {
  if (operation.kind === "install") return installResult(operation, calendar);
  return assessResult(operation, calendar, fleetStart);
}

function assessResult({ id, startsAt, endsAt, assessed }: PatchOperation, calendar: AzureCalendar, fleetStart: number) {
  if (!assessed) return undefined;
  const criticalAndSecurityPatchCount = assessed.patches.filter(criticalAndSecurity).length;
  return {
    status: assessed.status,
    assessmentActivityId: id,
    rebootPending: assessed.rebootPending,
    criticalAndSecurityPatchCount,
    otherPatchCount: assessed.patches.length - criticalAndSecurityPatchCount,
    startDateTime: calendar.wholeSecond(startsAt),
    availablePatches: assessed.patches.map((patch) => ({
      ...identity(patch),
      rebootBehavior: REBOOT_BEHAVIOR[patch.reboot],
      ...(patch.kbId === undefined
        ? {}
        : { publishedDate: calendar.wholeSecond(fleetStart - patch.publishedDaysAgo * DAY_MS) }),
      activityId: id,
      lastModifiedDateTime: calendar.wholeSecond(endsAt),
      assessmentState: "Available",
    })),
    error: assessed.error,
  };
}

function installResult({ id, startsAt, installed }: PatchOperation, calendar: AzureCalendar) {
  if (!installed) return undefined;
  const count = (state: string) => installed.entries.filter((entry) => entry.state === state).length;
  return {
    status: installed.status,
    installationActivityId: id,
    rebootStatus: installed.rebootStatus,
    maintenanceWindowExceeded: installed.windowExceeded,
    excludedPatchCount: count("Excluded"),
    notSelectedPatchCount: count("NotSelected"),
    pendingPatchCount: count("Pending"),
    installedPatchCount: count("Installed"),
    failedPatchCount: count("Failed"),
    patches: installed.entries.map(({ patch, state }) => ({ ...identity(patch), installationState: state })),
    startDateTime: calendar.wholeSecond(startsAt),
    error: installed.error,
  };
}
