import type { Ending } from "../../contracts/run";
import { decideInstall, type InstallResult } from "../../domain/install/result";
import type { EndedOperation } from "../../ledger/intent";

/** What an ended installation means, by its numbers and Azure's error. */
export function installEnding(ended: EndedOperation): Ending {
  const code = decideInstall(resultOf(ended));
  const error = [ended.errorCode, ended.errorMessage].filter(Boolean).join(": ");
  return { code, ...(error && { detail: error }) };
}

function resultOf({ state, result }: EndedOperation): InstallResult {
  if (!result) return { status: state };
  const { counts } = result;
  return {
    // The operation failed although its result may claim otherwise: what failed decides.
    status: state === "failed" ? "Failed" : result.status,
    ...(counts["installedPatchCount"] !== undefined && { installed: counts["installedPatchCount"] }),
    ...(counts["failedPatchCount"] !== undefined && { failed: counts["failedPatchCount"] }),
    ...(counts["pendingPatchCount"] !== undefined && { pending: counts["pendingPatchCount"] }),
    ...(result.rebootStatus !== undefined && { rebootStatus: result.rebootStatus }),
    ...(result.windowExceeded !== undefined && { windowExceeded: result.windowExceeded }),
  };
}
