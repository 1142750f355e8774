import type { MachineResource } from "../machine/machine-resource";

export type Row = Readonly<Record<string, unknown>>;

/** Columns of every Resource Graph table; those a row has nothing for are blank, as in Azure. */
export const COLUMNS = [
  "id",
  "name",
  "type",
  "tenantId",
  "kind",
  "location",
  "resourceGroup",
  "subscriptionId",
  "managedBy",
  "sku",
  "plan",
  "properties",
  "tags",
  "identity",
  "zones",
  "extendedLocation",
] as const;

export const rowOf = (
  machine: MachineResource,
  own: { readonly id: string; readonly name: string; readonly type: string; readonly properties: unknown },
): Row => ({
  tenantId: machine.world.fleet.tenantId,
  kind: "",
  location: machine.location.toLowerCase().replaceAll(" ", ""),
  resourceGroup: machine.resourceGroup.toLowerCase(),
  subscriptionId: machine.subscriptionId,
  managedBy: "",
  sku: null,
  plan: null,
  tags: null,
  identity: null,
  zones: null,
  extendedLocation: null,
  ...own,
});

/** How long a row lags behind what it tells of: [3P] azure-dev#540, blog 10; measured for assessments nowhere. */
const LEAST_LAG_MS = 20_000;
const MOST_LAG_MS = 90_000;

export function lagOf(machine: MachineResource, ...purpose: readonly string[]): number {
  const { lagSeconds } = machine.vm.graph;
  if (lagSeconds !== undefined) return lagSeconds * 1000;
  return machine.world.chance.between(LEAST_LAG_MS, MOST_LAG_MS, machine.identity, "graph lag", ...purpose);
}
