import { orchestrationNames } from "../../contracts/names";
import { installOptions, type RunRequest } from "../../contracts/run";
import { canonicalVmId, parseVmId } from "../../domain/machine/vm-id";
import { outcomeOf } from "../../domain/outcome/table";
import type { Policy } from "../../domain/policy/policy";
import type { Finish } from "../../domain/sweep/tick";
import { sweepRunId } from "../../ledger/keys";
import type { SweepHead } from "../../ledger/policy-sweeps";
import { newRun } from "../../ledger/runs";
import { keyOf, type ActiveVmRow, type DoneVmRow, type SweepVmRow } from "../../ledger/sweep-queue";
import { aroundRun } from "../run/around-run";
import type { Instances, RunDeps } from "../run/deps";

/** A run that nobody has claimed after two ticks of a minute is started again: its start may have been lost. */
const START_AGAIN_MS = 2 * 60_000;

/** Does what a sweep's last tick decided, as far as it is not done yet. Repeating it changes nothing. */
export async function carryOut(deps: RunDeps, instances: Instances, head: SweepHead, policy: Policy): Promise<void> {
  const { sweepId, state, decision } = head;
  if (!state) return;
  const queue = deps.policySweeps.queue(sweepId);

  const codes = new Map(decision.ended.map(({ key, code }) => [key, code]));
  await queue.move(["active", "done"], [...codes.keys()], (key, { vmId, imageId, stage, lane }): DoneVmRow => {
    const vm = { vmId, imageId, stage, lane };
    return { ...vm, runId: runIdOf(sweepId, vm), code: codes.get(key) ?? "InternalError" };
  });
  for (const finish of decision.finish) await finishAll(deps, head, policy, finish);
  await queue.move(["queued", "active"], decision.release, (_key, row): ActiveVmRow => ({
    ...row,
    runId: runIdOf(sweepId, row),
    releasedAt: decision.at,
  }));
  await start(deps, instances, head, policy);
}

/** VMs that end without a run of their own get a run's row all the same: nobody asks in vain what became of one. */
async function finishAll(
  deps: RunDeps,
  head: SweepHead,
  policy: Policy,
  { keys, code, detail }: Finish,
): Promise<void> {
  const { sweepId, decision } = head;
  const queue = deps.policySweeps.queue(sweepId);
  const { outcome, nextStep } = outcomeOf(code);
  const endedAt = decision.at;
  for (const row of await queue.rows("queued", keys)) {
    const request = requestOf(deps, head, policy, row.value, endedAt);
    await deps.ended.note(request, Date.parse(endedAt));
    const { imageId } = row.value;
    const run = { ...newRun(request, endedAt), imageId, outcome, code, detail, nextStep, endedAt };
    if (await deps.runs.insertIfAbsent(run)) {
      deps.logs.runEnded({ runId: run.runId, vmId: run.vmId, outcome, code });
    }
  }
  await queue.move(["queued", "done"], keys, (_key, row): DoneVmRow => ({
    ...row,
    runId: runIdOf(sweepId, row),
    code,
  }));
}

/** A run that its orchestration knows already counts as started; one that is over ends at once by its own row. */
async function start(deps: RunDeps, instances: Instances, head: SweepHead, policy: Policy): Promise<void> {
  const { clock, runs, open, logs, policySweeps } = deps;
  const now = clock.now();
  const released = new Set(head.decision.release);
  for (const row of await policySweeps.queue(head.sweepId).active()) {
    const { runId, vmId, releasedAt } = row.value;
    const isDue = released.has(keyOf(row)) || now - Date.parse(releasedAt) >= START_AGAIN_MS;
    if (!isDue || (await runs.get(runId))) continue;
    const request = requestOf(deps, head, policy, row.value, releasedAt);
    try {
      await open.add(request, now);
      await instances.start(orchestrationNames.patchVm, runId, request);
    } catch (failure) {
      // The next ticks try again; the others need not wait for this one.
      logs.startFailed({ runId, vmId, failure: String(failure) });
    }
  }
}

function requestOf(
  deps: RunDeps,
  { sweepId, policyHash }: SweepHead,
  policy: Policy,
  vm: SweepVmRow,
  at: string,
): RunRequest {
  return {
    runId: runIdOf(sweepId, vm),
    vmId: vm.vmId,
    mode: policy.mode,
    trigger: "sweep",
    requestedAt: at,
    ...(policy.mode === "patch" && { install: installOptions.parse(policy.install) }),
    sweep: {
      sweepId,
      policyHash,
      stage: vm.stage,
      ...aroundRun(deps, policy),
    },
  };
}

function runIdOf(sweepId: string, { vmId }: SweepVmRow): string {
  const parsed = parseVmId(vmId);
  if (!parsed) throw new TypeError(`"${vmId}" is no VM id`);
  return sweepRunId(canonicalVmId(parsed), sweepId);
}
