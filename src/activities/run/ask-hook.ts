import type { ActivityInput, ActivityResult } from "../../contracts/activities";
import { afterVmRefused } from "../../domain/hook/ending";
import { hookVerdict } from "../../domain/hook/verdict";
import { outcomeOf } from "../../domain/outcome/table";
import { policyDurationMs } from "../../domain/policy/duration";
import type { Policy, PolicyHook } from "../../domain/policy/policy";
import { requestIdOf } from "../../ledger/keys";
import { withStep, type RunRecord, type StepRecord } from "../../ledger/runs";
import { beginStep, isoOf, nowOf, runOf, subjectOf, type RunDeps } from "./deps";
import { closedGate } from "./gates";
import { policyOf } from "./policy-of-run";

type AskInput = ActivityInput<"askHook">;
type AskResult = ActivityResult<"askHook">;

const agreed: AskResult = { kind: "agreed" };

/**
 * Asks the hook before or after a VM. The first answer that is kept holds: a second delivery asks with the same
 * idempotency id, and then goes by what stands in the run's row.
 */
export const askHook =
  (deps: RunDeps) =>
  async (input: AskInput): Promise<AskResult> => {
    const { moment } = input;
    const run = await deps.runs.get(input.runId);
    if (!run) return agreed;
    const policy = await policyOf(deps, run);
    const hook = policy?.hooks[moment];
    if (!policy || !hook) return agreed;
    const known = stepOf(run, moment);
    if (known && answerOf(known) !== undefined) return resultOf(input, known);
    if (moment === "afterVm" && !wasBegun(run, policy)) return agreed;
    const closed = moment === "beforeVm" ? await closedGate(deps, run, "assess") : undefined;
    if (closed) return { kind: "end", ...closed };

    await beginStep(deps, input, { name: moment });
    const begun = stepOf(await runOf(deps, input), moment);
    const deadline = Date.parse(begun?.startedAt ?? nowOf(deps)) + (policyDurationMs(hook.deadline) ?? 0);
    const verdict = hookVerdict(await ask(deps, input, run, policy, hook, deadline), deps.clock.now(), deadline);
    if (verdict.kind === "again") return { kind: "wait", at: isoOf(verdict.at) };
    return resultOf(input, await keep(deps, input, verdict.kind === "yes" ? "agreed" : verdict.reason));
  };

/**
 * A run that its own hook kept from the VM has nothing to tell afterwards, nor has one that never held the VM, nor one
 * that waited in vain for a new VM.
 */
function wasBegun(run: RunRecord, { hooks }: Policy): boolean {
  if (!hooks.beforeVm) return run.steps.some((step) => (run.sweep ? isClaimed(step) : isReady(step)));
  const before = stepOf(run, "beforeVm");
  return before !== undefined && answerOf(before) === "agreed";
}

const isClaimed = ({ name, endedAt }: StepRecord): boolean => name === "claimRun" && endedAt !== null;
const isReady = ({ name, evidence }: StepRecord): boolean =>
  name === "checkProvisioning" && evidence["readiness"] === "ready";

function ask(deps: RunDeps, input: AskInput, run: RunRecord, policy: Policy, hook: PolicyHook, until: number) {
  const { runId, sweep, mode } = run;
  const { vmId } = subjectOf(deps, input);
  const id = requestIdOf(runId, input.moment);
  const body = {
    id,
    moment: input.moment,
    sweepId: sweep?.sweepId,
    policy: policy.name,
    policyHash: (sweep ?? run.policy)?.policyHash,
    stage: sweep && policy.stages[sweep.stage]?.name,
    mode,
    runId,
    vm: { id: run.vmId, subscriptionId: vmId.subscriptionId, resourceGroup: vmId.resourceGroup, name: vmId.name },
    ...(input.moment === "afterVm" && {
      outcome: outcomeOf(input.ending.code).outcome,
      code: input.ending.code,
    }),
  };
  return deps.outside.askHook({ url: hook.url, key: hook.key, id, body, until });
}

const stepOf = (run: RunRecord, moment: AskInput["moment"]): StepRecord | undefined =>
  run.steps.find(({ name }) => name === moment);

/** `agreed`, or why not. */
const answerOf = ({ evidence }: StepRecord): string | undefined => {
  const { answer } = evidence;
  return typeof answer === "string" ? answer : undefined;
};

async function keep(deps: RunDeps, input: AskInput, answer: string): Promise<StepRecord | undefined> {
  const { moment: name } = input;
  const at = nowOf(deps);
  const kept = await deps.runs.update(input.runId, (run) => {
    const known = stepOf(run, name);
    if (known && answerOf(known) !== undefined) return undefined;
    return withStep(run, { name, at, ended: true, evidence: { answer } });
  });
  if (answer !== "agreed") deps.logs.hookRefused({ of: input.runId, moment: name, reason: answer });
  return kept && stepOf(kept, name);
}

/** A run that is over keeps nothing: its outcome stands, whatever is answered here. */
function resultOf(input: AskInput, step: StepRecord | undefined): AskResult {
  const answer = (step && answerOf(step)) ?? "the run is over";
  if (answer === "agreed") return agreed;
  if (input.moment === "beforeVm") return { kind: "end", code: "BeforeVmRefused", detail: `hook beforeVm: ${answer}` };
  return { kind: "end", ...afterVmRefused(input.ending, answer) };
}
