import type { Ending } from "../../contracts/run";
import { isInScope } from "../../domain/machine/scope";
import type { RunRecord } from "../../ledger/runs";
import { subjectOf, type RunDeps } from "./deps";

/**
 * Why nothing may be sent for this run now, or undefined when all gates are open.
 * Evaluated just before the intent and again just before the POST: what an operator turned off in between holds.
 * @param epoch the lease's epoch that the intent was written under; absent before there is one
 */
export async function closedGate(deps: RunDeps, run: RunRecord, epoch?: number): Promise<Ending | undefined> {
  const { settings, switches } = deps;
  const { vmId, vm } = subjectOf(deps, run);
  if (settings.GOLDPATCH_PAUSED) return { code: "Paused" };
  if (await switches.isStopped()) return { code: "Stopped" };
  if (await switches.isCancelled(run.runId)) return { code: "CancelledBeforeInstall" };
  if (!isInScope(settings.GOLDPATCH_SCOPE, vmId)) return { code: "OutOfScope", detail: run.vmId };
  const lease = (await vm.lease())?.value;
  const holds = lease?.held === true && lease.runId === run.runId && (epoch === undefined || lease.epoch === epoch);
  return holds ? undefined : { code: "LeaseLost", detail: lease ? `held by ${lease.runId}` : "no lease" };
}
