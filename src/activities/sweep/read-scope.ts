import type { GraphPlaces } from "../../azure/resource-graph/sweep-vms";
import { isInScope, parseScopeEntry } from "../../domain/machine/scope";
import { formatVmId } from "../../domain/machine/vm-id";
import type { Policy } from "../../domain/policy/policy";
import { whyNotSelected, type Candidate, type NotSelected } from "../../domain/policy/selection";
import { stagesFor } from "../../domain/policy/stages";
import { groupsOf } from "../../domain/sweep/groups";
import type { FoundVm } from "../../ledger/sweep-discovery";
import type { RunDeps } from "../run/deps";

/** A VM from a customized image that the policy does not select, or that GOLDPATCH_SCOPE does not hold. */
export interface LeftOutVm {
  readonly vmId: string;
  readonly reason: NotSelected | "outsideScope";
}

export type ScopePage =
  | {
      readonly kind: "read";
      readonly vms: readonly FoundVm[];
      readonly leftOut: readonly LeftOutVm[];
      readonly skipToken?: string;
    }
  /** @property final no use in asking again */
  | { readonly kind: "trouble"; readonly message: string; readonly retryAfterMs?: number; readonly final: boolean };

/** One page of the VMs in the policy's places: those that it selects, each with the stages that take it. */
export async function readScope(
  { azure, settings }: RunDeps,
  policy: Policy,
  skipToken: string | undefined,
): Promise<ScopePage> {
  const page = await azure.readSweepVms(placesOf(policy), skipToken);
  if (page.kind !== "read") {
    const retryAfterMs = page.kind === "unavailable" ? page.retryAfterMs : undefined;
    const final = page.kind === "forbidden";
    return { kind: "trouble", message: page.message, final, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
  const vms: FoundVm[] = [];
  const leftOut: LeftOutVm[] = [];
  for (const vm of page.vms) {
    const reason = isInScope(settings.GOLDPATCH_SCOPE, vm.vmId) ? whyNotSelected(policy.scope, vm) : "outsideScope";
    if (reason === undefined) vms.push(found(policy, vm));
    else leftOut.push({ vmId: formatVmId(vm.vmId), reason });
  }
  return { kind: "read", vms, leftOut, ...(page.skipToken !== undefined && { skipToken: page.skipToken }) };
}

function found(policy: Policy, { vmId, image, osType, tags }: Candidate): FoundVm {
  const groups = groupsOf(policy.groups, tags);
  return {
    vmId: formatVmId(vmId),
    imageId: image.imageId,
    osType: osType ?? null,
    stages: stagesFor(policy.stages, tags),
    ...(groups.length > 0 && { groups }),
  };
}

const placesOf = ({ scope }: Policy): GraphPlaces => ({
  scope: [
    ...scope.subscriptions.map((subscriptionId) => ({ subscriptionId })),
    ...scope.resourceGroups.flatMap((place) => parseScopeEntry(place) ?? []),
  ],
  managementGroups: scope.managementGroups,
});
