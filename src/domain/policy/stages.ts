import { atLeastAmountOf } from "./amount";
import type { PolicyStage } from "./policy";
import { hasEveryTag } from "./tags";

interface Tagged {
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The sweep's VMs by stage, in the order in which they are given. Each VM is in one stage: the first that takes it.
 * A share is of all the sweep's VMs, rounded up, so that the first stage of a small fleet has one.
 */
export function vmsOfStages<Vm extends Tagged>(stages: readonly PolicyStage[], vms: readonly Vm[]): Vm[][] {
  let left = [...vms];
  return stages.map(({ share, tags }) => {
    const most = share === undefined ? left.length : atLeastAmountOf(share, vms.length);
    const taken = new Set(left.filter((vm) => !tags || hasEveryTag(vm.tags, tags)).slice(0, most));
    left = left.filter((vm) => !taken.has(vm));
    return [...taken];
  });
}
