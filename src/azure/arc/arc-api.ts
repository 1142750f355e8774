import { formatVmId, type VmId } from "../../domain/machine/vm-id";
import type { Arm } from "../arm";

/** The stable version of Microsoft.HybridCompute that has the patch operations; no client of the SDK's has them. */
export const ARC_API = "2025-01-13";

/** The address of an Arc-enabled server, or of one of its actions. */
export const arcUrl = (arm: Arm, vmId: VmId, action?: "assessPatches" | "installPatches"): string =>
  `${arm.origin}${formatVmId(vmId)}${action === undefined ? "" : `/${action}`}?api-version=${ARC_API}`;
