import { AZURE_PATIENCE_MINUTES } from "../run/longest";
import { policyDurationMs } from "../policy/duration";
import type { Policy } from "../policy/policy";

const MINUTE_MS = 60_000;

/** Steps that only runs of some policies take. */
export const aroundSteps = ["beforeVm", "power", "afterVm"] as const;
export type AroundStep = (typeof aroundSteps)[number];

/** What a policy wants around each run. A sweep that only assesses starts no machine for it. */
export function aroundOf({ hooks, power, mode }: Policy): AroundStep[] {
  const wanted: Readonly<Record<AroundStep, boolean>> = {
    beforeVm: hooks.beforeVm !== undefined,
    power: power === "startAndStop" && mode === "patch",
    afterVm: hooks.afterVm !== undefined,
  };
  return aroundSteps.filter((step) => wanted[step]);
}

/** What of a policy holds for a VM that has just been created: that one runs, so nobody has to start it. */
export const forNewVm = (policy: Policy): Policy => ({ ...policy, power: "skip" });

/** The deadlines of a run's parts that a policy adds to, in minutes. */
interface Deadlines {
  readonly readyMinutes: number;
  readonly graceMinutes: number;
}

/** How much longer than its settings allow a run of a policy may take, in milliseconds. */
export function extraMs(policy: Policy, { readyMinutes, graceMinutes }: Deadlines): number {
  const around = aroundOf(policy);
  const hooks = [policy.hooks.beforeVm, policy.hooks.afterVm].map(
    (hook) => policyDurationMs(hook?.deadline ?? "") ?? 0,
  );
  const up = around.includes("power") ? Math.max(AZURE_PATIENCE_MINUTES, readyMinutes) + readyMinutes : 0;
  const within = policyDurationMs(policy.verify.within) ?? 0;
  return (
    hooks.reduce((sum, deadline) => sum + deadline, 0) + up * MINUTE_MS + Math.max(0, within - graceMinutes * MINUTE_MS)
  );
}
