export interface VmId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}

const VM_ID =
  /^\/subscriptions\/([0-9a-f-]{36})\/resourceGroups\/([^/?#\s]{1,90})\/providers\/Microsoft\.Compute\/virtualMachines\/([^/?#\s]{1,64})\/?$/i;

/** How a VM's id is written, for whoever has to correct one. */
export const VM_ID_FORM =
  "/subscriptions/ID/resourceGroups/NAME/providers/Microsoft.Compute/virtualMachines/NAME (az vm show --query id)";

/** The parts of a VM's ARM id in any case, or undefined when the text is none. */
export function parseVmId(text: string): VmId | undefined {
  const [, subscriptionId, resourceGroup, name] = VM_ID.exec(text) ?? [];
  return subscriptionId && resourceGroup && name ? { subscriptionId, resourceGroup, name } : undefined;
}

export const formatVmId = ({ subscriptionId, resourceGroup, name }: VmId): string =>
  `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Compute/virtualMachines/${name}`;

/** ARM ids are equal whatever their case; this form is the one to compare and to derive keys from. */
export const canonicalVmId = (vmId: VmId): string => formatVmId(vmId).toLowerCase();
