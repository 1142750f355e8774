import type { Azure } from "../../azure/azure";
import { modifiedAt, newestRow, toSupportRow, type AssessmentRows } from "../../azure/resource-graph/assessment-rows";
import type { ImageLook, ImageVersionView, ImageVmView } from "../../contracts/api/images";
import { definitionOf, isOfImage } from "../../domain/machine/image-id";
import { isInScope, type ScopeEntry } from "../../domain/machine/scope";
import { canonicalVmId, formatVmId } from "../../domain/machine/vm-id";
import type { Candidate } from "../../domain/policy/selection";
import { parseSupportState } from "../../domain/support/decide";
import { countStates, disagree, type VmSupport } from "../../domain/support/of-image";
import type { ImageLedger, ImageVerdict } from "../../ledger/images";

/** Of a thousand VMs each: more are not listed by one request (assumed). */
const MOST_PAGES = 5;

export interface ImageReads {
  readonly azure: Pick<Azure, "readVmsOfImage" | "queryAssessmentRows">;
  readonly images: Pick<ImageLedger, "list">;
}

/**
 * What Azure has on record about the VMs of an image version, or of each version of a definition, beside what runs have
 * found. Reads Resource Graph only: nothing is started, and nothing written.
 *
 * @param imageId in lower case
 */
export async function lookAtImage(
  { azure, images }: ImageReads,
  imageId: string,
  scope: readonly ScopeEntry[],
): Promise<ImageLook> {
  const byVersion = new Map<string, Candidate[]>();
  let complete = false;
  let skipToken: string | undefined;
  for (let pages = 0; pages < MOST_PAGES && !complete; pages++) {
    const page = await azure.readVmsOfImage(definitionOf(imageId), scope, skipToken);
    if (page.kind !== "read") return page;
    for (const vm of page.vms) {
      const version = vm.image.imageId;
      if (version === null || !isOfImage(version, imageId) || !isInScope(scope, vm.vmId)) continue;
      byVersion.set(version, [...(byVersion.get(version) ?? []), vm]);
    }
    skipToken = page.skipToken;
    complete = skipToken === undefined;
  }
  const verdicts = (await images.list()).filter((verdict) => isOfImage(verdict.imageId, imageId));
  const versions = new Set([...byVersion.keys(), ...verdicts.map((verdict) => verdict.imageId)]);
  const views: ImageVersionView[] = [];
  for (const version of [...versions].sort()) {
    const verdict = verdicts.find(({ imageId: of }) => of === version);
    views.push(await versionView(azure, version, byVersion.get(version) ?? [], verdict));
  }
  return { kind: "found", view: { imageId, complete, versions: views } };
}

async function versionView(
  azure: ImageReads["azure"],
  imageId: string,
  found: readonly Candidate[],
  verdict: ImageVerdict | undefined,
): Promise<ImageVersionView> {
  const rows = await azure.queryAssessmentRows(found.map(({ vmId }) => canonicalVmId(vmId)));
  const vms = found.map((vm, index) => vmView(vm, rows[index]));
  const unread = rows.find((answer) => answer.kind !== "read");
  return {
    imageId,
    verdict: verdict ?? null,
    states: countStates(vms),
    disagree: disagree(vms),
    vms,
    ...(unread && { resourceGraphTrouble: unread.message }),
  };
}

function vmView({ vmId }: Candidate, rows: AssessmentRows | undefined): ImageVmView & VmSupport {
  const row = rows?.kind === "read" ? newestRow(rows.rows) : undefined;
  const at = row && modifiedAt(row);
  return {
    vmId: formatVmId(vmId),
    supportState: row ? parseSupportState(toSupportRow(row).readiness) : null,
    assessmentStatus: row?.status ?? null,
    seenAt: at === undefined ? null : new Date(at).toISOString(),
  };
}
