import { expect, test } from "@jest/globals";
import { afterVmRefused, leftRunning } from "../../../src/domain/hook/ending";

test("a no after the VM: it counts as failed, and its own end is told", () => {
  expect(afterVmRefused({ code: "Patched" }, "it answered 409")).toEqual({
    code: "AfterVmRefused",
    detail: "hook afterVm: it answered 409; the run itself: Patched",
  });
  expect(afterVmRefused({ code: "InstallFailed", detail: "E1" }, "it answered 409").detail).toBe(
    "hook afterVm: it answered 409; the run itself: InstallFailed; E1",
  );
});

test("a VM that counts as failed already keeps its code", () => {
  expect(afterVmRefused({ code: "ProbeFailed", detail: "probe: it answered 500" }, "no")).toEqual({
    code: "ProbeFailed",
    detail: "probe: it answered 500; hook afterVm: no",
  });
});

test("a VM that could not be deallocated: a run that ends well has a warning, any other keeps its code", () => {
  const detail = "the run started the VM and could not deallocate it: 403";
  expect(leftRunning({ code: "Patched" }, "403")).toEqual({ code: "LeftRunning", detail });
  expect(leftRunning({ code: "UnsupportedImage", detail: "seen" }, "403")).toEqual({
    code: "UnsupportedImage",
    detail: `seen; ${detail}`,
  });
});
