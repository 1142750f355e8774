import type { VmId } from "../../domain/machine/vm-id";
import { armErrorOf, textOf, type ArmError } from "../answers";
import type { Arm } from "../arm";
import { headersOf, type RequestIds } from "./operation-starter";

export type PowerRequest = "start" | "deallocate";

export type PowerAnswer =
  | { readonly kind: "accepted" }
  | { readonly kind: "refused"; readonly error: ArmError }
  /** No answer that makes sense: Azure may have begun. */
  | { readonly kind: "unanswered"; readonly reason: string };

/**
 * Sends the request once; what becomes of it, the instance view tells (Compute: Virtual Machines, Start and Deallocate,
 * which take no body and answer 202, or 200 when there is nothing to do). Aborting `signal` ends the wait, not what Azure
 * may have begun.
 */
export async function postPower(
  arm: Arm,
  vmId: VmId,
  request: PowerRequest,
  ids: RequestIds,
  signal: AbortSignal,
): Promise<PowerAnswer> {
  const { virtualMachines } = arm.compute(vmId.subscriptionId);
  const options = { abortSignal: signal, requestOptions: { headers: headersOf(ids) } };
  try {
    const poller =
      request === "start"
        ? virtualMachines.start(vmId.resourceGroup, vmId.name, options)
        : virtualMachines.deallocate(vmId.resourceGroup, vmId.name, options);
    await poller.submitted();
    return { kind: "accepted" };
  } catch (failure) {
    const error = armErrorOf(failure);
    return error && error.status >= 300 ? { kind: "refused", error } : { kind: "unanswered", reason: textOf(failure) };
  }
}
