import type { PowerAnswer, PowerRequest } from "../../azure/compute/power";
import { POST_WITHIN_MS } from "../../domain/operation/operation";
import { requestIdOf } from "../../ledger/keys";
import type { Lease } from "../../ledger/lease";
import type { PowerRecord } from "../../ledger/power-record";
import type { StoredRow } from "../../store/store";
import { subjectOf, type RunDeps, type RunRef } from "./deps";
import { waitForPowerTurn } from "./rate";

export interface PowerPlan {
  readonly request: PowerRequest;
  readonly location: string;
  readonly lease: StoredRow<Lease>;
  readonly known: StoredRow<PowerRecord> | undefined;
  /** What the run's record says once the request may leave; `postNotAfter` is added. */
  readonly record: Omit<PowerRecord, "postNotAfter">;
}

/** It was not sent: somebody else changed the row or the lease, or its time was over. */
interface NotSent {
  readonly kind: "notSent";
}
/** The rate limits leave room for it only at this time. */
interface Waits {
  readonly kind: "wait";
  readonly at: string;
}

/**
 * Sends a request to start or deallocate a VM, written down before. Unlike an installation it may be sent again: on a VM
 * that is as they want it both change nothing (Compute: Virtual Machines, Start and Deallocate, document 200 and 202 and
 * no conflict with a state). Were one refused all the same, the next look at the VM decides. But none may arrive once
 * another run holds the VM, so the lease waits for it as for any other request.
 */
export async function sendPower(deps: RunDeps, run: RunRef, plan: PowerPlan): Promise<PowerAnswer | NotSent | Waits> {
  const { clock, azure } = deps;
  const { vmId, vm } = subjectOf(deps, run);
  const { request, location, known, lease } = plan;
  const turn = await waitForPowerTurn(deps, run, request, location);
  if (turn) return turn;
  const postNotAfter = clock.now() + POST_WITHIN_MS;
  const record = { ...plan.record, postNotAfter: Math.max(postNotAfter, known?.value.postNotAfter ?? 0) };
  if (!(await vm.planPower(known, record, lease)) || clock.now() >= postNotAfter) return { kind: "notSent" };
  const ids = {
    clientRequestId: requestIdOf(run.runId, request, String(postNotAfter)),
    correlationRequestId: requestIdOf(run.runId),
  };
  const cut = new AbortController();
  const cancel = clock.at(postNotAfter, () => cut.abort());
  try {
    return await azure.postPower(vmId, request, ids, cut.signal);
  } finally {
    cancel();
  }
}
