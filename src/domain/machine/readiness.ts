import type { OutcomeCode } from "../outcome/table";
import { sameText } from "../text";
import { sourceOf } from "./image";
import type { ArcConnection, MachineView } from "./view";

export type OsType = "Windows" | "Linux";

export type Readiness =
  | { readonly kind: "ready"; readonly osType: OsType }
  /** A state that passes by itself; `code` is what the run ends with if it does not pass in time. */
  | { readonly kind: "wait"; readonly code: OutcomeCode }
  | { readonly kind: "never"; readonly code: OutcomeCode };

/** An agent reports every few seconds to minutes; older than this, its last word says nothing about now. */
const AGENT_STALE_AFTER_MS = 15 * 60_000;

/** The tag that keeps a VM out of sweeps; name and value in any case. */
export const isTaggedOff = (tags: Readonly<Record<string, string>>): boolean =>
  Object.entries(tags).some(([name, value]) => sameText(name, "goldpatch") && sameText(value, "off"));

/**
 * Whether patch operations can start on the VM now.
 * Kinds of machine that Azure Update Manager does not patch come first (unsupported-workloads.md), then what only an
 * operator can change, then what passes by itself.
 */
export function decideReadiness(vm: MachineView): Readiness {
  const never = whyNever(vm);
  if (never) return { kind: "never", code: never };
  const wait = whyNotYet(vm);
  if (wait) return { kind: "wait", code: wait };
  if (sameText(vm.osType, "Windows")) return { kind: "ready", osType: "Windows" };
  if (sameText(vm.osType, "Linux")) return { kind: "ready", osType: "Linux" };
  return { kind: "never", code: "OsTypeUnknown" };
}

function whyNever(vm: MachineView): OutcomeCode | undefined {
  if (sourceOf(vm).kind === "marketplace") return "MarketplaceImage";
  if (vm.scaleSetId) return "ScaleSetMember";
  if (vm.managedBy) return "ManagedVm";
  if (sameText(vm.provisioningState, "Deleting")) return "VmBeingDeleted";
  if (sameText(vm.provisioningState, "Failed")) return "ProvisioningFailed";
  if (vm.arc) return whyNeverConnected(vm.arc);
  if (vm.allowExtensionOperations === false) return "ExtensionOperationsDisabled";
  if (["deallocated", "deallocating"].some((state) => sameText(vm.powerState, state))) return "VmDeallocated";
  if (["stopped", "stopping"].some((state) => sameText(vm.powerState, state))) return "VmStopped";
  return undefined;
}

function whyNotYet(vm: MachineView): OutcomeCode | undefined {
  if (!sameText(vm.provisioningState, "Succeeded")) return "ProvisioningUnfinished";
  if (vm.arc) return isConnected(vm.arc) ? undefined : "ArcNotYetConnected";
  if (!sameText(vm.powerState, "running")) return "VmNotStarted";
  return agentTrouble(vm);
}

/** Azure says Disconnected after a silence, and Expired when nobody mended it: both wait for somebody at the server. */
function whyNeverConnected({ status }: ArcConnection): OutcomeCode | undefined {
  if (sameText(status, "Disconnected")) return "ArcDisconnected";
  return sameText(status, "Expired") ? "ArcExpired" : undefined;
}

/** An agent that never told its version has not reported yet, whatever the status says. */
const isConnected = ({ status, agentVersion }: ArcConnection): boolean =>
  sameText(status, "Connected") && agentVersion !== undefined;

/** Test `displayStatus`, not `message`: messages differ between agent versions (azure-addenda A2). */
function agentTrouble({ agent, azureTime }: MachineView): OutcomeCode | undefined {
  if (!agent) return "AgentMissing";
  if (!sameText(agent.displayStatus, "Ready")) return "AgentNotReady";
  return agent.reportedAt !== undefined && azureTime - agent.reportedAt > AGENT_STALE_AFTER_MS
    ? "AgentStale"
    : undefined;
}

/** After an install: the second source that the machine is well. */
export const isWell = (vm: MachineView): boolean =>
  vm.arc ? isConnected(vm.arc) : sameText(vm.powerState, "running") && agentTrouble(vm) === undefined;

/** The machine's state in words, for an outcome's evidence. */
export function stateInWords({ provisioningState, powerState, agent, arc }: MachineView): string {
  const provisioning = `provisioning ${provisioningState ?? "unknown"}`;
  return arc
    ? `${provisioning}, ${arc.status ?? "no status"}, agent ${arc.agentVersion ?? "without a version"}`
    : `${provisioning}, power ${powerState ?? "unknown"}, agent ${agent?.displayStatus ?? "absent"}`;
}

/** Agents report about once a minute (assumed), so the report that an ended operation was seen beside may be as old. */
const REPORT_EVERY_MS = 60_000;

/**
 * Whether a VM that an installation rebooted shows that it came back. Azure tells no boot time of a VM: evidence is
 * that the operation itself calls the reboot completed, and that the agent, which falls silent through one, has reported
 * since the operation was seen to have ended. An agent that gives no time is no evidence.
 *
 * @param endedMsAgo how long ago the operation was seen to have ended
 */
export const isBackAfterReboot = ({ agent, azureTime }: MachineView, endedMsAgo: number): boolean =>
  agent?.reportedAt !== undefined && azureTime - agent.reportedAt <= endedMsAgo + REPORT_EVERY_MS;

/** What an operator should know although it stops nothing. */
export function warningsFor(vm: MachineView): string[] {
  const warnings: string[] = [];
  if (sameText(vm.patchMode, "AutomaticByPlatform")) {
    warnings.push(
      "patchMode is AutomaticByPlatform: automatic guest patching never patches a VM from a customized image " +
        "(Azure Update Manager: manage updates for customized images, limitations)",
    );
  }
  if (sourceOf(vm).kind === "unknown") {
    warnings.push("the image this VM came from cannot be told from its model");
  }
  return warnings;
}
