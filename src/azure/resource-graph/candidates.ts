import { z } from "zod";
import { isTaggedOff } from "../../domain/machine/readiness";
import type { ScopeEntry } from "../../domain/machine/scope";
import { readFailureOf, type ReadFailure } from "../answers";
import type { Arm } from "../arm";
import { GRAPH_PAGE_ROWS } from "../limits";
import customizedImageVms from "./customized-image-vms.kql";

const graphRow = z.looseObject({ id: z.string(), tags: z.record(z.string(), z.string()).nullish() });

export type CandidatePage =
  { readonly kind: "read"; readonly vmIds: readonly string[]; readonly skipToken?: string } | ReadFailure;

/** One page of the VMs from customized images in the subscriptions of the scope, without those tagged `goldpatch: off`. */
export async function readCandidates(
  arm: Arm,
  scope: readonly ScopeEntry[],
  skipToken: string | undefined,
): Promise<CandidatePage> {
  try {
    const answer = await arm.graph.resources({
      subscriptions: [...new Set(scope.map(({ subscriptionId }) => subscriptionId))],
      query: customizedImageVms,
      options: { resultFormat: "objectArray", top: GRAPH_PAGE_ROWS, ...(skipToken !== undefined && { skipToken }) },
    });
    const rows = z.array(graphRow).parse(answer.data);
    return {
      kind: "read",
      vmIds: rows.filter(({ tags }) => !isTaggedOff(tags ?? {})).map(({ id }) => id),
      ...(answer.skipToken !== undefined && { skipToken: answer.skipToken }),
    };
  } catch (failure) {
    return readFailureOf(failure);
  }
}
