import type { VmId } from "../domain/machine/vm-id";
import { readArcMachine, type ArcRows } from "./arc/machine-reader";
import { postArcOperation } from "./arc/operation-starter";
import type { Arm } from "./arm";
import { readMachine, type MachineLook } from "./compute/machine-reader";
import { postOperation, type PatchOperation, type PostAnswer, type RequestIds } from "./compute/operation-starter";

/** One look at a machine of either kind. @param rows asked for an Arc-enabled server only */
export const readAnyMachine = (arm: Arm, vmId: VmId, rows: ArcRows): Promise<MachineLook> =>
  vmId.kind === "arc" ? readArcMachine(arm, vmId, rows) : readMachine(arm, vmId);

/** Sends assessPatches or installPatches once, to a machine of either kind. */
export const postAnyOperation = (
  arm: Arm,
  vmId: VmId,
  operation: PatchOperation,
  ids: RequestIds,
  signal: AbortSignal,
): Promise<PostAnswer> => (vmId.kind === "arc" ? postArcOperation : postOperation)(arm, vmId, operation, ids, signal);
