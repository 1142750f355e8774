import { parseVmId, type VmId } from "../domain/machine/vm-id";
import type { Argument } from "./options";
import { UsageError } from "./usage-error";

export const VM_ID_FORM =
  "/subscriptions/ID/resourceGroups/NAME/providers/Microsoft.Compute/virtualMachines/NAME (az vm show --query id)";

export const vmArgument: Argument<VmId> = {
  placeholder: "VM_ID",
  meaning: `The VM: ${VM_ID_FORM}.`,
  read(text) {
    const vmId = parseVmId(text);
    if (!vmId) throw new UsageError(`VM_ID "${text}": is no VM id; write ${VM_ID_FORM}`);
    return vmId;
  },
};
