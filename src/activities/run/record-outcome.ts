import type { ActivityInput, ActivityResult } from "../../contracts/activities";
import type { Ending } from "../../contracts/run";
import { outcomeOf } from "../../domain/outcome/table";
import { isHarm } from "../../domain/sweep/harm";
import { withStep, type RunRecord } from "../../ledger/runs";
import { requestIdsOf, type Intent } from "../../ledger/intent";
import { beginRun, nowOf, runOf, subjectOf, type RunDeps, type RunRef } from "./deps";
import { isLoose, whyNotIdle } from "./seen-idle";
import { resolvableAt } from "./started";

/** Writes the outcome once, then gives back what the run held. Repeating it changes nothing. */
export const recordOutcome =
  (deps: RunDeps) =>
  async (input: ActivityInput<"recordOutcome">): Promise<ActivityResult<"recordOutcome">> => {
    const { run: request, ending } = input;
    await beginRun(deps, request);
    const run = await writeOutcome(deps, await runOf(deps, request), ending);
    await giveBack(deps, request);
    const code = run.code ?? ending.code;
    return { kind: "recorded", outcome: outcomeOf(code).outcome, code };
  };

/** A run that is over needs no slot, and no lease when the VM is idle. */
export async function giveBack(deps: RunDeps, run: RunRef): Promise<void> {
  if (await mayRelease(deps, run)) await subjectOf(deps, run).vm.releaseLease(run.runId);
  await deps.active.leave(run.runId);
  await deps.open.remove(run.runId);
}

/** The run with its one outcome: this one, or the one it already had. */
async function writeOutcome(deps: RunDeps, run: RunRecord, { code, detail }: Ending): Promise<RunRecord> {
  const { outcome, nextStep } = outcomeOf(code);
  const { vm } = subjectOf(deps, run);
  const intents = await vm.intentsOfRun(run.runId);
  const cancelled = await deps.switches.isCancelled(run.runId);
  const at = nowOf(deps);
  if (run.outcome === null) await deps.ended.note(run, Date.parse(at));
  const written = await deps.runs.update(run.runId, (known) => {
    const steps = known.steps.map((step) => (step.endedAt === null ? { ...step, endedAt: at } : step));
    const evidence = { code, ...(detail !== undefined && { detail }), ...idsOfLast(intents) };
    return {
      ...withStep({ ...known, steps }, { name: "recordOutcome", at, ended: true, evidence }),
      outcome,
      code,
      nextStep,
      endedAt: at,
      ...(detail !== undefined && { detail }),
      ...numbersOf(intents),
      ...(cancelled && { cancelRequested: true as const }),
    };
  });
  const record = written ?? run;
  await noteVerdict(deps, record);
  await noteFailed(deps, record);
  // Another may have been faster, with another outcome.
  deps.logs.runEnded({
    runId: run.runId,
    vmId: run.vmId,
    outcome: record.outcome ?? outcome,
    code: record.code ?? code,
  });
  return record;
}

/** A request that started nothing that is known of is told here; an accepted one in its own step. */
function idsOfLast(intents: readonly Intent[]) {
  const last = intents.at(-1);
  if (!last || !["refused", "open", "untraced"].includes(last.state)) return {};
  return { ...requestIdsOf(last), ...last.refusedIds };
}

function numbersOf(intents: readonly Intent[]) {
  const installs = intents.filter(({ operation }) => operation === "install");
  const counts = installs.at(-1)?.accepted?.ended?.result?.counts;
  return {
    installedPatchCount: counts?.["installedPatchCount"] ?? 0,
    failedPatchCount: counts?.["failedPatchCount"] ?? 0,
    installPosts: installs.filter(({ state }) => !["refused", "withheld"].includes(state)).length,
  };
}

async function noteVerdict(deps: RunDeps, run: RunRecord): Promise<void> {
  const { imageId, supportState, outcome, endedAt, runId, vmId } = run;
  if (imageId === null || supportState === null || outcome === null || endedAt === null) return;
  await deps.images.note({ imageId, supportState, runId, vmId, seenAt: endedAt, lastOutcome: outcome });
}

/** At once, so that no other run of the sweep sends anything once a failure budget is overdrawn. */
async function noteFailed({ policySweeps }: RunDeps, run: RunRecord): Promise<void> {
  const { sweep, code, installPosts, runId, imageId } = run;
  if (!sweep || !code || !isHarm(code, installPosts)) return;
  await policySweeps.noteFailed(sweep.sweepId, runId, { stage: sweep.stage, imageId });
}

/** Only when nothing of this run can still work on the VM; else the lease waits until the VM is next claimed. */
async function mayRelease(deps: RunDeps, input: RunRef): Promise<boolean> {
  const { vm, vmId } = subjectOf(deps, input);
  const loose = (await vm.intentsOfRun(input.runId)).filter(isLoose);
  if (loose.length === 0) return true;
  if (loose.some((intent) => deps.clock.now() < resolvableAt(deps, intent))) return false;
  const look = await deps.azure.readMachine(vmId);
  if (look.kind === "notFound") return true;
  return look.kind === "found" && whyNotIdle(deps, look.view, loose) === undefined;
}
