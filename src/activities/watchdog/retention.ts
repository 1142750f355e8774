import { parseVmId } from "../../domain/machine/vm-id";
import type { EndedRunRow } from "../../ledger/ended-runs";
import { shards } from "../../ledger/keys";
import { isRun } from "../../ledger/runs";
import type { StoredRow } from "../../store/store";
import { subjectOf } from "../run/deps";
import { Budget, DAY_MS, type WatchdogDeps } from "./deps";
import { throughHours } from "./hours";

/** Runs that one tick removes: what an hour of full speed ends is gone within an hour (Compute: 200 installs a minute). */
const MOST_RUNS = 1000;
/** Removes runs that ended too long ago and what they left, hour by hour. A run without outcome is never removed. */
export async function forgetOldRuns(deps: WatchdogDeps, until: number): Promise<void> {
  const cutoff = deps.clock.now() - deps.settings.GOLDPATCH_RETENTION_DAYS * DAY_MS;
  const budget = new Budget(deps, until, MOST_RUNS);
  await throughHours(deps, "retention", { cutoff, until }, async (hour) => {
    if (!(await forgetHour(deps, hour, cutoff, budget))) return false;
    await deps.sweeps.forgetHour(hour);
    await deps.policySweeps.forgetHour(hour);
    await deps.policies.forgetHour(hour);
    await deps.schedules.forgetHour(hour);
    return true;
  });
}

/** True when nothing of the hour is left. */
async function forgetHour(deps: WatchdogDeps, hour: string, cutoff: number, budget: Budget): Promise<boolean> {
  let runs = 0;
  let done = true;
  for (const shard of shards) {
    if (budget.isSpent) return false;
    const rows = await deps.ended.inShard(hour, shard);
    budget.spend(rows.length);
    const gone: StoredRow<EndedRunRow>[] = [];
    for (const row of rows) {
      if (await forgetRun(deps, row.value, cutoff)) gone.push(row);
      else done = false;
    }
    // The index goes last: what a crash leaves is found again.
    if (!(await deps.ended.remove(hour, gone))) done = false;
    runs += gone.length;
  }
  if (runs > 0) deps.logs.runsForgotten({ endedIn: hour, runs });
  return done;
}

/** True when the index needs no longer know the run: it is gone, or stands in the index elsewhere. */
async function forgetRun(deps: WatchdogDeps, { runId, vmId }: EndedRunRow, cutoff: number): Promise<boolean> {
  const run = await deps.runs.row(runId);
  // Noted in vain: whoever meant to end it did not get so far, or another was faster. What cannot be read may be open.
  if (run && (!isRun(run.value) || run.value.outcome === null)) return true;
  if (run && Date.parse(run.value.endedAt ?? "") >= cutoff) return true;

  if (parseVmId(vmId)) await subjectOf(deps, { runId, vmId }).vm.forgetRun(runId, run?.value.vmGuid);
  await deps.switches.forgetCancel(runId);
  return run ? deps.runs.remove(run) : true;
}
