import type { PatchOperation } from "../patching/operation";
import { criticalAndSecurity, type Patch } from "../patching/patch";
import type { Machine } from "./machine";

type Json = Readonly<Record<string, unknown>>;

/** `patchStatus` of the instance view; absent until a first operation reached the machine [V-TYPE; REC R4]. */
export function patchStatus(machine: Machine, now: number): Json | undefined {
  machine.patches.settle(now);
  const seen = machine.patches.operations.filter((operation) => operation.reaches && operation.startsAt <= now);
  const assessed = seen.findLast(
    (operation) => operation.kind === "assess" || (operation.assessed && over(operation, now)),
  );
  const installed = seen.findLast((operation) => operation.kind === "install");
  if (!assessed && !installed) return undefined;
  return {
    ...(assessed ? { availablePatchSummary: availableSummary(machine, assessed, now) } : {}),
    ...(installed ? { lastPatchInstallationSummary: installationSummary(machine, installed, now) } : {}),
  };
}

const over = (operation: PatchOperation, now: number): boolean => operation.endsAt <= now;

function availableSummary(machine: Machine, operation: PatchOperation, now: number): Json {
  const { calendar } = machine.world;
  const running =
    !over(operation, now) || (machine.vm.instanceViewStuckInProgress === "assess" && operation.kind === "assess");
  const { assessed } = operation;
  return {
    status: running ? "InProgress" : (assessed?.status ?? "Failed"),
    assessmentActivityId: operation.id,
    rebootPending: running ? false : (assessed?.rebootPending ?? false),
    ...counts(running ? [] : (assessed?.patches ?? [])),
    startTime: calendar.wholeSecond(operation.startsAt),
    lastModifiedTime: calendar.wholeSecond(running ? operation.startsAt : operation.endsAt),
    ...(running ? {} : { error: summaryError(operation, assessed?.error) }),
  };
}

function installationSummary(machine: Machine, operation: PatchOperation, now: number): Json {
  const { calendar } = machine.world;
  const running = !over(operation, now) || machine.vm.instanceViewStuckInProgress === "install";
  const { installed } = operation;
  const count = (state: string) =>
    running || !installed ? 0 : installed.entries.filter((entry) => entry.state === state).length;
  return {
    status: running ? "InProgress" : (installed?.status ?? "Failed"),
    installationActivityId: operation.id,
    maintenanceWindowExceeded: !running && (installed?.windowExceeded ?? false),
    notSelectedPatchCount: count("NotSelected"),
    excludedPatchCount: count("Excluded"),
    pendingPatchCount: count("Pending"),
    installedPatchCount: count("Installed"),
    failedPatchCount: count("Failed"),
    startTime: calendar.wholeSecond(operation.startsAt),
    lastModifiedTime: calendar.wholeSecond(running ? operation.startsAt : operation.endsAt),
    ...(running ? {} : { error: summaryError(operation, installed?.error) }),
  };
}

const summaryError = (operation: PatchOperation, inResult: Json | null | undefined): Json | null | undefined =>
  operation.ending.error === undefined ? inResult : { ...operation.ending.error, details: [] };

const counts = (patches: readonly Patch[]): Json => {
  const criticalAndSecurityPatchCount = patches.filter(criticalAndSecurity).length;
  return { criticalAndSecurityPatchCount, otherPatchCount: patches.length - criticalAndSecurityPatchCount };
};
