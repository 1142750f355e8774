import { operationState } from "../operation/operation";
import type { OutcomeCode } from "../outcome/table";
import { sameText } from "../text";

/** What Azure reported of an installation. Counts come from the count fields: lists are cut on Linux (addenda A2). */
export interface InstallResult {
  /** The result's own status, or the operation's where there is no result. */
  readonly status: string;
  readonly installed?: number;
  readonly failed?: number;
  readonly pending?: number;
  readonly rebootStatus?: string;
  readonly windowExceeded?: boolean;
}

/**
 * The outcome of an installation by its numbers.
 * A non-null error is no sign of failure: Azure sends one with code Success or 0 (addenda A2).
 */
export function decideInstall(result: InstallResult): OutcomeCode {
  const { installed, failed = 0, pending = 0 } = result;
  const state = operationState(result.status);
  const azureFailed = state === "failed";
  if (installed === undefined) return azureFailed ? "InstallFailed" : "FinalStateUnreadable";
  if (installed === 0 && failed > 0) return "NothingInstalledSomeFailed";
  if (installed === 0 && azureFailed) return "InstallFailed";
  if (state === "running") return "FinalStateUnreadable";
  if (failed > 0) return "SomePatchesFailed";
  if (pending > 0) return result.windowExceeded ? "WindowExceeded" : "PatchesPending";
  // A reboot that is still to come explains no failure; a window that ran out does (update-manager/troubleshoot.md).
  const isExplained = !azureFailed || result.windowExceeded === true;
  if (awaitsReboot(result) && isExplained) return "RebootPending";
  if (installed === 0) return "NothingInstalled";
  if (result.windowExceeded) return "WindowExceeded";
  if (sameText(result.rebootStatus, "Failed")) return "RebootFailed";
  return azureFailed ? "AzureReportedFailure" : "Patched";
}

const awaitsReboot = ({ rebootStatus }: InstallResult): boolean =>
  sameText(rebootStatus, "Required") || sameText(rebootStatus, "Started");
