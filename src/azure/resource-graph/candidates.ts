import { isTaggedOff } from "../../domain/machine/readiness";
import type { ScopeEntry } from "../../domain/machine/scope";
import { formatVmId } from "../../domain/machine/vm-id";
import type { ReadFailure } from "../answers";
import type { Arm } from "../arm";
import { readSweepVms } from "./sweep-vms";

export type CandidatePage =
  { readonly kind: "read"; readonly vmIds: readonly string[]; readonly skipToken?: string } | ReadFailure;

/** One page of the VMs from customized images in the subscriptions of the scope, without those tagged `goldpatch: off`. */
export async function readCandidates(
  arm: Arm,
  scope: readonly ScopeEntry[],
  skipToken: string | undefined,
): Promise<CandidatePage> {
  const page = await readSweepVms(arm, { scope }, skipToken);
  if (page.kind !== "read") return page;
  const { vms, ...rest } = page;
  return { ...rest, vmIds: vms.filter(({ tags }) => !isTaggedOff(tags)).map(({ vmId }) => formatVmId(vmId)) };
}
