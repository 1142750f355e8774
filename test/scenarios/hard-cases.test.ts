import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { RunView } from "../../src/contracts/api/runs";
import { fleetOf } from "../support/fleet";
import { startLastingWorld, type World } from "../support/outside-jest";

interface Case {
  readonly says: string;
  readonly vm?: object;
  readonly ends: string;
  readonly detail?: string | RegExp;
  /** Install requests that Azure took. */
  readonly installs?: number;
  readonly assessments?: number;
  readonly installed?: number;
  /** From start to end, in simulated minutes. */
  readonly withinMinutes?: number;
}

const refused = (status: number, code: string, message: string, more: object = {}) => ({
  answers: [{ status, code, message, times: 99, ...more }],
});
const twice = (status: number, code: string, message: string, more: object = {}) => ({
  answers: [{ status, code, message, times: 2, ...more }],
});
const BUSY = "Operation 'assessPatches' is not allowed on VM 'x' since another operation is in progress.";

const groups: Readonly<Record<string, readonly Case[]>> = {
  "provision check": [
    { says: "a VM in order", ends: "Patched", installs: 1, assessments: 1 },
    {
      says: "creating, then done",
      vm: { provisioning: { state: "Creating", succeedsAfterSeconds: 300 } },
      ends: "Patched",
    },
    {
      says: "updating for ever",
      vm: { provisioning: { state: "Updating" } },
      ends: "ProvisioningUnfinished",
      assessments: 0,
    },
    {
      says: "provisioning failed",
      vm: { provisioning: { state: "Failed" } },
      ends: "ProvisioningFailed",
      assessments: 0,
    },
    { says: "being deleted", vm: { provisioning: { state: "Deleting" } }, ends: "VmBeingDeleted", assessments: 0 },
    { says: "starting, then running", vm: { power: { state: "starting", runningAfterSeconds: 200 } }, ends: "Patched" },
    {
      says: "power state missing for a while",
      vm: { power: { state: "missing", runningAfterSeconds: 200 } },
      ends: "Patched",
    },
    { says: "power state missing for ever", vm: { power: { state: "missing" } }, ends: "VmNotStarted", assessments: 0 },
    { says: "stopped", vm: { power: { state: "stopped" } }, ends: "VmStopped", assessments: 0 },
    { says: "deallocating", vm: { power: { state: "deallocating" } }, ends: "VmDeallocated", assessments: 0 },
    { says: "deallocated", vm: { power: { state: "deallocated" } }, ends: "VmDeallocated", assessments: 0 },
    { says: "agent late", vm: { agent: { readyAfterSeconds: 600 }, createAfterSeconds: 0 }, ends: "Patched" },
    { says: "agent absent", vm: { agent: { state: "absent" } }, ends: "AgentMissing", assessments: 0 },
    { says: "agent not ready", vm: { agent: { state: "silent" } }, ends: "AgentNotReady", assessments: 0 },
    { says: "agent stale", vm: { agent: { state: "stale" } }, ends: "AgentStale", assessments: 0 },
    {
      says: "extensions off",
      vm: { allowExtensionOperations: false },
      ends: "ExtensionOperationsDisabled",
      assessments: 0,
    },
    { says: "gallery definition", vm: { image: "lin" }, ends: "Patched" },
    { says: "managed image", vm: { image: "managed" }, ends: "Patched" },
    { says: "direct shared gallery", vm: { image: "shared" }, ends: "Patched" },
    { says: "community gallery", vm: { image: "community" }, ends: "Patched" },
    { says: "attached disk", vm: { image: "attached", specialized: true }, ends: "Patched" },
    { says: "unknown image", vm: { image: "unknown" }, ends: "Patched" },
    { says: "marketplace image", vm: { image: "market" }, ends: "MarketplaceImage", assessments: 0 },
    { says: "scale-set member", vm: { scaleSet: "flex" }, ends: "ScaleSetMember", assessments: 0 },
    { says: "managed by another service", vm: { managedBy: "/subscriptions/x" }, ends: "ManagedVm", assessments: 0 },
    {
      says: "deleted before",
      vm: { createAfterSeconds: 0, deletedAfterSeconds: 0 },
      ends: "VmNotFound",
      assessments: 0,
    },
  ],
  "starting an operation": [
    {
      says: "busy twice, then free",
      vm: { assess: twice(409, "OperationNotAllowed", BUSY) },
      ends: "Patched",
      assessments: 1,
    },
    {
      says: "busy for ever",
      vm: { assess: refused(409, "Conflict", "in conflict") },
      ends: "OperationInProgress",
      assessments: 0,
    },
    {
      says: "another operation ends in time",
      vm: { otherOperations: [{ kind: "assess", alreadyRunningForSeconds: 60, lastsSeconds: 900 }] },
      ends: "Patched",
    },
    {
      says: "another operation goes on",
      vm: { otherOperations: [{ kind: "install", alreadyRunningForSeconds: 60, lastsSeconds: 9000 }] },
      ends: "OperationInProgress",
      detail: /operation [0-9a-f-]{36} is in progress/,
      assessments: 0,
    },
    {
      says: "refused as not running",
      vm: {
        assess: refused(409, "OperationNotAllowed", "The operation requires the VM to be running (or set to run)."),
      },
      ends: "NotRunning",
    },
    {
      says: "refused as not running, by an extension",
      vm: {
        assess: refused(409, "OperationNotAllowed", "Cannot modify extensions in the VM when the VM is not running."),
      },
      ends: "NotRunning",
    },
    {
      says: "refused as marked for deletion",
      vm: { assess: refused(409, "OperationNotAllowed", "… since the VM is marked for deletion. …") },
      ends: "VmBeingDeleted",
    },
    {
      says: "an extension in failed state",
      vm: { failedExtension: "CustomScript" },
      ends: "ExtensionFailed",
      detail: /CustomScript/,
    },
    {
      says: "throttled, then not",
      vm: { assess: twice(429, "OperationNotAllowed", "too many requests", { retryAfterSeconds: 120 }) },
      ends: "Patched",
      assessments: 1,
    },
    {
      says: "503 with Retry-After",
      vm: { install: twice(503, "ServiceUnavailable", "later", { retryAfterSeconds: 60 }) },
      ends: "Patched",
      installs: 1,
    },
    {
      says: "assess denied",
      vm: { denied: ["Microsoft.Compute/virtualMachines/assessPatches/action"] },
      ends: "PermissionMissing",
      detail: /Microsoft\.Compute\/virtualMachines\/assessPatches\/action/,
    },
    {
      says: "install denied",
      vm: { denied: ["Microsoft.Compute/virtualMachines/installPatches/action"] },
      ends: "PermissionMissing",
      detail: /installPatches\/action/,
      installs: 0,
    },
    {
      says: "refused as unsupported image",
      vm: {
        assess: refused(
          400,
          "InvalidParameter",
          "The selected VM image is not supported for VM Guest patch operations.",
        ),
      },
      ends: "PatchingRefused",
    },
    {
      says: "refused as invalid",
      vm: { install: refused(400, "InvalidParameter", "no") },
      ends: "RequestRefused",
      installs: 0,
    },
    {
      says: "assess answered 500 without effect",
      vm: { assess: { answers: [{ status: 500, code: "I", message: "m" }] } },
      ends: "Patched",
      assessments: 1,
    },
    {
      says: "install answered 500",
      vm: { install: refused(500, "InternalServerError", "oops") },
      ends: "IntentUnresolved",
      installs: 0,
    },
    {
      says: "install answered 503 without Retry-After",
      vm: { install: refused(503, "X", "oops") },
      ends: "IntentUnresolved",
      installs: 0,
    },
    { says: "assess reset before the effect", vm: { assess: { cut: { when: "beforeEffect" } } }, ends: "Patched" },
    { says: "assess reset after the effect", vm: { assess: { cut: { when: "afterEffect" } } }, ends: "Patched" },
    {
      says: "install reset before the effect",
      vm: { install: { cut: { when: "beforeEffect" } } },
      ends: "IntentUnresolved",
    },
    { says: "install reset after the effect", vm: { install: { cut: { when: "afterEffect" } } }, ends: "Patched" },
    {
      says: "install answered after postNotAfter",
      vm: { install: { late: { answerAfterSeconds: 80, effect: "atOnce" } } },
      ends: "Patched",
    },
    {
      says: "install that begins when it is answered late",
      vm: { install: { late: { answerAfterSeconds: 80, effect: "whenAnswered" } } },
      ends: "Patched",
    },
    { says: "no header at all", vm: { install: { headers: "none" } }, ends: "Patched", installs: 1 },
  ],
  "following an operation": [
    {
      says: "only Azure-AsyncOperation",
      vm: { assess: { headers: "asyncOnly" }, install: { headers: "asyncOnly" } },
      ends: "Patched",
    },
    {
      says: "only Location",
      vm: { assess: { headers: "locationOnly" }, install: { headers: "locationOnly" } },
      ends: "Patched",
    },
    { says: "Retry-After", vm: { install: { retryAfterSeconds: 300 } }, ends: "Patched" },
    { says: "result only in properties.output", vm: { install: { resultIn: "outputOnly" } }, ends: "Patched" },
    { says: "result only at Location", vm: { install: { resultIn: "locationOnly" } }, ends: "Patched" },
    {
      says: "result nowhere but in the instance view",
      installed: 3,
      vm: { install: { resultIn: "nowhere" } },
      ends: "Patched",
    },
    {
      says: "result nowhere, and another install follows at once",
      vm: {
        install: { resultIn: "nowhere", durationSeconds: 1000 },
        otherOperations: [{ kind: "install", startsAfterAssessmentSeconds: 200, lastsSeconds: 300 }],
      },
      ends: "Patched",
      installs: 1,
      installed: 3,
    },
    { says: "address gone", vm: { assess: { gonePolls: 1 }, install: { gonePolls: 2 } }, ends: "Patched" },
    {
      says: "address on a foreign host",
      withinMinutes: 90,
      vm: { assess: { foreignHost: true }, install: { foreignHost: true } },
      ends: "Patched",
      installs: 1,
    },
    {
      says: "assessment that breaks once",
      vm: { assess: { breaks: { times: 1, error: { code: "VMGuestPatchInternalError", message: "retry" } } } },
      ends: "Patched",
      assessments: 2,
    },
    {
      says: "assessments that break",
      vm: { assess: { breaks: { error: { code: "VMGuestPatchInternalError", message: "retry" } } } },
      ends: "AssessmentFailed",
      assessments: 3,
    },
    {
      says: "agent out of reach",
      vm: { assess: { breaks: { error: { code: "VMAgentStatusCommunicationError", message: "no agent" } } } },
      ends: "AgentUnreachable",
      assessments: 1,
    },
    {
      says: "install that breaks",
      vm: { install: { breaks: { error: { code: "VMExtensionProvisioningError", message: "broken" } } } },
      ends: "InstallFailed",
      detail: "VMExtensionProvisioningError: broken",
    },
    {
      says: "install that breaks, told only at Location",
      vm: {
        install: {
          headers: "locationOnly",
          breaks: { error: { code: "VMExtensionProvisioningError", message: "broken" } },
        },
      },
      ends: "InstallFailed",
      detail: "VMExtensionProvisioningError: broken",
      withinMinutes: 60,
    },
    { says: "assessment stuck at its address", vm: { assess: { stuck: true } }, ends: "Patched", assessments: 1 },
    {
      says: "install stuck at its address, and the VM deleted since",
      vm: { install: { stuck: true }, deletedAfterSeconds: 10_000 },
      ends: "FinalStateUnreadable",
      detail: "VMNotFound",
      installs: 1,
    },
    { says: "install stuck at its address", vm: { install: { stuck: true } }, ends: "Patched", installs: 1 },
    { says: "assessment that runs for hours", vm: { assess: { durationSeconds: 20_000 } }, ends: "AssessmentOverdue" },
    {
      says: "install that runs for hours",
      vm: { install: { stuck: true }, instanceViewStuckInProgress: "install" },
      ends: "InstallStillRunning",
      installs: 1,
    },
    {
      says: "may not read operations",
      vm: { denied: ["Microsoft.Compute/locations/operations/read"] },
      ends: "Patched",
    },
  ],
  "the wait for the support state": [
    { says: "no row", vm: { graph: { row: "missing" } }, ends: "SupportStateLate", installs: 0, assessments: 1 },
    {
      says: "last week's Supported row only",
      vm: { graph: { row: "missing", stalePrevious: { ageHours: 100, readiness: "Supported" } } },
      ends: "SupportStateLate",
      installs: 0,
    },
    { says: "late row", vm: { graph: { lagSeconds: 900 } }, ends: "Patched" },
    { says: "row in progress for long", vm: { graph: { inProgressSeconds: 600 } }, ends: "Patched" },
    { says: "row twice", vm: { graph: { row: "duplicated", stalePrevious: { ageHours: 100 } } }, ends: "Patched" },
    { says: "row named latest", vm: { graph: { rowName: "latest" } }, ends: "Patched" },
    { says: "row without activity id", vm: { graph: { activityId: false, rowName: "latest" } }, ends: "Patched" },
    { says: "SUPPORTED", vm: { graph: { readiness: ["SUPPORTED"] } }, ends: "Patched" },
    {
      says: "unsupported",
      vm: { graph: { readiness: ["unsupported"] } },
      ends: "UnsupportedImage",
      installs: 0,
      assessments: 1,
    },
    {
      says: "UnableToDetermine",
      vm: { graph: { readiness: ["UnableToDetermine"] } },
      ends: "SupportUnableToDetermine",
      installs: 0,
      assessments: 3,
    },
    {
      says: "UnableToDetermine, then Supported",
      vm: { graph: { readiness: ["unableToDetermine", "Supported"] } },
      ends: "Patched",
      assessments: 2,
    },
    { says: "Unknown", vm: { graph: { readiness: ["Unknown"] } }, ends: "SupportUnknown", installs: 0, assessments: 3 },
    {
      says: "a state nobody documented",
      vm: { graph: { readiness: ["Perhaps"] } },
      ends: "SupportUnknown",
      installs: 0,
    },
    {
      says: "readiness absent",
      vm: { graph: { readiness: [null] } },
      ends: "NoReadiness",
      installs: 0,
      assessments: 1,
    },
    {
      says: "assessment failed, row says Supported",
      vm: { graph: { status: "Failed", errorDetails: { code: "E", message: "m" } } },
      ends: "AssessmentFailed",
      installs: 0,
      assessments: 3,
    },
    {
      says: "assessment failed, row says Unsupported",
      vm: { graph: { status: "Failed", readiness: ["Unsupported"] } },
      ends: "UnsupportedImage",
      assessments: 1,
    },
  ],
  "the installation's numbers": [
    { says: "nothing pending", vm: { pending: {} }, ends: "NothingPending", installs: 0 },
    { says: "nothing pending in scope", vm: { pending: { Definition: 4 } }, ends: "NothingPending", installs: 0 },
    { says: "some fail", vm: { install: { failing: 1 } }, ends: "SomePatchesFailed" },
    { says: "all fail", vm: { install: { failing: 3 } }, ends: "NothingInstalledSomeFailed" },
    { says: "some stay pending", vm: { install: { stayingPending: 1 } }, ends: "PatchesPending" },
    { says: "window exceeded", vm: { install: { windowExceeded: true } }, ends: "WindowExceeded" },
    { says: "reboot required", vm: { install: { rebootStatus: "Required" } }, ends: "RebootPending" },
    { says: "reboot failed", vm: { install: { rebootStatus: "Failed" } }, ends: "RebootFailed" },
    {
      says: "agent silent for a while after it",
      vm: { install: { afterwards: { agentSilentSeconds: 300 } } },
      ends: "Patched",
    },
    {
      says: "agent silent for ever after it",
      vm: { install: { afterwards: { agentSilentSeconds: 9000 } } },
      ends: "NotWellAfterInstall",
    },
    {
      says: "stopped after it",
      vm: { install: { afterwards: { powerState: "stopped" } } },
      ends: "NotWellAfterInstall",
    },
  ],
};

const cases = Object.entries(groups).flatMap(([group, rows]) => rows.map((row) => ({ group, ...row })));
const nameOf = (index: number) => `vm-${String(index).padStart(3, "0")}`;

describe("each hard case alone ends in its one outcome", () => {
  let world: World;
  let runs: RunView[];

  beforeAll(async () => {
    const vms = cases.map(({ vm }, index) => ({ name: nameOf(index), image: "win", ...vm, events: [] }));
    world = await startLastingWorld({ fleet: fleetOf(vms), settings: { GOLDPATCH_MAX_ACTIVE_RUNS: "500" } });
    await world.run(
      "patch",
      vms.map(({ name }) => name),
      { install: { rebootSetting: "IfRequired" } },
    );
    runs = await world.settle();
  }, 120_000);
  afterAll(() => world.close());

  test.each(cases.map((row, index) => [row.group, row.says, index, row] as const))(
    "%s: %s",
    (_group, _says, index, { ends, detail, installs, assessments, installed, withinMinutes }) => {
      const vmId = world.vmId(nameOf(index)).toLowerCase();
      const mine = runs.filter((run) => run.vmId.toLowerCase() === vmId);
      const accepted = (action: string) =>
        world.transcript.filter(
          ({ path, vmIds, status }) => path.includes(`/${action}?`) && vmIds.includes(vmId) && (status ?? 200) < 300,
        ).length;

      expect(mine.map(({ code, detail: said }) => ({ code, ...(detail !== undefined && { said }) }))).toEqual([
        {
          code: ends,
          ...(detail !== undefined && { said: detail instanceof RegExp ? expect.stringMatching(detail) : detail }),
        },
      ]);
      if (installs !== undefined) expect(mine[0]?.installPosts).toBe(installs + (ends === "IntentUnresolved" ? 1 : 0));
      if (withinMinutes !== undefined) {
        const took = Date.parse(mine[0]?.endedAt ?? "") - Date.parse(mine[0]?.startedAt ?? "");
        expect(took).toBeLessThanOrEqual(withinMinutes * 60_000);
      }
      if (installed !== undefined) expect(mine[0]?.installedPatchCount).toBe(installed);
      if (assessments !== undefined) expect(accepted("assessPatches")).toBe(assessments);
      expect(accepted("installPatches")).toBeLessThanOrEqual(1);
    },
  );

  test("every run has an outcome, a next step and only ended steps", () => {
    for (const run of runs) {
      expect(run).toMatchObject({
        outcome: expect.any(String),
        nextStep: expect.any(String),
        endedAt: expect.any(String),
      });
      expect(run.steps.filter(({ endedAt }) => endedAt === null)).toEqual([]);
    }
  });

  test("no token went to a foreign host, for none was ever asked", () => {
    expect(world.transcript.filter(({ status }) => status === 401)).toEqual([]);
  });
});
