import { readFilter } from "../../azure/maintenance/assignments";
import { pagesOf } from "../../azure/resource-graph/pages";
import { isTaken } from "../../domain/maintenance/dynamic-scope";
import { isClosedFor, type CoveringPolicy } from "../../domain/maintenance/pre-event";
import { formatScheduleId, type MaintenanceRunId, type ScheduleId } from "../../domain/maintenance/schedule-id";
import { isInScope, parseScopeEntry } from "../../domain/machine/scope";
import { canonicalVmId, parseVmId } from "../../domain/machine/vm-id";
import type { Policy } from "../../domain/policy/policy";
import { whyNotSelected, type Candidate } from "../../domain/policy/selection";
import { OperatorError } from "../../errors";
import { subscriptionsOf, troubleOf, type ScheduleDeps } from "./deps";

/** A run before it begins. Instants in milliseconds since the epoch. */
interface Ahead {
  readonly run: MaintenanceRunId;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly subscriptions: readonly string[];
}

/**
 * Policies whose windows and blackouts hold for a schedule's run: those of patching sweeps that are not over and cover
 * one of its subscriptions, and the stored ones that patch, are closed then and select one of its machines.
 *
 * @throws OperatorError when a stored policy is closed then and Azure does not say which machines the schedule has
 */
export async function coveringPolicies(deps: ScheduleDeps, ahead: Ahead): Promise<CoveringPolicy[]> {
  const covering = await sweepingPolicies(deps, ahead.subscriptions);
  const stored = (await deps.policies.list()).map(({ policy }) => policy);
  const closed = stored.filter((policy) => policy.mode === "patch" && isClosedFor(policy, ahead));
  if (closed.length === 0) return covering;
  const members = await membersOf(deps, ahead.run.schedule);
  for (const policy of closed) {
    if (members.size > 0 && (await selectsOneOf(deps, policy, members))) covering.push(policy);
  }
  return covering;
}

async function sweepingPolicies({ policySweeps }: ScheduleDeps, subscriptions: readonly string[]): Promise<Policy[]> {
  const wanted = subscriptions.map((id) => id.toLowerCase());
  const covering = new Map<string, Policy>();
  for (const { sweepId, endedAt, mode } of await policySweeps.heads()) {
    if (endedAt !== null || mode !== "patch") continue;
    const policy = await policySweeps.policy(sweepId);
    const places = policy
      ? [...policy.scope.subscriptions.map((id) => `/subscriptions/${id}`), ...policy.scope.resourceGroups]
      : [];
    const covers = places.some((place) => wanted.includes(parseScopeEntry(place)?.subscriptionId ?? ""));
    if (policy && covers) covering.set(policy.name, policy);
  }
  return [...covering.values()];
}

/** Ids in lower case of the machines that the schedule would take now, those of its dynamic scopes too. */
async function membersOf(deps: ScheduleDeps, schedule: ScheduleId): Promise<ReadonlySet<string>> {
  const read = await deps.maintenance.readAssociations(schedule, subscriptionsOf(deps));
  if (read.kind !== "done") throw unread(schedule, troubleOf(read));
  const members = new Set<string>();
  for (const { filter, resourceId } of read.value) {
    const vmId = parseVmId(resourceId);
    if (!filter && vmId) members.add(canonicalVmId(vmId));
    const home = filter ? parseScopeEntry(resourceId) : undefined;
    if (!filter || !home) continue;
    const machines = await deps.maintenance.readScopeVms(home.subscriptionId);
    if (machines.kind !== "done") throw unread(schedule, troubleOf(machines));
    const wanted = readFilter(filter);
    for (const machine of machines.value) {
      if (isInScope([home], machine.vmId) && isTaken(wanted, machine)) members.add(canonicalVmId(machine.vmId));
    }
  }
  return members;
}

async function selectsOneOf(deps: ScheduleDeps, policy: Policy, members: ReadonlySet<string>): Promise<boolean> {
  const places = { scope: deps.settings.GOLDPATCH_SCOPE, managementGroups: policy.scope.managementGroups };
  const selects = (vm: Candidate) =>
    members.has(canonicalVmId(vm.vmId)) && whyNotSelected(policy.scope, vm) === undefined;
  for await (const page of pagesOf((skipToken) => deps.azure.readSweepVms(places, skipToken))) {
    if (page.kind !== "read") throw new OperatorError(`policy ${policy.name}: its VMs were not read: ${page.message}`);
    if (page.vms.some(selects)) return true;
  }
  return false;
}

const unread = (schedule: ScheduleId, trouble: string): OperatorError =>
  new OperatorError(`${formatScheduleId(schedule)}: its machines were not read: ${trouble}`);
