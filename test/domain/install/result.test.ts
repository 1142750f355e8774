import { expect, test } from "@jest/globals";
import { decideInstall, type InstallResult } from "../../../src/domain/install/result";
import { outcomeOf } from "../../../src/domain/outcome/table";

const ok = (numbers: Omit<InstallResult, "status">): InstallResult => ({ status: "Succeeded", ...numbers });
const warned = (numbers: Omit<InstallResult, "status">): InstallResult => ({
  status: "CompletedWithWarnings",
  ...numbers,
});
const failed = (numbers: Omit<InstallResult, "status">): InstallResult => ({ status: "Failed", ...numbers });

test.each<[string, string, InstallResult]>([
  ["patched", "Patched", ok({ installed: 3, failed: 0, pending: 0, rebootStatus: "NotNeeded", windowExceeded: false })],
  ["patched", "Patched", ok({ installed: 1 })],
  ["patched", "Patched", ok({ installed: 32, failed: 0, pending: 0, rebootStatus: "Completed" })],
  ["patched", "Patched", warned({ installed: 3, failed: 0, pending: 0 })],
  ["patched", "Patched", { status: "SUCCEEDED", installed: 3 }],

  ["upToDate", "NothingInstalled", ok({ installed: 0, failed: 0, pending: 0, rebootStatus: "NotNeeded" })],
  ["upToDate", "NothingInstalled", ok({ installed: 0 })],
  ["upToDate", "NothingInstalled", warned({ installed: 0, failed: 0, pending: 0 })],

  ["patchedWithWarnings", "SomePatchesFailed", failed({ installed: 5, failed: 1, pending: 0 })],
  ["patchedWithWarnings", "SomePatchesFailed", ok({ installed: 5, failed: 1, pending: 3, windowExceeded: true })],
  ["patchedWithWarnings", "PatchesPending", ok({ installed: 5, failed: 0, pending: 1 })],
  ["patchedWithWarnings", "PatchesPending", warned({ installed: 0, failed: 0, pending: 1 })],
  ["patchedWithWarnings", "PatchesPending", failed({ installed: 5, failed: 0, pending: 1 })],
  ["patchedWithWarnings", "WindowExceeded", warned({ installed: 5, failed: 0, pending: 4, windowExceeded: true })],
  ["patchedWithWarnings", "WindowExceeded", warned({ installed: 0, failed: 0, pending: 4, windowExceeded: true })],
  ["patchedWithWarnings", "WindowExceeded", ok({ installed: 5, failed: 0, pending: 0, windowExceeded: true })],
  ["patchedWithWarnings", "RebootPending", ok({ installed: 5, rebootStatus: "Required" })],
  ["patchedWithWarnings", "RebootPending", ok({ installed: 5, rebootStatus: "started" })],
  ["patchedWithWarnings", "RebootPending", ok({ installed: 0, failed: 0, pending: 0, rebootStatus: "REQUIRED" })],
  ["patchedWithWarnings", "RebootPending", ok({ installed: 5, rebootStatus: "Required", windowExceeded: true })],
  ["patchedWithWarnings", "RebootFailed", ok({ installed: 5, rebootStatus: "Failed" })],
  ["patchedWithWarnings", "AzureReportedFailure", failed({ installed: 5, failed: 0, pending: 0 })],
  ["patchedWithWarnings", "AzureReportedFailure", failed({ installed: 5, rebootStatus: "Required" })],
  ["patchedWithWarnings", "AzureReportedFailure", failed({ installed: 5, rebootStatus: "Started" })],
  ["patchedWithWarnings", "RebootPending", failed({ installed: 5, rebootStatus: "Required", windowExceeded: true })],

  ["failed", "NothingInstalledSomeFailed", failed({ installed: 0, failed: 2, pending: 0 })],
  ["failed", "NothingInstalledSomeFailed", ok({ installed: 0, failed: 1 })],
  ["failed", "NothingInstalledSomeFailed", ok({ installed: 0, failed: 2, pending: 7, rebootStatus: "Required" })],
  ["failed", "InstallFailed", failed({ installed: 0, failed: 0, pending: 0 })],
  ["failed", "InstallFailed", failed({ installed: 0, failed: 0, pending: 7 })],
  ["failed", "InstallFailed", failed({ installed: 0, failed: 0, pending: 0, rebootStatus: "Required" })],
  ["failed", "InstallFailed", failed({})],
  ["failed", "InstallFailed", { status: "failed" }],
  ["failed", "InstallFailed", { status: "Canceled", installed: 0 }],
  ["failed", "InstallFailed", { status: "Cancelled" }],
  ["failed", "FinalStateUnreadable", ok({})],
  ["failed", "FinalStateUnreadable", { status: "succeeded" }],
  ["failed", "FinalStateUnreadable", ok({ failed: 0, pending: 0 })],
  ["failed", "FinalStateUnreadable", { status: "InProgress", installed: 0, failed: 0, pending: 0 }],
  ["failed", "FinalStateUnreadable", { status: "Unknown", installed: 5, failed: 0, pending: 0 }],
])("%s/%s: %j", (outcome, code, result) => {
  const decided = decideInstall(result);
  expect(decided).toBe(code);
  expect(outcomeOf(decided).outcome).toBe(outcome);
});
