import { describe, expect, test } from "@jest/globals";
import {
  decideReadiness,
  isBackAfterReboot,
  isTaggedOff,
  isWell,
  stateInWords,
  warningsFor,
} from "../../../src/domain/machine/readiness";
import type { MachineView } from "../../../src/domain/machine/view";
import { arcView, AZURE_NOW, machineView, machineViewWithout } from "./machine-views";

const MINUTE_MS = 60_000;
const agent = (ageMs: number) => ({ displayStatus: "Ready", reportedAt: AZURE_NOW - ageMs });

describe("decideReadiness", () => {
  test.each([
    ["Linux", "Linux"],
    ["linux", "Linux"],
    ["Windows", "Windows"],
    ["WINDOWS", "Windows"],
  ])("a running %s VM with a ready agent is ready as %s", (osType, known) => {
    expect(decideReadiness(machineView({ osType }))).toEqual({ kind: "ready", osType: known });
  });

  test.each<[string, MachineView]>([
    ["words in another case", machineView({ provisioningState: "SUCCEEDED", powerState: "RUNNING" })],
    ["an agent that reported a quarter of an hour ago", machineView({ agent: agent(15 * MINUTE_MS) })],
    ["an agent whose report has no time", machineView({ agent: { displayStatus: "ready" } })],
    ["an absent allowExtensionOperations, which means allowed", machineViewWithout("allowExtensionOperations")],
    ["an image that cannot be told", machineView({ image: {} })],
    ["an Arc-enabled server that is connected", arcView({ status: "CONNECTED" })],
    ["an empty managedBy", machineView({ managedBy: "", scaleSetId: "" })],
  ])("is ready with %s", (_, vm) => {
    expect(decideReadiness(vm)).toEqual({ kind: "ready", osType: "Linux" });
  });

  test.each<[string, string, MachineView]>([
    ["MarketplaceImage", "a marketplace image", machineView({ image: { publisher: "Canonical" } })],
    ["ScaleSetMember", "a scale set", machineView({ scaleSetId: "/subscriptions/s/…/virtualMachineScaleSets/web" })],
    [
      "ManagedVm",
      "another service that manages it",
      machineView({ managedBy: "/subscriptions/s/…/managedClusters/k" }),
    ],
    ["VmBeingDeleted", "its deletion", machineView({ provisioningState: "deleting" })],
    ["ProvisioningFailed", "a failed deployment", machineView({ provisioningState: "failed" })],
    ["ExtensionOperationsDisabled", "extensions off", machineView({ allowExtensionOperations: false })],
    ["VmDeallocated", "power deallocated", machineView({ powerState: "Deallocated" })],
    ["VmDeallocated", "power deallocating", machineView({ powerState: "deallocating" })],
    ["VmStopped", "power stopped", machineView({ powerState: "Stopped" })],
    ["VmStopped", "power stopping", machineView({ powerState: "stopping" })],
    ["OsTypeUnknown", "no osType", machineViewWithout("osType")],
    ["ArcDisconnected", "a server that is disconnected", arcView({ status: "disconnected" })],
    ["ArcExpired", "a server whose registration expired", arcView({ status: "Expired" })],
    ["OsTypeUnknown", "an osType nobody knows", machineView({ osType: "Plan9" })],
  ])("ends at once with %s: %s", (code, _, vm) => {
    expect(decideReadiness(vm)).toEqual({ kind: "never", code });
  });

  test.each<[string, string, MachineView]>([
    ["ArcNotYetConnected", "a server in trouble", arcView({ status: "Error" })],
    ["ArcNotYetConnected", "a server without a status", arcView({})],
    [
      "ArcNotYetConnected",
      "a server whose agent has not told its version",
      { ...arcView({}), arc: { status: "Connected" } },
    ],
    ["ProvisioningUnfinished", "being created", machineView({ provisioningState: "Creating" })],
    ["ProvisioningUnfinished", "being updated", machineView({ provisioningState: "Updating" })],
    ["ProvisioningUnfinished", "no provisioning state", machineViewWithout("provisioningState")],
    ["VmNotStarted", "starting", machineView({ powerState: "starting" })],
    ["VmNotStarted", "no power state", machineViewWithout("powerState")],
    ["AgentMissing", "no agent yet", machineViewWithout("agent")],
    ["AgentNotReady", "an agent that is not ready", machineView({ agent: { displayStatus: "Not Ready" } })],
    ["AgentNotReady", "an agent without a status", machineView({ agent: {} })],
    ["AgentStale", "an agent silent for longer", machineView({ agent: agent(15 * MINUTE_MS + 1) })],
  ])("waits, to end with %s: %s", (code, _, vm) => {
    expect(decideReadiness(vm)).toEqual({ kind: "wait", code });
  });

  test("what Azure never patches is told before what an operator can change, and that before what passes", () => {
    const passing = { provisioningState: "Updating" };
    const changeable = { ...passing, powerState: "deallocated" };
    const unpatchable = { ...changeable, scaleSetId: "/scale/set" };
    expect([passing, changeable, unpatchable].map((changes) => decideReadiness(machineView(changes)))).toEqual([
      { kind: "wait", code: "ProvisioningUnfinished" },
      { kind: "never", code: "VmDeallocated" },
      { kind: "never", code: "ScaleSetMember" },
    ]);
  });
});

describe("isWell, after an installation", () => {
  test.each<[string, boolean, MachineView]>([
    ["running with a ready agent", true, machineView()],
    [
      "still updating, which an installation's own extension may cause",
      true,
      machineView({ provisioningState: "Updating" }),
    ],
    ["a server that is connected", true, arcView({ status: "Connected" })],
    ["a server that is not", false, arcView({ status: "Disconnected" })],
    ["rebooting", false, machineView({ powerState: "starting" })],
    ["running without an agent", false, machineViewWithout("agent")],
    ["running with an agent that fell silent", false, machineView({ agent: agent(15 * MINUTE_MS + 1) })],
  ])("%s: %s", (_, well, vm) => {
    expect(isWell(vm)).toBe(well);
  });
});

describe("isBackAfterReboot", () => {
  test.each([
    ["has reported since the operation was seen to have ended", true, 0, 10_000],
    ["reported up to a minute before", true, 70_000, 10_000],
    ["last reported before the reboot", false, 70_001, 10_000],
    ["reported long after", true, 0, 30 * MINUTE_MS],
  ])("an agent that %s: %s", (_, back, ago, endedMsAgo) => {
    expect(isBackAfterReboot(machineView({ agent: agent(ago) }), endedMsAgo)).toBe(back);
  });

  test("an agent that gives no time, or none at all, is no evidence", () => {
    expect(isBackAfterReboot(machineView({ agent: { displayStatus: "Ready" } }), 0)).toBe(false);
    expect(isBackAfterReboot(machineViewWithout("agent"), 0)).toBe(false);
  });
});

describe("isTaggedOff", () => {
  test.each<[Record<string, string>, boolean]>([
    [{ goldpatch: "off" }, true],
    [{ GoldPatch: "OFF" }, true],
    [{ env: "prod", goldpatch: "off" }, true],
    [{ goldpatch: "on" }, false],
    [{ goldpatch: "" }, false],
    [{ off: "goldpatch" }, false],
    [{}, false],
  ])("%j: %s", (tags, off) => {
    expect(isTaggedOff(tags)).toBe(off);
  });
});

describe("warningsFor", () => {
  const automatic =
    "patchMode is AutomaticByPlatform: automatic guest patching never patches a VM from a customized image " +
    "(Azure Update Manager: manage updates for customized images, limitations)";
  const unknown = "the image this VM came from cannot be told from its model";

  test.each<[string, MachineView, string[]]>([
    ["nothing odd", machineView({ patchMode: "ImageDefault" }), []],
    ["automatic guest patching", machineView({ patchMode: "automaticbyplatform" }), [automatic]],
    ["an unknown image", machineView({ image: {} }), [unknown]],
    ["a server, which has no image", arcView({ status: "Connected" }), []],
    ["both", machineView({ patchMode: "AutomaticByPlatform", image: {} }), [automatic, unknown]],
  ])("%s", (_, vm, warnings) => {
    expect(warningsFor(vm)).toEqual(warnings);
  });
});

describe("stateInWords", () => {
  test.each<[string, MachineView]>([
    ["provisioning Succeeded, power running, agent Ready", machineView()],
    [
      "provisioning unknown, power unknown, agent absent",
      machineViewWithout("provisioningState", "powerState", "agent"),
    ],
    ["provisioning Succeeded, power running, agent absent", machineView({ agent: {} })],
    ["provisioning Succeeded, Connected, agent 1.47", arcView({ status: "Connected" })],
    ["provisioning Succeeded, no status, agent without a version", { ...machineView(), arc: {} }],
  ])("%s", (words, vm) => {
    expect(stateInWords(vm)).toBe(words);
  });
});
