import { RestError, type PipelineResponse } from "@azure/core-rest-pipeline";
import { z } from "zod";
import type { VmId } from "../../domain/machine/vm-id";
import { answerIdsOf, armErrorOf, parseJson, textOf } from "../answers";
import type { Arm } from "../arm";
import {
  headersOf,
  type AcceptedOperation,
  type PatchOperation,
  type PostAnswer,
  type RequestIds,
} from "../compute/operation-starter";
import { arcUrl } from "./arc-api";

const resultBody = z.looseObject({
  assessmentActivityId: z.guid().optional(),
  installationActivityId: z.guid().optional(),
});

/**
 * Sends assessPatches or installPatches of an Arc-enabled server once. The body is Compute's, in Compute's words: pages
 * that write the Linux class as Others are at odds with the API, which has Other.
 */
export async function postArcOperation(
  arm: Arm,
  vmId: VmId,
  operation: PatchOperation,
  ids: RequestIds,
  signal: AbortSignal,
): Promise<PostAnswer> {
  const action = operation.kind === "assess" ? "assessPatches" : "installPatches";
  try {
    const response = await arm.sendRaw(vmId.subscriptionId, {
      method: "POST",
      url: arcUrl(arm, vmId, action),
      headers: { accept: "application/json", ...headersOf(ids) },
      ...(operation.kind === "install" && { body: operation.request }),
      signal,
    });
    if (response.status >= 300) {
      throw new RestError(response.bodyAsText ?? "", { statusCode: response.status, response });
    }
    // Microsoft.HybridCompute tells nothing of what its limits leave.
    return { kind: "accepted", operation: accepted(arm, response), remaining: {} };
  } catch (failure) {
    const error = armErrorOf(failure);
    return error ? { kind: "refused", error, remaining: {} } : { kind: "unanswered", reason: textOf(failure) };
  }
}

/**
 * The addresses as the poller of a VM's operation would have kept them. The id in them is not taken for the activity's:
 * nothing public shows that they are the same, and the result tells it.
 */
function accepted(arm: Arm, { headers, bodyAsText }: PipelineResponse): AcceptedOperation {
  const asynchronous = headers.get("azure-asyncoperation");
  const location = headers.get("location");
  const urls = [asynchronous, location].filter((url) => url !== undefined);
  const config =
    asynchronous === undefined
      ? { operationLocation: location, metadata: { mode: "ResourceLocation" } }
      : { operationLocation: asynchronous, resourceLocation: location, metadata: { mode: "OperationLocation" } };
  // An answer of 200 is the result itself.
  const { assessmentActivityId, installationActivityId } = resultBody.safeParse(parseJson(bodyAsText)).data ?? {};
  const activityId = assessmentActivityId ?? installationActivityId;
  const foreign = urls.some((url) => arm.address(url) === undefined);
  return {
    acceptedAt: Date.parse(headers.get("date") ?? ""),
    pollerState: JSON.stringify({ state: { config } }),
    address: urls.length === 0 ? "none" : foreign ? "foreign" : "arm",
    ...(activityId && { activityId: activityId.toLowerCase() }),
    ids: answerIdsOf(headers),
  };
}
