import type { Argument } from "../argument";
import { parseScopeEntry, type ScopeEntry } from "../../domain/machine/scope";
import { parseVmId, VM_ID_FORM, type VmId } from "../../domain/machine/vm-id";
import { UsageError } from "../usage-error";

/** What the doctor looks at: one VM, or the VMs from customized images of a subscription. */
export type Subject =
  { readonly kind: "vm"; readonly vmId: VmId } | { readonly kind: "subscription"; readonly subscriptionId: string };

export const subjectArgument: Argument<Subject> = {
  placeholder: "VM_ID|SUBSCRIPTION_ID",
  meaning: `A VM, ${VM_ID_FORM}, or a subscription (az account show --query id).`,
  read(text) {
    const vmId = parseVmId(text);
    if (vmId?.kind === "arc") {
      throw new UsageError(
        `VM_ID|SUBSCRIPTION_ID "${text}": is an Arc-enabled server, and the doctor knows VMs; goldpatch support tells whether it is connected`,
      );
    }
    if (vmId) return { kind: "vm", vmId };
    const entry = parseScopeEntry(text.includes("/") ? text : `/subscriptions/${text}`);
    if (entry?.resourceGroup === undefined && entry) {
      return { kind: "subscription", subscriptionId: entry.subscriptionId };
    }
    throw new UsageError(
      `VM_ID|SUBSCRIPTION_ID "${text}": is neither; write ${VM_ID_FORM}, or a subscription's id (az account show --query id)`,
    );
  },
};

/** What a command about it works on. */
export const scopeOf = (subject: Subject): ScopeEntry =>
  subject.kind === "vm"
    ? { subscriptionId: subject.vmId.subscriptionId, resourceGroup: subject.vmId.resourceGroup }
    : { subscriptionId: subject.subscriptionId };
