import { z } from "zod";
import { imageSourceOf } from "../../domain/machine/image";
import type { ScopeEntry } from "../../domain/machine/scope";
import { parseVmId } from "../../domain/machine/vm-id";
import type { Candidate } from "../../domain/policy/selection";
import { readFailureOf, type ReadFailure } from "../answers";
import type { Arm } from "../arm";
import { GRAPH_PAGE_ROWS } from "../limits";
import customizedImageVms from "./customized-image-vms.kql";
import { quoted } from "./machine-rows";
import vmsOfImage from "./vms-of-image.kql";

const text = z.string().nullish();
const graphRow = z.looseObject({
  id: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
  image: z
    .looseObject({
      id: text,
      exactVersion: text,
      publisher: text,
      sharedGalleryImageId: text,
      communityGalleryImageId: text,
    })
    .nullish(),
  createOption: text,
  osType: text,
});

export type SweepVmPage =
  { readonly kind: "read"; readonly vms: readonly Candidate[]; readonly skipToken?: string } | ReadFailure;

/** One page of the VMs from customized images in the subscriptions of the scope, with what a policy selects by. */
export const readSweepVms = (
  arm: Arm,
  scope: readonly ScopeEntry[],
  skipToken: string | undefined,
): Promise<SweepVmPage> => readVmPage(arm, customizedImageVms, scope, skipToken);

/** One page of the VMs whose image's id begins so, among them all of one image version. @param image id in any case */
export const readVmsOfImage = (
  arm: Arm,
  image: string,
  scope: readonly ScopeEntry[],
  skipToken: string | undefined,
): Promise<SweepVmPage> => readVmPage(arm, vmsOfImage.replaceAll("{{imageId}}", quoted(image)), scope, skipToken);

async function readVmPage(
  arm: Arm,
  query: string,
  scope: readonly ScopeEntry[],
  skipToken: string | undefined,
): Promise<SweepVmPage> {
  try {
    const answer = await arm.graph.resources({
      subscriptions: [...new Set(scope.map(({ subscriptionId }) => subscriptionId))],
      query,
      options: { resultFormat: "objectArray", top: GRAPH_PAGE_ROWS, ...(skipToken !== undefined && { skipToken }) },
    });
    return {
      kind: "read",
      vms: z.array(graphRow).parse(answer.data).flatMap(toCandidate),
      ...(answer.skipToken !== undefined && { skipToken: answer.skipToken }),
    };
  } catch (failure) {
    return readFailureOf(failure);
  }
}

function toCandidate({ id, tags, image, createOption, osType }: z.infer<typeof graphRow>): Candidate[] {
  const vmId = parseVmId(id);
  if (!vmId) return [];
  const told = Object.entries({ ...image, diskCreateOption: createOption }).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string" && entry[1] !== "",
  );
  return [
    {
      vmId,
      managementGroups: [],
      tags: tags ?? {},
      image: imageSourceOf(Object.fromEntries(told)),
      ...(osType && { osType }),
    },
  ];
}
