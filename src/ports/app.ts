import { randomUUID } from "node:crypto";
import { nowOf, type RunDeps } from "../activities/run/deps";
import { decideInstallRequest } from "../activities/run/install-request";
import { lookAtImage } from "../activities/vm/look-at-image";
import { lookAtVm } from "../activities/vm/look-at-vm";
import { plannedCalls } from "../azure/planned-calls";
import { clouds } from "../domain/cloud/cloud";
import type { DryRunPlan, RunView } from "../contracts/api/runs";
import type { RunMode } from "../contracts/run";
import { problemOnMachine, type InstallOptions } from "../domain/install/options";
import { decideReadiness } from "../domain/machine/readiness";
import { formatScopeEntry, isInScope } from "../domain/machine/scope";
import { canonicalVmId, formatVmId, type VmId } from "../domain/machine/vm-id";
import { eventRunId, httpRunId } from "../ledger/keys";
import { newRun, type RunRecord } from "../ledger/runs";
import { MissingStore, NO_STORE } from "../store/missing";
import type { TriggerPorts } from "../triggers/ports";

/** What the triggers get of the app. */
export function createPorts(deps: RunDeps): TriggerPorts {
  const { settings, runs, open, images, switches, logs, store } = deps;
  return {
    logs,
    refusal: store instanceof MissingStore ? NO_STORE : undefined,
    provisionMode: settings.GOLDPATCH_PROVISION_MODE,
    sweepSchedule: settings.GOLDPATCH_SWEEP_SCHEDULE,
    azure: settings.GOLDPATCH_ARM_ENDPOINT ?? clouds[settings.GOLDPATCH_CLOUD].armOrigin,
    scope: settings.GOLDPATCH_SCOPE.map(formatScopeEntry),
    now: () => nowOf(deps),
    isInScope: (vmId) => isInScope(settings.GOLDPATCH_SCOPE, vmId),
    eventRunId: (vmId, correlationId) => eventRunId(canonicalVmId(vmId), correlationId),
    newHttpRunId: (vmId) => httpRunId(canonicalVmId(vmId), randomUUID()),
    announce: (run) => open.add(run, deps.clock.now()),
    run: async (runId) => {
      const run = await runs.get(runId);
      return run && toView(run);
    },
    queuedRun: (request) => toView(newRun(request, request.requestedAt)),
    runs: async () => (await runs.list()).map(toView),
    async runsPage(after, limit, isWanted) {
      const page = await runs.page(after, limit, (run) => isWanted(toView(run)));
      return { ...page, runs: page.runs.map(toView) };
    },
    images: () => images.list(),
    async cancel(runId) {
      await switches.cancel(runId, nowOf(deps));
      await runs.update(runId, (run) => ({ ...run, cancelRequested: true }));
    },
    setStopped: (on) => switches.setStopped(on, nowOf(deps)),
    isStopped: () => switches.isStopped(),
    look: (vmId) => lookAtVm(deps.azure, vmId),
    lookAtImage: (imageId) => lookAtImage(deps, imageId, settings.GOLDPATCH_SCOPE),
    plan: (vmId, mode, install) => plan(deps, vmId, mode, install),
  };
}

/** The run without what is only for the engine. */
export function toView({
  delayedSince: _delayedSince,
  location: _location,
  turn: _turn,
  pending: _pending,
  vmGuid: _vmGuid,
  ...view
}: RunRecord): RunView {
  return view;
}

/** Reads the VM, for operating system and age shape the install, and plans the calls from there. */
async function plan(
  { azure, clock, settings: { GOLDPATCH_CLOUD: cloud } }: RunDeps,
  vmId: VmId,
  mode: RunMode,
  install: InstallOptions,
): Promise<DryRunPlan> {
  const id = formatVmId(vmId);
  const look = await azure.queryMachine(vmId);
  if (look.kind === "notFound") return { vmId: id, calls: [], endsWith: "VmNotFound" };
  if (look.kind !== "found") {
    const endsWith = look.kind === "forbidden" ? "PermissionMissing" : "AzureUnavailable";
    return { vmId: id, calls: [], endsWith };
  }
  const readiness = decideReadiness(look.view);
  if (readiness.kind === "never") {
    const [read] = await plannedCalls(vmId, undefined, cloud);
    return { vmId: id, calls: read ? [read] : [], endsWith: readiness.code };
  }
  if (mode === "assess") return { vmId: id, calls: await plannedCalls(vmId, undefined, cloud) };
  if (readiness.kind === "ready" && problemOnMachine(install, readiness.osType) !== undefined) {
    const [read] = await plannedCalls(vmId, undefined, cloud);
    return { vmId: id, calls: read ? [read] : [], endsWith: "RequestRefused" };
  }
  const decision = decideInstallRequest({ install }, look.view, clock.now());
  return decision.kind === "end"
    ? { vmId: id, calls: await plannedCalls(vmId, undefined, cloud), endsWith: decision.ending.code }
    : { vmId: id, calls: await plannedCalls(vmId, decision.kind === "send" ? decision.request : undefined, cloud) };
}
