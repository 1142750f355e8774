import { assessRules, type AssessRules } from "../../domain/policy/assess-rules";
import type { Policy } from "../../domain/policy/policy";
import type { RunRecord } from "../../ledger/runs";
import { MINUTE_MS, runOf, type RunDeps, type RunRef } from "./deps";

/** The policy of the sweep that released the run, or the one that selects its new VM; undefined for other runs. */
export async function policyOf(
  { policySweeps, policies }: RunDeps,
  run: Pick<RunRecord, "sweep" | "policy">,
): Promise<Policy | undefined> {
  if (run.sweep) return policySweeps.policy(run.sweep.sweepId);
  return run.policy && policies.version(run.policy.policyHash);
}

export async function assessRulesOf(deps: RunDeps, ref: RunRef): Promise<AssessRules> {
  const policy = await policyOf(deps, await runOf(deps, ref));
  const { settings } = deps;
  return assessRules(policy?.assess ?? {}, {
    attempts: settings.GOLDPATCH_MAX_ASSESSMENTS,
    pauseMs: settings.GOLDPATCH_REASSESS_MINUTES * MINUTE_MS,
    deadlineMs: settings.GOLDPATCH_SUPPORT_DEADLINE_MINUTES * MINUTE_MS,
  });
}
