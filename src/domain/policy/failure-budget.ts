import { amountOf } from "./amount";
import type { Policy } from "./policy";

export interface FailureBudgets {
  /** How many VMs of the sweep may fail; one more stops it. */
  readonly overall: number;
  /** The same for each stage, in their order. */
  readonly stages: readonly number[];
}

/** Shares are of the VMs that the sweep, or the stage, has; rounded down, so 5 % of ten VMs is none. */
export function failureBudgetsOf(
  { failureBudget, stages }: Pick<Policy, "failureBudget" | "stages">,
  vmsOfStages: readonly number[],
): FailureBudgets {
  const all = vmsOfStages.reduce((sum, vms) => sum + vms, 0);
  return {
    overall: amountOf(failureBudget, all),
    stages: stages.map((stage, index) => amountOf(stage.failureBudget, vmsOfStages[index] ?? 0)),
  };
}
