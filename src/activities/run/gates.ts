import type { Ending } from "../../contracts/run";
import { isInScope } from "../../domain/machine/scope";
import type { OperationKind } from "../../domain/operation/operation";
import { closedTimes } from "../../domain/sweep/closed-times";
import { closedSweepGate, failuresOf } from "../../domain/sweep/post-gate";
import type { RunRecord } from "../../ledger/runs";
import type { SweepQueue } from "../../ledger/sweep-queue";
import { isHeldBy } from "../../ledger/lease";
import { holdOn } from "../hold";
import { subjectOf, type RunDeps } from "./deps";

/**
 * Why nothing may be sent for this run now, or undefined when all gates are open.
 * Evaluated just before the intent and again just before the POST: what an operator turned off in between holds.
 * @param epoch the lease's epoch that the intent was written under; absent before there is one
 */
export async function closedGate(
  deps: RunDeps,
  run: RunRecord,
  operation: OperationKind,
  epoch?: number,
): Promise<Ending | undefined> {
  const { settings, switches, runs } = deps;
  const { vmId, vm } = subjectOf(deps, run);
  const hold = await holdOn(deps);
  if (hold) return { code: hold };
  if (await switches.isCancelled(run.runId)) return { code: "CancelledBeforeInstall" };
  if (!isInScope(settings.GOLDPATCH_SCOPE, vmId)) return { code: "OutOfScope", detail: run.vmId };
  const closedBySweep = await sweepGate(deps, run, operation);
  if (closedBySweep) return closedBySweep;
  const closedByPolicy = await provisionGate(deps, run, operation);
  if (closedByPolicy) return closedByPolicy;
  // The orchestration may be over and its run settled, while an activity of it still goes on.
  const outcome = (await runs.get(run.runId))?.outcome ?? null;
  if (outcome !== null) return { code: "LeaseLost", detail: `the run already ended as ${outcome}` };
  const lease = (await vm.lease())?.value;
  if (lease?.runId === run.runId && lease.fenced) return lease.fenced;
  const holds = lease !== undefined && isHeldBy(lease, run.runId) && (epoch === undefined || lease.epoch === epoch);
  return holds ? undefined : { code: "LeaseLost", detail: lease ? `held by ${lease.runId}` : "no lease" };
}

/** The gates of the policy sweep that released the run: window, blackout, pause, cancellation, failure budgets, its image version. */
async function sweepGate(
  { policySweeps, clock }: RunDeps,
  { sweep, imageId }: RunRecord,
  operation: OperationKind,
): Promise<Ending | undefined> {
  if (!sweep) return undefined;
  const { sweepId } = sweep;
  const policy = await policySweeps.policy(sweepId);
  const state = (await policySweeps.head(sweepId))?.value.state;
  if (!policy || !state) return { code: "SweepStopped", detail: `sweep ${sweepId} is not known any more` };
  const control = await policySweeps.control(sweepId);
  const seen = { state, failed: await policySweeps.failed(sweepId) };
  // Lanes are read only where they decide.
  const isHurt = imageId !== null && failuresOf(imageId, seen) > 0;
  const image = isHurt && { id: imageId, vms: await vmsOf(imageId, policySweeps.queue(sweepId), sweep.stage) };
  return closedSweepGate({ ...seen, policy, control, operation, now: clock.now(), ...(image && { image }) });
}

async function vmsOf(imageId: string, queue: SweepQueue, stage: number): Promise<number> {
  const lanes = (await queue.lanes(stage)) ?? [];
  return lanes.reduce((sum, lane) => sum + (lane.imageId === imageId ? lane.vms : 0), 0);
}

/** Windows and blackouts of the policy that selects a new VM. */
async function provisionGate(
  { policies, clock }: RunDeps,
  { policy: chosen }: RunRecord,
  operation: OperationKind,
): Promise<Ending | undefined> {
  const policy = chosen && (await policies.version(chosen.policyHash));
  if (!policy) return undefined;
  const times = policy.onProvision.inWindows ? policy : { ...policy, windows: [] };
  const detail = closedTimes(times, operation, clock.now());
  return detail === undefined ? undefined : { code: "OutsideWindow", detail: `policy ${policy.name}: ${detail}` };
}
