import { scopeIdOf, type Association } from "../../azure/maintenance/assignments";
import type { AssignBody, AssignedVm, AssignmentView, ScheduleAnswer } from "../../contracts/api/schedules";
import { isTaken, problemWithFilter, type ScopeFilter } from "../../domain/maintenance/dynamic-scope";
import { problemWithCounts, type ScheduleCounts } from "../../domain/maintenance/counts";
import {
  missingPrerequisites,
  situationOf,
  situationTexts,
  type PatchSettings,
} from "../../domain/maintenance/prerequisite";
import { canonicalScheduleId, formatScheduleId, type ScheduleId } from "../../domain/maintenance/schedule-id";
import { isInScope } from "../../domain/machine/scope";
import { formatVmId, parseVmId, type VmId } from "../../domain/machine/vm-id";
import { sameText } from "../../domain/text";
import { closedSwitch, failureOf, subscriptionsOf, troubleOf, type ScheduleDeps } from "./deps";
import { countScopes } from "./scope-count";
import { viewOf, watchedWindow } from "./show-schedule";

/** Adds machines or a dynamic scope to a schedule, and makes them ready for it if that was asked for. */
export async function assign(
  deps: ScheduleDeps,
  id: ScheduleId,
  body: AssignBody,
): Promise<ScheduleAnswer<AssignmentView>> {
  const { dryRun = false, applyPrerequisites = false, scope } = body;
  const vmIds = (body.vmIds ?? []).flatMap((text) => parseVmId(text) ?? []);
  const wrong = scope && problemWithScope(deps, scope);
  if (wrong !== undefined) return { kind: "invalid", detail: wrong };
  const read = await deps.maintenance.readSchedule(id);
  if (read.kind !== "done") return failureOf(read);
  const closed = dryRun ? undefined : await closedSwitch(deps);
  if (closed !== undefined) return { kind: "refused", message: closed };

  const known = await deps.maintenance.readAssociations(id, subscriptionsOf(deps));
  if (known.kind !== "done") return failureOf(known);
  const members = scope && (await deps.maintenance.readScopeVms(scope.subscriptionId));
  if (members && members.kind !== "done") return failureOf(members);
  const taken = scope && members ? members.value.filter((vm) => isTaken(scope.filter, vm)) : [];
  const scopesOfSubscription = scope && (await countScopes(deps.maintenance, scope, id, read.value.location));
  if (scopesOfSubscription && scopesOfSubscription.kind !== "done") return failureOf(scopesOfSubscription);
  const after = {
    ...countsAfter(known.value, vmIds, scope, taken.length),
    scopesOfSubscription: scopesOfSubscription?.value ?? 0,
  };
  const limit = problemWithCounts(after, deps.settings.GOLDPATCH_CLOUD);
  if (limit !== undefined) return { kind: "invalid", detail: limit };

  if (!dryRun) {
    const view = viewOf(read.value, deps.clock.now());
    await deps.schedules.note({ scheduleId: canonicalScheduleId(id), window: watchedWindow(view) });
  }
  const work: Work = { deps, id, dryRun, applyPrerequisites };
  const value = { scheduleId: formatScheduleId(id), dryRun };
  if (!scope) {
    const vms: AssignedVm[] = [];
    for (const vmId of vmIds) vms.push(await assignVm(work, vmId));
    return { kind: "done", value: { ...value, vms, scope: null } };
  }
  const assigned = dryRun
    ? undefined
    : await deps.maintenance.assignScope(id, scope.subscriptionId, scope.name, scope.filter);
  const isAssigned = assigned?.kind === "done";
  const vms: AssignedVm[] = [];
  for (const { vmId, settings } of taken) {
    vms.push(await madeReady(work, vmId, settings, isAssigned));
  }
  const trouble = assigned && assigned.kind !== "done" ? { trouble: troubleOf(assigned) } : {};
  if (isAssigned) deps.logs.scheduleChanged({ scheduleId: value.scheduleId, change: `scope ${scope.name} assigned` });
  return { kind: "done", value: { ...value, vms, scope: { name: scope.name, assigned: isAssigned, ...trouble } } };
}

interface Work {
  readonly deps: ScheduleDeps;
  readonly id: ScheduleId;
  readonly dryRun: boolean;
  readonly applyPrerequisites: boolean;
}

/** What the schedule has, and what comes to it; what is there already counts once. */
function countsAfter(
  known: readonly Association[],
  vmIds: readonly VmId[],
  scope: AssignBody["scope"],
  members: number,
): Omit<ScheduleCounts, "scopesOfSubscription"> {
  const count = (ids: readonly string[]) => new Set(ids.map((id) => id.toLowerCase())).size;
  const machines = known.filter(({ filter }) => !filter).map(({ resourceId }) => resourceId);
  const scopes = known.filter(({ filter }) => filter).map(({ id }) => id);
  const subscriptions = known.map(({ resourceId }) => resourceId.split("/")[2] ?? "");
  return {
    machines: count([...machines, ...vmIds.map(formatVmId)]),
    scopes: count([...scopes, ...(scope ? [scopeIdOf(scope.subscriptionId, scope.name)] : [])]),
    subscriptions: count([
      ...subscriptions,
      ...vmIds.map(({ subscriptionId }) => subscriptionId),
      ...(scope ? [scope.subscriptionId] : []),
    ]),
    members,
  };
}

/** A dynamic scope may take in nothing that lies outside GOLDPATCH_SCOPE. */
function problemWithScope({ settings }: ScheduleDeps, scope: NonNullable<AssignBody["scope"]>): string | undefined {
  const filter: ScopeFilter = scope.filter;
  const limit = problemWithFilter(filter);
  if (limit !== undefined) return `scope.filter.${limit}`;
  const own = settings.GOLDPATCH_SCOPE.filter(({ subscriptionId }) => sameText(subscriptionId, scope.subscriptionId));
  if (own.some(({ resourceGroup }) => resourceGroup === undefined)) return undefined;
  const groups = filter.resourceGroups ?? [];
  const outside = groups.filter((group) => !own.some(({ resourceGroup }) => sameText(resourceGroup, group)));
  if (own.length > 0 && groups.length > 0 && outside.length === 0) return undefined;
  const named = outside.length > 0 ? outside.join(", ") : scope.subscriptionId;
  return `scope: outside GOLDPATCH_SCOPE: ${named}: name resource groups that lie in it, or widen it`;
}

async function assignVm(work: Work, vmId: VmId): Promise<AssignedVm> {
  const { deps, id, dryRun } = work;
  const read = await deps.maintenance.readPatchSettings(vmId);
  if (read.kind !== "done") {
    return { ...described(vmId, { osType: "Linux" }, false), changes: [], trouble: troubleOf(read) };
  }
  const { settings, location } = read.value;
  if (dryRun) return madeReady(work, vmId, settings, false);
  const assigned = await deps.maintenance.assignVm(id, vmId, location);
  if (assigned.kind !== "done") {
    return { ...described(vmId, settings, false), trouble: `not assigned: ${troubleOf(assigned)}` };
  }
  deps.logs.scheduleChanged({ scheduleId: formatScheduleId(id), change: `${formatVmId(vmId)} assigned` });
  return madeReady(work, vmId, settings, true);
}

/** An Arc-enabled server needs no patch mode (Update Manager: scheduled patching). */
const ofServer = {
  situation: "scheduleRuns",
  meaning: "its schedule patches it; an Arc-enabled server needs no patch mode",
  changes: [],
  applied: false,
} as const;

/** Changes the VM's model where that was asked for: what it lacks, and nothing else. */
async function madeReady(work: Work, vmId: VmId, settings: PatchSettings, assigned: boolean): Promise<AssignedVm> {
  const { deps, dryRun, applyPrerequisites } = work;
  const now = described(vmId, settings, assigned);
  if (dryRun || !applyPrerequisites || now.changes.length === 0) return now;
  if (!isInScope(deps.settings.GOLDPATCH_SCOPE, vmId)) return { ...now, trouble: "outside GOLDPATCH_SCOPE" };
  const applied = await deps.maintenance.applyPrerequisites(vmId, settings.osType);
  if (applied.kind !== "done") return { ...now, trouble: `prerequisites not applied: ${troubleOf(applied)}` };
  const ready = {
    ...settings,
    patchMode: "AutomaticByPlatform",
    bypassPlatformSafetyChecksOnUserSchedule: true,
  };
  deps.logs.prerequisitesApplied({ vmId: formatVmId(vmId) });
  return { ...described(vmId, ready, assigned), changes: now.changes, applied: true };
}

/** What becomes of the machine once it has the schedule, by its model as it is. */
function described(vmId: VmId, settings: PatchSettings, assigned: boolean): AssignedVm {
  if (vmId.kind === "arc") return { ...ofServer, vmId: formatVmId(vmId), assigned };
  const situation = situationOf(settings, true);
  const changes = missingPrerequisites(settings);
  return { vmId: formatVmId(vmId), situation, meaning: situationTexts[situation], changes, applied: false, assigned };
}
