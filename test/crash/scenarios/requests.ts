import type { Scenario } from "../scenario";
import { oneVm, patchVm } from "./machines";

const answers = (status: number, code: string, message: string, retryAfterSeconds?: number) => ({
  answers: [{ status, code, message, times: 1, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) }],
});
const BUSY = "Operation 'installPatches' is not allowed on VM 'vm' since another operation is in progress.";

/** What Azure may answer to a request for an operation, or not. */
export const requests: readonly Scenario[] = [
  {
    name: "operator busy, then free",
    fleet: oneVm({ otherOperations: [{ kind: "assess", alreadyRunningForSeconds: 60, lastsSeconds: 110 }] }),
    deeds: patchVm,
    ends: { vm: [["Patched"]] },
    from: "assessPatches",
  },
  {
    name: "operator busy for ever",
    fleet: oneVm({ otherOperations: [{ kind: "install", alreadyRunningForSeconds: 60, lastsSeconds: 9000 }] }),
    settings: { GOLDPATCH_BUSY_RETRY_MINUTES: "2" },
    deeds: patchVm,
    ends: { vm: [["OperationInProgress"]] },
    from: "assessPatches",
  },
  {
    name: "operator installs before us",
    fleet: oneVm({ otherOperations: [{ kind: "install", startsAfterAssessmentSeconds: 1, lastsSeconds: 150 }] }),
    deeds: patchVm,
    // It left nothing to install.
    ends: { vm: [["NothingInstalled"]] },
    from: "installPatches",
  },
  {
    name: "assess throttled",
    fleet: oneVm({ assess: answers(429, "OperationNotAllowed", "too many requests", 60) }),
    deeds: [{ when: 0, what: "run", mode: "assess", vms: ["vm"] }],
    ends: { vm: [["Supported"]] },
    from: "POST assessPatches",
    refusals: true,
  },
  {
    name: "install refused as busy",
    fleet: oneVm({ install: answers(409, "OperationNotAllowed", BUSY) }),
    deeds: patchVm,
    ends: { vm: [["Patched"]] },
    from: "installPatches",
    refusals: true,
  },
  {
    name: "install refused for good",
    fleet: oneVm({ install: { answers: [{ status: 400, code: "InvalidParameter", message: "no", times: 9 }] } }),
    deeds: patchVm,
    ends: { vm: [["RequestRefused"]] },
    from: "installPatches",
  },
  {
    name: "assess lost after its effect",
    fleet: oneVm({ assess: { cut: { when: "afterEffect" } } }),
    deeds: [{ when: 0, what: "run", mode: "assess", vms: ["vm"] }],
    ends: { vm: [["Supported"]] },
    from: "assessPatches",
  },
  {
    name: "assess lost before its effect",
    fleet: oneVm({ assess: { cut: { when: "beforeEffect" } } }),
    deeds: [{ when: 0, what: "run", mode: "assess", vms: ["vm"] }],
    ends: { vm: [["Supported"]] },
    from: "assessPatches",
  },
  {
    name: "install lost after its effect",
    fleet: oneVm({ install: { cut: { when: "afterEffect" } } }),
    deeds: patchVm,
    ends: { vm: [["Patched"]] },
    from: "installPatches",
  },
  {
    name: "install lost before its effect",
    // After a crash the lost request may be one that was never sent: nothing was lost, and the install goes well.
    fleet: oneVm({ install: { cut: { when: "beforeEffect" } } }),
    deeds: patchVm,
    ends: { vm: [["IntentUnresolved"]] },
    from: "installPatches",
  },
  {
    name: "install begins late",
    fleet: oneVm({ install: { late: { answerAfterSeconds: 80, effect: "whenAnswered" } } }),
    deeds: patchVm,
    ends: { vm: [["Patched"]] },
    from: "installPatches",
  },
];

/** What becomes of an operation that Azure took. */
export const operations: readonly Scenario[] = [
  {
    name: "install breaks",
    fleet: oneVm({ install: { breaks: { error: { code: "VMExtensionProvisioningError", message: "broken" } } } }),
    deeds: patchVm,
    ends: { vm: [["InstallFailed"]] },
    from: "POST installPatches",
  },
  {
    name: "assessment breaks once",
    fleet: oneVm({ assess: { breaks: { times: 1, error: { code: "VMGuestPatchInternalError", message: "retry" } } } }),
    deeds: [{ when: 0, what: "run", mode: "assess", vms: ["vm"] }],
    ends: { vm: [["Supported"]] },
    from: "GET operation",
  },
  {
    name: "some patches fail",
    fleet: oneVm({ install: { failing: 1 } }),
    deeds: patchVm,
    ends: { vm: [["SomePatchesFailed"]] },
    from: "POST installPatches",
  },
  {
    name: "not well afterwards",
    fleet: oneVm({ install: { afterwards: { powerState: "stopped" } } }),
    settings: { GOLDPATCH_GRACE_MINUTES: "1" },
    deeds: patchVm,
    ends: { vm: [["NotWellAfterInstall"]] },
    from: "POST installPatches",
  },
  {
    name: "silent for a while afterwards",
    fleet: oneVm({ install: { afterwards: { agentSilentSeconds: 80 } } }),
    deeds: patchVm,
    ends: { vm: [["Patched"]] },
    from: "POST installPatches",
  },
  {
    name: "address gone",
    fleet: oneVm({ install: { gonePolls: 1, durationSeconds: 100 } }),
    deeds: patchVm,
    ends: { vm: [["Patched"]] },
    from: "POST installPatches",
  },
  {
    name: "foreign address",
    fleet: oneVm({ install: { foreignHost: true } }),
    deeds: patchVm,
    ends: { vm: [["Patched"]] },
    from: "POST installPatches",
  },
  {
    name: "no address",
    fleet: oneVm({ install: { headers: "none" } }),
    deeds: patchVm,
    ends: { vm: [["Patched"]] },
    from: "POST installPatches",
  },
];
