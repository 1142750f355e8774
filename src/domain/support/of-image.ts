import type { SupportState } from "./decide";

/** One VM of an image version, as Resource Graph has it. */
export interface VmSupport {
  readonly vmId: string;
  readonly supportState: SupportState | null;
}

/** How many VMs Azure has which state for; those of which it has none count as "none". */
export function countStates(vms: readonly VmSupport[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { supportState } of vms) counts[supportState ?? "none"] = (counts[supportState ?? "none"] ?? 0) + 1;
  return counts;
}

const DECIDED: readonly (SupportState | null)[] = ["Supported", "Unsupported"];

/** VMs of one image version disagree when Azure calls one Supported and another Unsupported: the rest has not decided. */
export const disagree = (vms: readonly VmSupport[]): boolean =>
  DECIDED.every((state) => vms.some(({ supportState }) => supportState === state));
