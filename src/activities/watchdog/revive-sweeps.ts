import { orchestrationNames } from "../../contracts/names";
import { firstLine } from "../../domain/text";
import type { SweepHead } from "../../ledger/policy-sweeps";
import type { Instances } from "../run/deps";
import type { WatchdogDeps } from "./deps";

/** Starts the control loops of policy sweeps anew that ended before their sweep did: they go on where its rows say. */
export async function reviveSweeps(deps: WatchdogDeps, instances: Instances): Promise<void> {
  for (const head of await deps.policySweeps.heads()) {
    if (head.endedAt !== null || !(await isLost(instances, head))) continue;
    const { sweepId } = head;
    try {
      await instances.start(orchestrationNames.policySweep, sweepId, { sweepId, tick: head.tick });
      deps.logs.sweepRevived({ sweepId, tick: head.tick });
    } catch (failure) {
      deps.logs.watchdogFailed({ at: sweepId, failure: firstLine(String(failure)) });
    }
  }
}

/** One that never began is not started: whoever asked for it was told so, and asks again. */
async function isLost(instances: Instances, { sweepId, state }: SweepHead): Promise<boolean> {
  const { kind } = await instances.look(sweepId);
  return kind === "over" || (kind === "missing" && state !== undefined);
}
