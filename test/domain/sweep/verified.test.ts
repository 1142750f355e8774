import { expect, test } from "@jest/globals";
import { isVerified } from "../../../src/domain/sweep/verified";

test.each([
  ["Patched", 1, true],
  ["PatchesPending", 1, true],
  ["RebootPending", 1, true],
  ["NothingPending", 0, true],
  ["NothingInstalled", 1, true],
  ["NotWellAfterInstall", 1, false],
  ["SomePatchesFailed", 1, false],
  ["InstallFailed", 1, false],
  ["UnsupportedImage", 0, false],
  ["VmStopped", 0, false],
  ["OperationInProgress", 0, false],
  ["OutsideWindow", 0, false],
  ["SupportStateLate", 0, false],
] as const)("%s after %i installations sent: %s", (code, posts, verified) => {
  expect(isVerified(code, posts)).toBe(verified);
});
