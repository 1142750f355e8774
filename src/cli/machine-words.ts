import { machineWords, parseVmId } from "../domain/machine/vm-id";
import { counted } from "./policy/words";

/** Whether it is an Azure Arc-enabled server. */
export const isServer = (vmId: string): boolean => parseVmId(vmId)?.kind === "arc";

/** What stands before a machine's id. */
export const labelOf = (vmId: string): string => (isServer(vmId) ? "Machine" : "VM");

/** What is said of VMs, such as an outcome's meaning, as it is said of this machine. */
export const saidOf = (vmId: string, text: string): string =>
  isServer(vmId) ? text.replaceAll("a VM", `an ${machineWords.arc}`).replaceAll(/\bVM\b/g, machineWords.arc) : text;

/** `1 VM`, `2 Arc-enabled servers`; `3 machines` when both are among them. */
export function countedMachines(vmIds: readonly string[]): string {
  const servers = vmIds.filter(isServer).length;
  const word = servers === 0 ? machineWords.azureVm : servers === vmIds.length ? machineWords.arc : "machine";
  return counted(vmIds.length, word);
}
