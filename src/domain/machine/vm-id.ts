/** A virtual machine of Azure, or an Azure Arc-enabled server: a machine elsewhere that Azure knows through its agent. */
export type MachineKind = "azureVm" | "arc";

export interface VmId {
  readonly kind: MachineKind;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}

/** How a resource type is written in ids. */
export const machineTypes: Readonly<Record<MachineKind, string>> = {
  azureVm: "Microsoft.Compute/virtualMachines",
  arc: "Microsoft.HybridCompute/machines",
};

/** How a person calls one. */
export const machineWords: Readonly<Record<MachineKind, string>> = { azureVm: "VM", arc: "Arc-enabled server" };

const MACHINE_ID =
  /^\/subscriptions\/([0-9a-f-]{36})\/resourceGroups\/([^/?#\s]{1,90})\/providers\/(Microsoft\.Compute\/virtualMachines|Microsoft\.HybridCompute\/machines)\/([^/?#\s]{1,64})\/?$/i;

/** How a machine's id is written, for whoever has to correct one. */
export const VM_ID_FORM =
  "/subscriptions/ID/resourceGroups/NAME/providers/Microsoft.Compute/virtualMachines/NAME (az vm show --query id)";

/** The same for an Azure Arc-enabled server. */
export const ARC_ID_FORM =
  "/subscriptions/ID/resourceGroups/NAME/providers/Microsoft.HybridCompute/machines/NAME (az connectedmachine show --query id)";

/** The parts of the ARM id of a VM or an Arc-enabled server, in any case, or undefined when the text is none. */
export function parseVmId(text: string): VmId | undefined {
  const [, subscriptionId, resourceGroup, type, name] = MACHINE_ID.exec(text) ?? [];
  if (!subscriptionId || !resourceGroup || !type || !name) return undefined;
  const kind = type.toLowerCase() === machineTypes.arc.toLowerCase() ? "arc" : "azureVm";
  return { kind, subscriptionId, resourceGroup, name };
}

export const formatVmId = ({ kind, subscriptionId, resourceGroup, name }: VmId): string =>
  `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${machineTypes[kind]}/${name}`;

/** ARM ids are equal whatever their case; this form is the one to compare and to derive keys from. */
export const canonicalVmId = (vmId: VmId): string => formatVmId(vmId).toLowerCase();
