import type { MachineKind } from "../machine/vm-id";
import { sameText } from "../text";
import { MOST_GROUP_FILTERS, MOST_TAG_FILTERS } from "./limits";

/** `filter` of a subscription's configuration assignment: who is in is decided when the schedule runs. */
export interface ScopeFilter {
  /** VMs alone if absent. */
  readonly machines?: readonly MachineKind[];
  readonly resourceGroups?: readonly string[];
  readonly osTypes?: readonly ("Windows" | "Linux")[];
  readonly locations?: readonly string[];
  readonly tags?: Readonly<Record<string, readonly string[]>>;
  /** Whether one of the tags is enough. */
  readonly tagOperator?: "Any" | "All";
}

/** A machine as far as a filter asks. */
export interface ScopeCandidate {
  readonly kind: MachineKind;
  readonly resourceGroup: string;
  readonly osType?: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The field that breaks a limit, with the rule; undefined when none does. */
export function problemWithFilter({ resourceGroups = [], tags = {} }: ScopeFilter): string | undefined {
  if (resourceGroups.length > MOST_GROUP_FILTERS) {
    return `resourceGroups: ${resourceGroups.length} of them: a dynamic scope has ${MOST_GROUP_FILTERS} at most`;
  }
  const values = Object.values(tags).flat().length;
  if (values > MOST_TAG_FILTERS) return `tags: ${values} of them: a dynamic scope has ${MOST_TAG_FILTERS} at most`;
  return undefined;
}

/** Whether the filter takes the machine in; what it does not name it does not ask. */
export function isTaken(filter: ScopeFilter, vm: ScopeCandidate): boolean {
  const { machines = ["azureVm"], resourceGroups, osTypes, locations, tags = {}, tagOperator = "Any" } = filter;
  if (!machines.includes(vm.kind)) return false;
  const isNamed = (named: readonly string[] | undefined, value: string | undefined) =>
    named === undefined || named.length === 0 || named.some((one) => sameText(value, one));
  if (!isNamed(resourceGroups, vm.resourceGroup) || !isNamed(osTypes, vm.osType)) return false;
  // Azure writes a region as "West Europe" and as "westeurope".
  const plain = (location: string) => location.replaceAll(" ", "");
  if (!isNamed(locations?.map(plain), plain(vm.location))) return false;
  const wanted = Object.entries(tags);
  if (wanted.length === 0) return true;
  const holds = ([name, values]: readonly [string, readonly string[]]) => {
    // Names of tags have no case, their values do (Resource Manager: tag resources).
    const [, value] = Object.entries(vm.tags).find(([key]) => sameText(key, name)) ?? [];
    return value !== undefined && values.includes(value);
  };
  return tagOperator === "All" ? wanted.every(holds) : wanted.some(holds);
}
