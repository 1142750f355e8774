import type { InstallRequest } from "./options";

/** What an assessment counted; absent where Azure gave no count. */
export interface PendingCounts {
  readonly criticalAndSecurity?: number;
  readonly other?: number;
}

/**
 * Whether certainly nothing is pending in the scope of the request, so that no install need be sent.
 * An assessment counts two groups; anything beyond Critical and Security (other classes, names, KBs) may lie in both.
 */
export function nothingPending(counts: PendingCounts, request: InstallRequest): boolean {
  if (counts.criticalAndSecurity !== 0) return false;
  return asksForCriticalAndSecurityOnly(request) || counts.other === 0;
}

function asksForCriticalAndSecurityOnly({ windowsParameters, linuxParameters }: InstallRequest): boolean {
  if (windowsParameters?.kbNumbersToInclude?.length || linuxParameters?.packageNameMasksToInclude?.length) return false;
  const classes: readonly string[] = [
    ...(windowsParameters?.classificationsToInclude ?? []),
    ...(linuxParameters?.classificationsToInclude ?? []),
  ];
  return classes.every((name) => name === "Critical" || name === "Security");
}
