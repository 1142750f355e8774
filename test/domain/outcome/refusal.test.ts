import { describe, expect, test } from "@jest/globals";
import {
  classifyRefusal,
  missingAction,
  verdictOnFailedAssessment,
  type RefusedAnswer,
} from "../../../src/domain/outcome/refusal";

const NOT_RUNNING = "Cannot modify extensions in the VM when the VM is not running.";
const BUSY = "Another patch operation is in progress on the VM. Please retry once it has completed.";

describe("classifyRefusal", () => {
  test.each<[string, RefusedAnswer]>([
    ["500", { status: 500, code: "InternalExecutionError" }],
    ["502", { status: 502 }],
    ["503 without Retry-After", { status: 503 }],
    ["504", { status: 504 }],
    ["500, whose Retry-After says nothing about the request", { status: 500, retryAfterMs: 1_000 }],
    ["408", { status: 408 }],
  ])("%s: perhaps it was started", (_, answer) => {
    expect(classifyRefusal(answer)).toEqual({ kind: "unanswered" });
  });

  test.each<[string, RefusedAnswer, number, string]>([
    [
      "429 with Retry-After",
      { status: 429, code: "OperationNotAllowed", retryAfterMs: 1_200_000 },
      1_200_000,
      "AzureUnavailable",
    ],
    ["429 without Retry-After", { status: 429, code: "OperationNotAllowed" }, 60_000, "AzureUnavailable"],
    ["429, whatever its message says", { status: 429, message: NOT_RUNNING }, 60_000, "AzureUnavailable"],
    ["503 with Retry-After", { status: 503, retryAfterMs: 30_000 }, 30_000, "AzureUnavailable"],
    ["503 with Retry-After 0", { status: 503, retryAfterMs: 0 }, 0, "AzureUnavailable"],
    ["401, as a token may have run out", { status: 401 }, 60_000, "PermissionMissing"],
    ["409 busy", { status: 409, code: "OperationNotAllowed", message: BUSY }, 60_000, "OperationInProgress"],
    ["409 without a word", { status: 409 }, 60_000, "OperationInProgress"],
    [
      "400 with the code of busy",
      { status: 400, code: "operationNotAllowed", message: BUSY },
      60_000,
      "OperationInProgress",
    ],
    ["400 Conflict", { status: 400, code: "Conflict" }, 60_000, "OperationInProgress"],
    [
      "400 during an update by the platform",
      { status: 400, code: "ResourceUpdateBlockedOnPlatformUpdate" },
      60_000,
      "OperationInProgress",
    ],
  ])("%s: later", (_, answer, afterMs, code) => {
    expect(classifyRefusal(answer)).toEqual({ kind: "later", afterMs, code });
  });

  test.each<[string, RefusedAnswer, string]>([
    ["403", { status: 403, code: "AuthorizationFailed" }, "PermissionMissing"],
    ["404", { status: 404, code: "ResourceNotFound" }, "VmNotFound"],
    [
      "400 unsupported image",
      {
        status: 400,
        code: "InvalidParameter",
        message:
          "The selected VM image is not supported for VM Guest patch operations. Learn more at: https://aka.ms/VMGuestPatchingCompatibility",
      },
      "PatchingRefused",
    ],
    [
      "409 of a VM that goes away",
      { status: 409, code: "OperationNotAllowed", message: "The VM is marked for deletion." },
      "VmBeingDeleted",
    ],
    [
      "409 of a broken extension",
      { status: 409, code: "OperationNotAllowed", message: "Cannot proceed: extension 'agent' is in failed state." },
      "ExtensionFailed",
    ],
    ["409 of a stopped VM", { status: 409, code: "OperationNotAllowed", message: NOT_RUNNING }, "NotRunning"],
    [
      "409 of a VM that must run",
      {
        status: 409,
        code: "OperationNotAllowed",
        message: "The operation requires the VM to be running (or set to run).",
      },
      "NotRunning",
    ],
    ["400 of a deallocated VM", { status: 400, message: "The VM is DEALLOCATED." }, "NotRunning"],
    [
      "400 of a KB that is none",
      {
        status: 400,
        code: "InvalidParameter",
        message: "The entry in 'kbNumbersToInclude' with value '1111' is not valid.",
      },
      "RequestRefused",
    ],
    ["400 without a word", { status: 400 }, "RequestRefused"],
    ["422", { status: 422, code: "Unprocessable" }, "RequestRefused"],
  ])("%s: final", (_, answer, code) => {
    expect(classifyRefusal(answer)).toEqual({ kind: "final", code });
  });
});

test.each([
  [
    "The client 'x' with object id 'y' does not have authorization to perform action 'Microsoft.Compute/virtualMachines/assessPatches/action' over scope '/subscriptions/s' or the scope is invalid.",
    "Microsoft.Compute/virtualMachines/assessPatches/action",
  ],
  ["does not have authorization to perform action 'Microsoft.Compute/*/read' over scope", "Microsoft.Compute/*/read"],
  ["Forbidden", undefined],
  ["to perform action ''", undefined],
  ["to perform action '<script>'", undefined],
])("the action that %j names", (message, action) => {
  expect(missingAction(message)).toBe(action);
});

test.each([
  ["VMAgentStatusCommunicationError", "AgentUnreachable"],
  ["vmagentstatuscommunicationerror", "AgentUnreachable"],
  ["VMExtensionProvisioningTimeout", "ExtensionFailed"],
  ["VMExtensionProvisioningError", "ExtensionFailed"],
  ["VMExtensionHandlerNonTransientError", "ExtensionFailed"],
  ["InternalExecutionError", undefined],
  ["", undefined],
  [undefined, undefined],
])("an assessment that failed with %j says for certain: %s", (errorCode, verdict) => {
  expect(verdictOnFailedAssessment(errorCode)).toBe(verdict);
});
