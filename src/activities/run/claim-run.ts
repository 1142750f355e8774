import type { ActivityResult } from "../../contracts/activities";
import type { RunRequest } from "../../contracts/run";
import { operationInProgress } from "../../domain/machine/busy";
import { isInScope } from "../../domain/machine/scope";
import { spreadOf } from "../../ledger/keys";
import { newRun } from "../../ledger/runs";
import type { Lease } from "../../ledger/vms";
import type { StoredRow } from "../../store/store";
import { beginStep, isoOf, MINUTE_MS, noteStep, nowOf, subjectOf, type Instances, type RunDeps } from "./deps";
import { delayed } from "./patience";
import { writeOutcome } from "./record-outcome";
import { endingByRows } from "./settle-after-failure";
import { notBefore } from "./started";

type ClaimResult = ActivityResult<"claimRun">;

/** A run that finds all slots taken comes back after this, and up to as much again. */
const QUEUE_WAIT_MS = 30_000;
const UNAVAILABLE_WAIT_MS = 60_000;

/** Takes one of the slots for active runs, then the VM's lease. Repeating it changes nothing. */
export const claimRun =
  (deps: RunDeps) =>
  async (request: RunRequest, instances: Instances): Promise<ClaimResult> => {
    const { runs, switches, settings, clock } = deps;
    const { vmId, machineId } = subjectOf(deps, request);
    await runs.insertIfAbsent(newRun(request, nowOf(deps)));
    const run = await runs.get(request.runId);
    if (run?.code) return { kind: "alreadySettled", code: run.code };
    await beginStep(deps, request, { name: "claimRun" });

    if (!isInScope(settings.GOLDPATCH_SCOPE, vmId)) return { kind: "end", code: "OutOfScope", detail: machineId };
    if (await switches.isCancelled(request.runId)) return { kind: "end", code: "CancelledBeforeInstall" };
    if (!(await enter(deps, request.runId, instances))) {
      return { kind: "wait", at: isoOf(clock.now() + QUEUE_WAIT_MS * (1 + spreadOf(request.runId))) };
    }
    return takeLease(deps, request, instances);
  };

/** When all slots are taken, one holder a try is looked at: a run that ended or died gives its slot back. */
async function enter({ active, runs, clock }: RunDeps, runId: string, instances: Instances): Promise<boolean> {
  if (await active.enter(runId)) return true;
  const holders = await active.runIds();
  const holder = holders[Math.floor(clock.now() / QUEUE_WAIT_MS) % holders.length];
  if (holder === undefined) return active.enter(runId);
  const ended = (await runs.get(holder))?.outcome ?? null;
  if (ended === null && (await instances.isAlive(holder))) return false;
  await active.leave(holder);
  return active.enter(runId);
}

async function takeLease(deps: RunDeps, request: RunRequest, instances: Instances): Promise<ClaimResult> {
  const { vm } = subjectOf(deps, request);
  for (;;) {
    const lease = await vm.lease();
    if (lease?.value.held && lease.value.runId === request.runId) return claimed(deps, request, lease.value.epoch);
    if (lease?.value.held) {
      const obstacle = await whyNotTakeOver(deps, request, lease, instances);
      if (obstacle) return obstacle;
    }
    if (await vm.takeLease(request.runId, lease)) return claimed(deps, request, (lease?.value.epoch ?? 0) + 1);
  }
}

async function claimed(deps: RunDeps, request: RunRequest, epoch: number): Promise<ClaimResult> {
  await noteStep(deps, request, { name: "claimRun", ended: true, evidence: { epoch } });
  deps.logs.runClaimed({ runId: request.runId, vmId: request.vmId, epoch });
  const readyBy = deps.clock.now() + deps.settings.GOLDPATCH_READY_DEADLINE_MINUTES * MINUTE_MS;
  return { kind: "claimed", readyBy: isoOf(readyBy) };
}

/**
 * A lease whose run is over is taken only when none of its requests can still arrive and the VM is seen idle.
 * A dead run without outcome is settled on the way.
 */
async function whyNotTakeOver(
  deps: RunDeps,
  request: RunRequest,
  { value: lease }: StoredRow<Lease>,
  instances: Instances,
): Promise<ClaimResult | undefined> {
  const { clock, settings, runs, azure, logs } = deps;
  const holder = await runs.get(lease.runId);
  if ((holder?.outcome ?? null) === null && (await instances.isAlive(lease.runId))) {
    return { kind: "end", code: "HeldByRun", detail: lease.runId };
  }
  const quietFrom = lease.postNotAfter + settings.GOLDPATCH_SETTLE_SECONDS * 1000;
  if (clock.now() < quietFrom) return { kind: "wait", at: notBefore(quietFrom) };

  const { vmId, vm } = subjectOf(deps, request);
  const look = await azure.readMachine(vmId);
  if (look.kind === "forbidden") {
    return delayed(deps, request, { code: "PermissionMissing", afterMs: UNAVAILABLE_WAIT_MS, detail: look.message });
  }
  if (look.kind === "unavailable") {
    const afterMs = Math.max(UNAVAILABLE_WAIT_MS, look.retryAfterMs ?? 0);
    return delayed(deps, request, { code: "AzureUnavailable", afterMs, detail: look.message });
  }
  const busy = look.kind === "found" ? operationInProgress(look.view) : undefined;
  if (busy) {
    const detail = `run ${lease.runId} is over, operation ${busy.activityId ?? "without id"} still runs`;
    return delayed(deps, request, { code: "OperationInProgress", afterMs: UNAVAILABLE_WAIT_MS, detail });
  }
  if (holder?.outcome === null) {
    await writeOutcome(
      deps,
      holder,
      await endingByRows(vm, holder.runId, "the run's orchestration ended without an outcome"),
    );
  }
  logs.leaseTakenOver({ runId: request.runId, vmId: request.vmId, fromRunId: lease.runId });
  return undefined;
}
