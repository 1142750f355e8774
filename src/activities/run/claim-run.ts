import type { ActivityResult } from "../../contracts/activities";
import type { Ending, RunRequest } from "../../contracts/run";
import { isInScope } from "../../domain/machine/scope";
import { mayLive } from "../../domain/run/life";
import { spreadOf } from "../../ledger/keys";
import { isHeldBy, type Lease } from "../../ledger/lease";
import type { StoredRow } from "../../store/store";
import { beginRun, beginStep, isoOf, MINUTE_MS, noteStep, subjectOf, type Instances, type RunDeps } from "./deps";
import { delayed } from "./patience";
import { giveBack } from "./record-outcome";
import { whyNotIdle } from "./seen-idle";
import { endedBy, settleDeadRun, type Settlement } from "./settle-dead-run";
import { notBefore, settledBy } from "./started";

/** The claim alone: the look at the VM that comes with it is another's (claim-and-check.ts). */
type ClaimResult =
  Exclude<ActivityResult<"claimRun">, { kind: "claimed" }> | { readonly kind: "claimed"; readonly readyBy: string };

/** A run that finds all slots taken comes back after this, and up to as much again. */
const QUEUE_WAIT_MS = 30_000;
const UNAVAILABLE_WAIT_MS = 60_000;

/** Takes one of the slots for active runs, then the VM's lease. Repeating it changes nothing. */
export const claimRun =
  (deps: RunDeps) =>
  async (request: RunRequest, instances: Instances): Promise<ClaimResult> => {
    const { switches, settings, clock } = deps;
    const { vmId, machineId } = subjectOf(deps, request);
    const run = await beginRun(deps, request);
    if (run?.code) return { kind: "alreadySettled", code: run.code };
    await beginStep(deps, request, { name: "claimRun" });

    if (!isInScope(settings.GOLDPATCH_SCOPE, vmId)) return { kind: "end", code: "OutOfScope", detail: machineId };
    if (await switches.isCancelled(request.runId)) return { kind: "end", code: "CancelledBeforeInstall" };
    if (!(await enter(deps, request.runId, instances))) {
      // Told once a run: thousands may wait, and ask again every minute.
      if (!run?.steps.some(({ name }) => name === "claimRun")) {
        const { runId, vmId } = request;
        deps.logs.activeRunsExhausted({ runId, vmId, limit: settings.GOLDPATCH_MAX_ACTIVE_RUNS });
      }
      return { kind: "wait", at: isoOf(clock.now() + QUEUE_WAIT_MS * (1 + spreadOf(request.runId))) };
    }
    // Another delivery may have brought the run to its end while this one waited for the store.
    const entered = await deps.runs.get(request.runId);
    if (entered?.code) {
      await giveBack(deps, request);
      return { kind: "alreadySettled", code: entered.code };
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
  if (ended === null && mayLive(await instances.look(holder))) return false;
  await active.leave(holder);
  return active.enter(runId);
}

async function takeLease(deps: RunDeps, request: RunRequest, instances: Instances): Promise<ClaimResult> {
  const { vm } = subjectOf(deps, request);
  for (;;) {
    const lease = await vm.lease();
    if (lease && isHeldBy(lease.value, request.runId)) return claimed(deps, request, lease.value.epoch);
    if (lease?.value.held) {
      const { runId, fenced } = lease.value;
      const obstacle =
        fenced && runId === request.runId
          ? await whileSettled(deps, request, fenced)
          : await whyNotTakeOver(deps, request, lease, instances);
      if (obstacle) return obstacle;
    }
    if (await vm.takeLease(request.runId, lease)) return claimed(deps, request, (lease?.value.epoch ?? 0) + 1);
  }
}

/** This very run was given up, and then started again: its outcome is being found out. */
async function whileSettled(deps: RunDeps, request: RunRequest, reason: Ending): Promise<ClaimResult> {
  const settlement = await settleDeadRun(deps, request, reason);
  return settlement.kind === "settled" ? { kind: "alreadySettled", code: settlement.code } : waitFor(settlement);
}

async function claimed(deps: RunDeps, request: RunRequest, epoch: number): Promise<ClaimResult> {
  const run = await noteStep(deps, request, { name: "claimRun", ended: true, evidence: { epoch } });
  if (run?.code) {
    // It was settled from outside just now; what it took meanwhile is nobody's.
    await giveBack(deps, request);
    return { kind: "alreadySettled", code: run.code };
  }
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
  const { clock, runs, azure, logs } = deps;
  const holder = await runs.get(lease.runId);
  if ((holder?.outcome ?? null) === null) {
    const orchestration = await instances.look(lease.runId);
    const reason = lease.fenced ?? (mayLive(orchestration) ? undefined : endedBy(orchestration));
    if (!reason) return { kind: "end", code: "HeldByRun", detail: lease.runId };
    const settlement = holder && (await settleDeadRun(deps, holder, reason));
    if (settlement?.kind === "wait") return busyWith(deps, request, lease.runId, settlement);
  }
  const quietFrom = settledBy(deps, lease.postNotAfter);
  if (clock.now() < quietFrom) return { kind: "wait", at: notBefore(quietFrom) };

  const { vm, vmId } = subjectOf(deps, request);
  const look = await azure.readMachine(vmId);
  if (look.kind === "forbidden") {
    return delayed(deps, request, { code: "PermissionMissing", afterMs: UNAVAILABLE_WAIT_MS, detail: look.message });
  }
  if (look.kind === "unavailable") {
    const afterMs = Math.max(UNAVAILABLE_WAIT_MS, look.retryAfterMs ?? 0);
    return delayed(deps, request, { code: "AzureUnavailable", afterMs, detail: look.message });
  }
  const busy = look.kind === "found" ? whyNotIdle(deps, look.view, await vm.intentsOfRun(lease.runId)) : undefined;
  if (busy !== undefined) {
    const detail = `run ${lease.runId} is over, ${busy}`;
    return delayed(deps, request, { code: "OperationInProgress", afterMs: UNAVAILABLE_WAIT_MS, detail });
  }
  logs.leaseTakenOver({ runId: request.runId, vmId: request.vmId, fromRunId: lease.runId });
  return undefined;
}

const waitFor = ({ at }: Extract<Settlement, { kind: "wait" }>): ClaimResult => ({ kind: "wait", at });

/** Another run's end is waited for only as long as patience lasts. */
function busyWith(
  deps: RunDeps,
  request: RunRequest,
  runId: string,
  settlement: Extract<Settlement, { kind: "wait" }>,
): ClaimResult | Promise<ClaimResult> {
  switch (settlement.for) {
    case "request":
      return waitFor(settlement);
    case "Azure": {
      const detail = `run ${runId} is over, Azure does not say what became of its request`;
      return delayed(deps, request, { code: "AzureUnavailable", afterMs: UNAVAILABLE_WAIT_MS, detail });
    }
    case "operation": {
      const detail = `run ${runId} is over, its operation still runs`;
      return delayed(deps, request, { code: "OperationInProgress", afterMs: UNAVAILABLE_WAIT_MS, detail });
    }
  }
}
