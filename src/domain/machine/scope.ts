import type { VmId } from "./vm-id";

/** One subscription, or one resource group of it. Lower case. */
export interface ScopeEntry {
  readonly subscriptionId: string;
  readonly resourceGroup?: string;
}

const SCOPE_ENTRY = /^\/subscriptions\/([0-9a-f-]{36})(?:\/resourceGroups\/([^/?#\s]{1,90}))?\/?$/i;

/** Parses one entry of GOLDPATCH_SCOPE, or answers undefined. */
export function parseScopeEntry(text: string): ScopeEntry | undefined {
  const [, subscriptionId, resourceGroup] = SCOPE_ENTRY.exec(text) ?? [];
  if (!subscriptionId) return undefined;
  return {
    subscriptionId: subscriptionId.toLowerCase(),
    ...(resourceGroup && { resourceGroup: resourceGroup.toLowerCase() }),
  };
}

export const formatScopeEntry = ({ subscriptionId, resourceGroup }: ScopeEntry): string =>
  `/subscriptions/${subscriptionId}${resourceGroup === undefined ? "" : `/resourceGroups/${resourceGroup}`}`;

/** Whether all that the inner place has is also in the outer one. */
export const holdsPlace = (outer: ScopeEntry, inner: ScopeEntry): boolean =>
  outer.subscriptionId === inner.subscriptionId &&
  (outer.resourceGroup === undefined || outer.resourceGroup === inner.resourceGroup);

export function isInScope(scope: readonly ScopeEntry[], vmId: Pick<VmId, "subscriptionId" | "resourceGroup">): boolean {
  const subscriptionId = vmId.subscriptionId.toLowerCase();
  const resourceGroup = vmId.resourceGroup.toLowerCase();
  return scope.some(
    (entry) =>
      entry.subscriptionId === subscriptionId &&
      (entry.resourceGroup === undefined || entry.resourceGroup === resourceGroup),
  );
}
