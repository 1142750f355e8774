import { operationInProgress } from "../machine/busy";
import { imageSourceOf } from "../machine/image";
import { decideReadiness } from "../machine/readiness";
import type { MachineView, PatchSummary } from "../machine/view";
import { sameText } from "../text";
import { hintFor } from "./error-hints";
import { finding, runFinding, type Finding } from "./finding";

/** What a VM tells beside what runs need. Absent means that Azure did not say. */
export interface MachineDetails {
  /** As the agent reports it, such as `Windows Server 2022 Datacenter`. */
  readonly osName?: string;
  readonly licenseType?: string;
  readonly agentVersion?: string;
  readonly bypassesSafetyChecks?: boolean;
  /** Extensions in a failed state. */
  readonly failedExtensions: readonly { readonly name: string; readonly message?: string }[];
}

/** All that a VM's model and instance view show to stand in the way. */
export function examineMachine(vm: MachineView, details: MachineDetails): Finding[] {
  return [
    ...workload(vm, details),
    ...readiness(vm),
    ...details.failedExtensions.map(failedExtension),
    ...agentVersion(vm, details),
    ...patchMode(vm, details),
    ...imageSource(vm),
    ...running(vm),
    ...lastOperation("assessment", vm.assessment),
    ...lastOperation("installation", vm.installation),
  ];
}

/** AKS tags the VMs of its node pools (AKS: tags that begin with aks-managed). */
const AKS_TAG = "aks-managed-";
const CLIENT = /^windows (?:7|8|10|11)\b/i;

function workload({ tags }: MachineView, { osName = "", licenseType }: MachineDetails): Finding[] {
  const aksTag = Object.keys(tags).find((name) => name.toLowerCase().startsWith(AKS_TAG));
  const isClient = CLIENT.test(osName) || sameText(licenseType, "Windows_Client");
  return [
    ...(aksTag === undefined
      ? []
      : [finding("AksNode", `The tag ${aksTag} says that it is a node of an AKS cluster.`)]),
    ...(isClient
      ? [finding("ClientOs", `Its operating system is ${osName || "a Windows client (licenseType)"}.`)]
      : []),
  ];
}

function readiness(vm: MachineView): Finding[] {
  const decided = decideReadiness(vm);
  return decided.kind === "ready" ? [] : [runFinding(decided.code, READINESS_NOW[decided.code])];
}

/** What the table of outcomes words for a deadline that passed, said of now. */
const READINESS_NOW: Readonly<Record<string, string>> = {
  ProvisioningUnfinished: "The VM is still being provisioned.",
  VmNotStarted: "The VM is not running yet.",
  AgentNotReady: "The VM agent is not ready.",
};

const failedExtension = ({ name, message }: MachineDetails["failedExtensions"][number]): Finding =>
  runFinding("ExtensionFailed", `The extension ${name} is in a failed state${message ? `: ${message}` : ""}.`);

/** Update Manager: prerequisites, VM agent on Linux. */
const OLDEST_LINUX_AGENT = [2, 2, 53, 1];

function agentVersion({ osType }: MachineView, { agentVersion: version = "" }: MachineDetails): Finding[] {
  if (!sameText(osType, "Linux") || !/^\d+(?:\.\d+)+$/.test(version)) return [];
  return isOlder(version.split(".").map(Number), OLDEST_LINUX_AGENT)
    ? [finding("AgentTooOld", `The Linux agent is ${version}.`)]
    : [];
}

/** Compares part by part; parts that a version does not tell are 0. */
function isOlder(version: readonly number[], oldest: readonly number[]): boolean {
  const differences = oldest.map((least, index) => (version[index] ?? 0) - least);
  return (differences.find((difference) => difference !== 0) ?? 0) < 0;
}

function patchMode({ patchMode: mode }: MachineView, { bypassesSafetyChecks = false }: MachineDetails): Finding[] {
  if (sameText(mode, "AutomaticByOS")) {
    return [finding("WindowsUpdatesItself", "patchMode is AutomaticByOS: Windows installs and reboots on its own.")];
  }
  if (!sameText(mode, "AutomaticByPlatform") || bypassesSafetyChecks) return [];
  return [
    finding(
      "AutomaticPatchingHasNoEffect",
      "patchMode is AutomaticByPlatform, which never patches a VM from a customized image by itself.",
    ),
    finding("SchedulesSkipThisVm", "bypassPlatformSafetyChecksOnUserSchedule is not set."),
  ];
}

const imageSource = ({ image }: MachineView): Finding[] =>
  imageSourceOf(image).kind === "unknown"
    ? [finding("ImageNotTold", "The image that it came from cannot be told from its model.")]
    : [];

function running(vm: MachineView): Finding[] {
  const operation = operationInProgress(vm);
  if (!operation) return [];
  const which = operation.activityId === undefined ? "" : ` (activity ${operation.activityId})`;
  return [runFinding("OperationInProgress", `A patch operation runs on it now${which}.`, "warns")];
}

function lastOperation(what: string, { status, errorCode, errorMessage }: PatchSummary = { counts: {} }): Finding[] {
  if (!sameText(status, "Failed")) return [];
  const said = [errorCode, errorMessage].filter(Boolean).join(": ") || "no error was given";
  return [finding("LastOperationFailed", `Its last ${what} failed: ${said}.`, hintFor(errorCode, errorMessage))];
}
