import type { Argument } from "./argument";
import { ARC_ID_FORM, parseVmId, VM_ID_FORM, type VmId } from "../domain/machine/vm-id";
import { UsageError } from "./usage-error";

export const vmArgument: Argument<VmId> = {
  placeholder: "VM_ID",
  meaning: `The VM, ${VM_ID_FORM}, or Arc-enabled server, ${ARC_ID_FORM}.`,
  read(text) {
    const vmId = parseVmId(text);
    if (!vmId)
      throw new UsageError(
        `VM_ID "${text}": is no VM id; write ${VM_ID_FORM}, or for an Arc-enabled server ${ARC_ID_FORM}`,
      );
    return vmId;
  },
};
