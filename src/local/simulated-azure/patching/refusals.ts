import { ArmError } from "../arm-message";
import type { Machine } from "../machine/machine";

/** Assumption: neither the code nor the text of Arc's refusals is public. */
function refusalOfArc(machine: Machine, action: string, now: number): ArmError | undefined {
  if (machine.life.agent(now) !== "ready") {
    return new ArmError(409, "Conflict", `Operation '${action}' needs machine '${machine.vm.name}' to be connected.`);
  }
  return machine.patches.running(now)
    ? new ArmError(409, "Conflict", "The request failed due to conflict with a concurrent request.")
    : undefined;
}

type Kind = "assess" | "install";

const NAMES = { assess: "assessPatches", install: "installPatches" } as const satisfies Record<Kind, string>;

const notAllowed = (message: string): ArmError => new ArmError(409, "OperationNotAllowed", message);

/**
 * Why a machine cannot take up an operation now. Texts: [DOC] VM error messages (facts/azure.md §1.6); which of them
 * a patch call gets is not known (azure-addenda, still open 1).
 */
export function refusal(machine: Machine, kind: Kind, now: number): ArmError | undefined {
  const { life, vm } = machine;
  if (machine.arc) return refusalOfArc(machine, NAMES[kind], now);
  const named = `Operation '${NAMES[kind]}' is not allowed on VM '${vm.name}'`;
  const provisioning = life.provisioningState(now);
  if (provisioning === "Deleting") {
    return notAllowed(
      `${named} since the VM is marked for deletion. You can only retry the Delete operation (or wait for an ongoing one to complete).`,
    );
  }
  const power = life.power(now);
  switch (power) {
    case "deallocated":
      return notAllowed(`${named} since the VM is either deallocated or marked to be deallocated.`);
    case "starting":
    case "stopping":
    case "deallocating":
      return notAllowed(
        `An ongoing operation is changing power state of Virtual Machine ${vm.name} to ${power}. Please perform operation ${NAMES[kind]} after some time.`,
      );
    case "stopped":
    case "missing":
    case "unknown":
      return notAllowed("The operation requires the VM to be running (or set to run).");
    case "running":
      break;
    default:
      return power satisfies never;
  }
  if (machine.patches.running(now) || provisioning === "Creating" || provisioning === "Updating") {
    return vm.busyCode === "OperationNotAllowed"
      ? notAllowed(`${named} since another operation is in progress.`)
      : new ArmError(409, "Conflict", "The request failed due to conflict with a concurrent request.");
  }
  if (vm.failedExtension !== undefined) {
    return notAllowed(`${named} since VM has extension '${vm.failedExtension}' in failed state.`);
  }
  if (!vm.allowExtensionOperations) {
    return notAllowed(
      "This operation cannot be performed when extension operations are disallowed. To allow, please ensure VM Agent is installed on the VM and the osProfile.allowExtensionOperations property is true.",
    );
  }
  return undefined;
}
