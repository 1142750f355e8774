import { z } from "zod";
import { imageSourceOf } from "../../domain/machine/image";
import type { ScopeEntry } from "../../domain/machine/scope";
import { parseVmId } from "../../domain/machine/vm-id";
import type { Candidate } from "../../domain/policy/selection";
import { readFailureOf, showsNoSubscription, type ReadFailure } from "../answers";
import type { Arm } from "../arm";
import customizedImageVms from "./customized-image-vms.kql";
import { quoted } from "./machine-rows";
import { readPage, type GraphPlace } from "./pages";
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

/** Where VMs are looked for: in the subscriptions of the scope, then in each management group. */
export interface GraphPlaces {
  readonly scope: readonly ScopeEntry[];
  /** Names; all subscriptions below them count. */
  readonly managementGroups?: readonly string[];
}

/**
 * One page of the VMs from customized images, with what a policy selects by. One that is in several places comes again.
 *
 * @param skipToken as the page before gave it
 */
export const readSweepVms = (arm: Arm, places: GraphPlaces, skipToken: string | undefined): Promise<SweepVmPage> =>
  readVmPage(arm, customizedImageVms, places, skipToken);

/** One page of the VMs whose image's id begins so, among them all of one image version. @param image id in any case */
export const readVmsOfImage = (
  arm: Arm,
  image: string,
  scope: readonly ScopeEntry[],
  skipToken: string | undefined,
): Promise<SweepVmPage> => readVmPage(arm, vmsOfImage.replaceAll("{{imageId}}", quoted(image)), { scope }, skipToken);

async function readVmPage(
  arm: Arm,
  query: string,
  places: GraphPlaces,
  skipToken: string | undefined,
): Promise<SweepVmPage> {
  const all = queriesOf(places);
  const { at, token } = positionOf(skipToken);
  const place = all[at] ?? { subscriptions: [] };
  try {
    const page = await readPage(arm, { ...place, query, row: graphRow }, token);
    const { managementGroups = [] } = place;
    const vms = page.rows.flatMap(toCandidate).map((vm) => ({ ...vm, managementGroups }));
    return { kind: "read", vms, ...next(all, at, page.skipToken) };
  } catch (failure) {
    if (place.managementGroups && showsNoSubscription(failure)) {
      return { kind: "read", vms: [], ...next(all, at, undefined) };
    }
    return readFailureOf(failure);
  }
}

const queriesOf = ({ scope, managementGroups = [] }: GraphPlaces): GraphPlace[] => [
  ...(scope.length > 0 ? [{ subscriptions: [...new Set(scope.map(({ subscriptionId }) => subscriptionId))] }] : []),
  ...managementGroups.map((name) => ({ managementGroups: [name] })),
];

/** In the first place Resource Graph's own token; behind it the place's number comes first. */
const LATER_PLACE = /^place:(\d+):(.*)$/s;

function positionOf(skipToken: string | undefined): { readonly at: number; readonly token: string | undefined } {
  const [, at, token] = LATER_PLACE.exec(skipToken ?? "") ?? [];
  return at === undefined ? { at: 0, token: skipToken } : { at: Number(at), token: token || undefined };
}

function next(all: readonly GraphPlace[], at: number, token: string | undefined): { readonly skipToken?: string } {
  if (token !== undefined) return { skipToken: at === 0 ? token : `place:${at}:${token}` };
  return at + 1 < all.length ? { skipToken: `place:${at + 1}:` } : {};
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
