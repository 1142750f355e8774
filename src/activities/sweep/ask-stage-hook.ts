import type { ActivityInput, ActivityResult } from "../../contracts/activities";
import { hookVerdict } from "../../domain/hook/verdict";
import { policyDurationMs } from "../../domain/policy/duration";
import { requestIdOf } from "../../ledger/keys";
import { isoOf, type RunDeps } from "../run/deps";

/** Asks a hook before or after a stage once. The first answer that is kept holds, whoever asks again. */
export const askStageHook =
  (deps: RunDeps) =>
  async (input: ActivityInput<"askStageHook">): Promise<ActivityResult<"askStageHook">> => {
    const { sweepId, moment, stage } = input;
    const { policySweeps, outside, clock, logs } = deps;
    const policy = await policySweeps.policy(sweepId);
    const head = (await policySweeps.head(sweepId))?.value;
    const hook = policy?.hooks[moment];
    // The next tick hears of the cancellation.
    if (!policy || !head || !hook || (await policySweeps.control(sweepId)).cancelled) return { kind: "asked" };
    const { since, answer } = await policySweeps.askedHook(sweepId, input, clock.now());
    if (answer !== undefined) return { kind: "asked" };

    const deadline = since + (policyDurationMs(hook.deadline) ?? 0);
    const id = requestIdOf(sweepId, moment, String(stage));
    const tally = head.state?.stages[stage];
    const body = {
      id,
      moment,
      sweepId,
      policy: policy.name,
      policyHash: head.policyHash,
      stage: policy.stages[stage]?.name,
      mode: head.mode,
      vms: tally?.vms,
      ...(moment === "afterStage" && { failed: tally?.failed, outcomes: tally?.outcomes }),
    };
    const told = await outside.askHook({ url: hook.url, key: hook.key, id, body, until: deadline });
    const verdict = hookVerdict(told, clock.now(), deadline);
    if (verdict.kind === "again") return { kind: "wait", at: isoOf(verdict.at) };
    if (verdict.kind === "no") logs.hookRefused({ of: sweepId, moment, reason: verdict.reason });
    await policySweeps.keepAnswer(sweepId, input, verdict.kind === "yes" ? "agreed" : verdict.reason);
    return { kind: "asked" };
  };
