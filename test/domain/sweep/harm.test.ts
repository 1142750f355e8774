import { expect, test } from "@jest/globals";
import { isHarm } from "../../../src/domain/sweep/harm";

test.each([
  ["Patched", 1, false],
  ["RebootPending", 1, false],
  ["NotWellAfterInstall", 1, true],
  ["RebootFailed", 1, true],
  ["AzureReportedFailure", 1, true],
  ["SomePatchesFailed", 1, true],
  ["IntentUnresolved", 1, true],
  ["ProbeFailed", 1, true],
  ["AfterVmRefused", 0, true],
  ["BeforeVmRefused", 0, false],
  ["LeftRunning", 1, false],
  ["InstallFailed", 1, true],
  ["InstallStillRunning", 1, true],
  ["PermissionMissing", 0, false],
  ["InternalError", 0, false],
  ["AssessmentFailed", 0, false],
  ["OutsideWindow", 0, false],
] as const)("%s after %i installations sent: %s", (code, posts, harm) => {
  expect(isHarm(code, posts)).toBe(harm);
});
