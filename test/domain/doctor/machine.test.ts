import { describe, expect, test } from "@jest/globals";
import { examineMachine, type MachineDetails } from "../../../src/domain/doctor/machine";
import type { MachineView } from "../../../src/domain/machine/view";
import { AZURE_NOW, machineView, machineViewWithout } from "../machine/machine-views";

const details = (changes: Partial<MachineDetails> = {}): MachineDetails => ({ failedExtensions: [], ...changes });
const codes = (vm: MachineView, more?: Partial<MachineDetails>) =>
  examineMachine(vm, details(more)).map(({ code, weight }) => `${weight} ${code}`);

describe("examineMachine", () => {
  test("finds nothing on a VM that is ready", () => {
    expect(examineMachine(machineView(), details({ osName: "ubuntu", agentVersion: "2.12.0.2" }))).toEqual([]);
  });

  test.each<[string, MachineView, Partial<MachineDetails>]>([
    ["blocks AksNode", machineView({ tags: { "AKS-managed-poolName": "x" } }), {}],
    ["blocks ClientOs", machineView({ osType: "Windows" }), { osName: "Windows 11 Enterprise" }],
    ["blocks ClientOs", machineView({ osType: "Windows" }), { licenseType: "windows_client" }],
    ["blocks ScaleSetMember", machineView({ scaleSetId: "/x" }), {}],
    ["blocks AgentMissing", machineViewWithout("agent"), {}],
    ["blocks AgentNotReady", machineView({ agent: { displayStatus: "Not Ready" } }), {}],
    ["blocks ExtensionOperationsDisabled", machineView({ allowExtensionOperations: false }), {}],
    ["blocks ExtensionFailed", machineView(), { failedExtensions: [{ name: "setup" }] }],
    ["warns AgentTooOld", machineView(), { agentVersion: "2.2.45" }],
    ["warns AgentTooOld", machineView(), { agentVersion: "2.2.53" }],
    ["warns AgentTooOld", machineView(), { agentVersion: "1.9.99.9" }],
    ["warns WindowsUpdatesItself", machineView({ osType: "Windows", patchMode: "AutomaticByOS" }), {}],
    ["warns ImageNotTold", machineView({ image: {} }), {}],
    [
      "warns OperationInProgress",
      machineView({ installation: { status: "InProgress", startedAt: AZURE_NOW, counts: {} } }),
      {},
    ],
    ["warns LastOperationFailed", machineView({ assessment: { status: "Failed", counts: {} } }), {}],
    ["warns LastOperationFailed", machineView({ installation: { status: "failed", counts: {} } }), {}],
  ])("finds: %s", (found, vm, more) => {
    expect(codes(vm, more)).toEqual([found]);
  });

  test.each<[string, MachineView, Partial<MachineDetails>]>([
    [
      "Windows Server, whose name begins like a client's",
      machineView({ osType: "Windows" }),
      { osName: "Windows Server 2022 Datacenter" },
    ],
    ["a server's licence", machineView({ osType: "Windows" }), { licenseType: "Windows_Server" }],
    ["the oldest agent that will do", machineView(), { agentVersion: "2.2.53.1" }],
    ["a newer agent with fewer digits", machineView(), { agentVersion: "2.10" }],
    ["an agent that does not tell its version", machineView(), { agentVersion: "Unknown" }],
    [
      "an old Windows agent, for which no minimum is written",
      machineView({ osType: "Windows" }),
      { agentVersion: "1.0.0" },
    ],
    [
      "the mode of schedules with its bypass",
      machineView({ patchMode: "AutomaticByPlatform" }),
      { bypassesSafetyChecks: true },
    ],
    ["updates by hand", machineView({ patchMode: "Manual" }), {}],
    ["an assessment that succeeded", machineView({ assessment: { status: "Succeeded", counts: {} } }), {}],
  ])("passes %s", (_, vm, more) => {
    expect(codes(vm, more)).toEqual([]);
  });

  test("says of AutomaticByPlatform without bypass what will not happen", () => {
    expect(codes(machineView({ patchMode: "automaticbyplatform" }))).toEqual([
      "warns AutomaticPatchingHasNoEffect",
      "warns SchedulesSkipThisVm",
    ]);
  });

  test("says what a client is when the agent does not", () => {
    const [found] = examineMachine(machineView(), details({ licenseType: "Windows_Client" }));
    expect(found?.saw).toBe("Its operating system is a Windows client (licenseType).");
  });

  test("speaks of now, where a run would speak of its deadline", () => {
    const [found] = examineMachine(machineView({ powerState: "starting" }), details());
    expect(found).toMatchObject({ code: "VmNotStarted", saw: "The VM is not running yet." });
  });

  test("names extension, message and running operation", () => {
    const vm = machineView({ assessment: { status: "InProgress", activityId: "a-1", counts: {} } });
    const saws = examineMachine(vm, details({ failedExtensions: [{ name: "setup", message: "Exit code 1" }] }));
    expect(saws.map(({ saw }) => saw)).toEqual([
      "The extension setup is in a failed state: Exit code 1.",
      "A patch operation runs on it now (activity a-1).",
    ]);
  });

  test.each([
    ["VMAgentStatusCommunicationError", undefined, /168\.63\.129\.16/],
    ["1", "0x8024402C while searching", /proxy, firewall/],
    ["Unheard", "of", /goldpatch assess tells/],
    [undefined, undefined, /goldpatch assess tells/],
  ])("hints at what the error %s %s needs", (errorCode, errorMessage, remedy) => {
    const failed = {
      status: "Failed",
      counts: {},
      ...(errorCode !== undefined && { errorCode }),
      ...(errorMessage !== undefined && { errorMessage }),
    };
    const [found] = examineMachine(machineView({ assessment: failed }), details());
    expect(found?.remedy).toMatch(remedy);
    expect(found?.saw).toBe(
      errorMessage === undefined && errorCode === undefined
        ? "Its last assessment failed: no error was given."
        : `Its last assessment failed: ${[errorCode, errorMessage].filter(Boolean).join(": ")}.`,
    );
  });
});
