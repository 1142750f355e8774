import type { VirtualMachineInstallPatchesParameters } from "@azure/arm-compute";
import { isRestError } from "@azure/core-rest-pipeline";
import type { InstallRequest } from "../../domain/install/options";
import type { VmId } from "../../domain/machine/vm-id";
import { answerIdsOf, armErrorOf, remainingOf, textOf, type AnswerIds, type ArmError } from "../answers";
import type { Arm } from "../arm";
import { PATCH_OPERATION_POLICIES } from "../limits";

export type PatchOperation =
  { readonly kind: "assess" } | { readonly kind: "install"; readonly request: InstallRequest };

/** Ties an operation to its intent in Azure's logs. */
export interface RequestIds {
  readonly clientRequestId: string;
  readonly correlationRequestId: string;
}

export const headersOf = ({ clientRequestId, correlationRequestId }: RequestIds) => ({
  "x-ms-client-request-id": clientRequestId,
  "x-ms-correlation-request-id": correlationRequestId,
});

export interface AcceptedOperation {
  /** `Date` header of the answer: Azure's clock. */
  readonly acceptedAt: number;
  /** The SDK poller's state right after the answer: it keeps the signed addresses byte for byte. */
  readonly pollerState: string;
  readonly address: "arm" | "foreign" | "none";
  /** The GUID in the operation's address is the activity id (azure-addenda A1). */
  readonly activityId?: string;
  readonly ids?: AnswerIds;
}

/** Patch operations that Azure would take now; absent when it did not say. */
export interface RemainingOperations {
  readonly ofVm?: number;
  readonly ofRegion?: number;
}

export type PostAnswer =
  | { readonly kind: "accepted"; readonly operation: AcceptedOperation; readonly remaining: RemainingOperations }
  | { readonly kind: "refused"; readonly error: ArmError; readonly remaining: RemainingOperations }
  /** No answer that makes sense: Azure may have started the operation. */
  | { readonly kind: "unanswered"; readonly reason: string };

/** Sends assessPatches or installPatches once. Aborting `signal` ends the wait, not what Azure may have begun. */
export async function postOperation(
  arm: Arm,
  vmId: VmId,
  operation: PatchOperation,
  ids: RequestIds,
  signal: AbortSignal,
): Promise<PostAnswer> {
  const answered: Answered = { date: Number.NaN, urls: [], ids: {}, remaining: {} };
  const options = {
    abortSignal: signal,
    requestOptions: { headers: headersOf(ids) },
    onResponse: ({ headers }: { headers: { get(name: string): string | undefined } }) => {
      answered.date = Date.parse(headers.get("date") ?? "");
      answered.urls = ["azure-asyncoperation", "location"].flatMap((name) => headers.get(name) ?? []);
      answered.ids = answerIdsOf(headers);
      answered.remaining = remainingOperations(headers);
    },
  };
  const { virtualMachines } = arm.compute(vmId.subscriptionId);
  try {
    const poller =
      operation.kind === "assess"
        ? virtualMachines.assessPatches(vmId.resourceGroup, vmId.name, options)
        : virtualMachines.installPatches(vmId.resourceGroup, vmId.name, toParameters(operation.request), options);
    await poller.submitted();
    const { remaining } = answered;
    return { kind: "accepted", operation: accepted(arm, answered, await poller.serialize()), remaining };
  } catch (failure) {
    const error = armErrorOf(failure);
    // An answer that Azure gave as a success, but whose body nobody can read, refuses nothing.
    if (!error || error.status < 300) return { kind: "unanswered", reason: textOf(failure) };
    const headers = isRestError(failure) ? failure.response?.headers : undefined;
    return { kind: "refused", error, remaining: headers ? remainingOperations(headers) : {} };
  }
}

function remainingOperations(headers: { get(name: string): string | undefined }): RemainingOperations {
  const remaining = remainingOf(headers);
  const ofVm = remaining.get(PATCH_OPERATION_POLICIES.vm);
  const ofRegion = remaining.get(PATCH_OPERATION_POLICIES.region);
  return { ...(ofVm !== undefined && { ofVm }), ...(ofRegion !== undefined && { ofRegion }) };
}

/** What the SDK's poller does not keep of the answer. */
interface Answered {
  date: number;
  urls: readonly string[];
  ids: AnswerIds;
  remaining: RemainingOperations;
}

function accepted(arm: Arm, { date, urls, ids }: Readonly<Answered>, pollerState: string): AcceptedOperation {
  const activityId = urls.map(activityIdIn).find((id) => id !== undefined);
  const foreign = urls.some((url) => arm.address(url) === undefined);
  return {
    acceptedAt: date,
    pollerState,
    address: urls.length === 0 ? "none" : foreign ? "foreign" : "arm",
    ...(activityId !== undefined && { activityId }),
    ids,
  };
}

const activityIdIn = (url: string): string | undefined =>
  /\/operations\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:[/?&]|$)/i.exec(url)?.[1]?.toLowerCase();

/** The SDK's types have a Date where the API has text, and arrays that may change. */
function toParameters({
  windowsParameters,
  linuxParameters,
  ...common
}: InstallRequest): VirtualMachineInstallPatchesParameters {
  const { maxPatchPublishDate: date, ...windows } = windowsParameters ?? {};
  return {
    ...common,
    ...(windowsParameters && {
      windowsParameters: { ...changeable(windows), ...(date !== undefined && { maxPatchPublishDate: new Date(date) }) },
    }),
    ...(linuxParameters && { linuxParameters: changeable(linuxParameters) }),
  };
}

type Changeable<T> = { [K in keyof T]: T[K] extends readonly (infer I)[] | undefined ? I[] : T[K] };
const changeable = <T extends object>(value: T): Changeable<T> => structuredClone(value) as Changeable<T>;
