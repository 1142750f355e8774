import type { PipelineResponse } from "@azure/core-rest-pipeline";
import { z } from "zod";
import { operationState } from "../../domain/operation/operation";
import { parseJson, retryAfterOf, textOf, TOO_MANY_REQUESTS, wordsOf, type ReadFailure } from "../answers";
import type { Arm } from "../arm";
import { PATCHES_KEPT } from "../limits";
import { countsByClassification, patchCountsOf } from "../patch-counts";

const patch = z.looseObject({
  name: z.string().optional(),
  kbId: z.string().nullish(),
  version: z.string().nullish(),
  installationState: z.string().optional(),
});
const count = z.int().nonnegative().optional();

/** The result of an assessment or an installation: only what decisions and evidence need; unknown keys pass. */
const resultBody = z.looseObject({
  status: z.string().optional(),
  assessmentActivityId: z.string().optional(),
  installationActivityId: z.string().optional(),
  rebootStatus: z.string().optional(),
  rebootPending: z.boolean().optional(),
  maintenanceWindowExceeded: z.boolean().optional(),
  criticalAndSecurityPatchCount: count,
  otherPatchCount: count,
  /** Arc's, in the place of the two. */
  availablePatchCountByClassification: z.record(z.string(), z.number().nullish()).nullish(),
  installedPatchCount: count,
  failedPatchCount: count,
  pendingPatchCount: count,
  excludedPatchCount: count,
  notSelectedPatchCount: count,
  patches: z.array(patch).optional(),
  /** Arc's name for the error of a result; null on success. */
  errorDetails: z.looseObject({ code: z.string().nullish(), message: z.string().nullish() }).nullish(),
});

const errorBody = z.looseObject({ code: z.string().optional(), message: z.string().optional() });
const statusBody = z.looseObject({
  status: z.string().optional(),
  startTime: z.string().optional(),
  endTime: z.string().optional(),
  error: errorBody.nullish(),
  properties: z.looseObject({ output: z.unknown() }).optional(),
});

/** The numbers of a result as kept in the operation's row; patch lists are dropped but for the patches that matter. */
export interface OperationResult {
  readonly status: string;
  /** Under which Azure keeps the operation; its address need not be named after it. */
  readonly activityId?: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly rebootStatus?: string;
  readonly rebootPending?: boolean;
  readonly windowExceeded?: boolean;
  /** Patches that failed or stay pending, at most PATCHES_KEPT. */
  readonly unfinishedPatches: readonly string[];
}

export type OperationLook =
  | { readonly kind: "running"; readonly retryAfterMs?: number }
  | {
      readonly kind: "ended";
      readonly state: "succeeded" | "failed";
      /** By Azure's own clock, where it tells both ends of an operation that succeeded. */
      readonly durationMs?: number;
      readonly result?: OperationResult;
      readonly errorCode?: string;
      readonly errorMessage?: string;
    }
  /** Azure no longer knows the address. */
  | { readonly kind: "gone" }
  /** The address answers with an error that waiting does not mend: how an operation says at Location that it failed. */
  | { readonly kind: "refused"; readonly retryAfterMs?: number; readonly message: string }
  | ReadFailure;

/** The addresses as the SDK's poller kept them. */
const pollerState = z.object({
  state: z.object({
    config: z.object({
      operationLocation: z.string().optional(),
      resourceLocation: z.string().optional(),
      metadata: z.object({ mode: z.string().optional() }).optional(),
    }),
  }),
});

/** One GET of an operation's address, and one of its result where the status body does not carry it. */
export async function readOperation(arm: Arm, subscriptionId: string, serialized: string): Promise<OperationLook> {
  const { config } = pollerState.parse(parseJson(serialized)).state;
  if (config.operationLocation === undefined) return { kind: "gone" };
  try {
    const answer = await arm.get(subscriptionId, config.operationLocation);
    const failure = failureOf(answer, config.operationLocation);
    if (failure) return failure;
    if (answer.status === 202) return running(answer);
    if (config.metadata?.mode === "ResourceLocation") return fromResult(parseJson(answer.bodyAsText));
    return await fromStatus(arm, subscriptionId, answer, config.resourceLocation);
  } catch (failure) {
    return { kind: "unavailable", message: textOf(failure) };
  }
}

/** The mode with a status body: its status is the operation's, which the result's own may differ from. */
async function fromStatus(
  arm: Arm,
  subscriptionId: string,
  answer: PipelineResponse,
  resultAddress: string | undefined,
): Promise<OperationLook> {
  const body = statusBody.safeParse(parseJson(answer.bodyAsText));
  if (!body.success) {
    return { kind: "unavailable", message: "the operation's status is not readable JSON", ...askedPause(answer) };
  }
  const state = operationState(body.data.status);
  if (state === "running") return running(answer);
  const { error } = body.data;
  const result =
    resultOf(body.data.properties?.output) ??
    (state === "succeeded" ? await resultAt(arm, subscriptionId, resultAddress) : undefined);
  return {
    kind: "ended",
    state,
    ...durationOf(state, body.data),
    ...(result && { result }),
    ...(state === "failed" && errorOf(body.data.properties?.output)),
    ...(state === "failed" && error?.code !== undefined && { errorCode: wordsOf(error.code) }),
    ...(state === "failed" && error?.message !== undefined && { errorMessage: wordsOf(error.message) }),
  };
}

/** An operation that broke says nothing about how long its kind takes. */
function durationOf(state: "succeeded" | "failed", { startTime = "", endTime = "" }: z.infer<typeof statusBody>) {
  const durationMs = Date.parse(endTime) - Date.parse(startTime);
  return state === "succeeded" && durationMs > 0 ? { durationMs } : {};
}

/** The mode without a status body: 200 means that it ended, and the body is the result. */
function fromResult(body: unknown): OperationLook {
  const result = resultOf(body);
  const failed = result !== undefined && operationState(result.status) === "failed";
  return {
    kind: "ended",
    state: failed ? "failed" : "succeeded",
    ...(result && { result }),
    ...(failed && errorOf(body)),
  };
}

/** What an Arc result says of its failure; a VM's result has its error elsewhere, and on success too. */
function errorOf(body: unknown): { readonly errorCode?: string; readonly errorMessage?: string } {
  const { code, message } = resultBody.safeParse(body).data?.errorDetails ?? {};
  return { ...(code && { errorCode: wordsOf(code) }), ...(message && { errorMessage: wordsOf(message) }) };
}

async function resultAt(arm: Arm, subscriptionId: string, address: string | undefined) {
  if (address === undefined || arm.address(address) === undefined) return undefined;
  const answer = await arm.get(subscriptionId, address);
  return answer.status === 200 ? resultOf(parseJson(answer.bodyAsText)) : undefined;
}

function resultOf(body: unknown): OperationResult | undefined {
  const parsed = resultBody.safeParse(body);
  if (!parsed.success || parsed.data.status === undefined) return undefined;
  const { data } = parsed;
  const activityId = data.assessmentActivityId ?? data.installationActivityId;
  const unfinished = (data.patches ?? []).filter(({ installationState }) =>
    ["Failed", "Pending"].includes(installationState ?? ""),
  );
  return {
    status: wordsOf(parsed.data.status),
    ...(activityId && { activityId: wordsOf(activityId).toLowerCase() }),
    counts: { ...countsByClassification(data.availablePatchCountByClassification ?? {}), ...patchCountsOf(data) },
    ...(data.rebootStatus !== undefined && { rebootStatus: wordsOf(data.rebootStatus) }),
    ...(data.rebootPending !== undefined && { rebootPending: data.rebootPending }),
    ...(data.maintenanceWindowExceeded !== undefined && { windowExceeded: data.maintenanceWindowExceeded }),
    unfinishedPatches: unfinished.slice(0, PATCHES_KEPT).map(({ name, kbId, version, installationState }) => {
      const label = [name, kbId && `KB${kbId.replace(/^KB/i, "")}`, version].filter(Boolean).join(" ");
      return wordsOf(`${installationState}: ${label}`);
    }),
  };
}

const REQUEST_TIMEOUT = 408;

function failureOf(answer: PipelineResponse, address: string): OperationLook | undefined {
  if (answer.status === 404 || answer.status === 410) return { kind: "gone" };
  if (answer.status === 401 || answer.status === 403) {
    return {
      kind: "forbidden",
      message: `${answer.status}: may not read the operation (${readActionOf(address)} on the subscription)`,
    };
  }
  if (answer.status < 300) return undefined;
  const message = `the operation's address answered ${answer.status}`;
  if (answer.status === TOO_MANY_REQUESTS) {
    return { kind: "unavailable", message, throttled: true, ...askedPause(answer) };
  }
  const kind = answer.status < 500 && answer.status !== REQUEST_TIMEOUT ? "refused" : "unavailable";
  return { kind, message, ...askedPause(answer) };
}

const readActionOf = (address: string): string =>
  /\/providers\/Microsoft\.HybridCompute\//i.test(address)
    ? "Microsoft.HybridCompute/locations/updateCenterOperationResults/read"
    : "Microsoft.Compute/locations/operations/read";

const running = (answer: PipelineResponse): OperationLook => ({ kind: "running", ...askedPause(answer) });

function askedPause({ headers }: PipelineResponse): { readonly retryAfterMs?: number } {
  const retryAfterMs = retryAfterOf(headers.get("retry-after"), headers.get("date"));
  return retryAfterMs === undefined ? {} : { retryAfterMs };
}
