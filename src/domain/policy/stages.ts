import { atLeastAmountOf } from "./amount";
import type { PolicyStage } from "./policy";
import { hasEveryTag } from "./tags";

type Tags = Readonly<Record<string, string>>;

/** Indexes of the stages that take VMs with these tags, in their order. */
export const stagesFor = (stages: readonly PolicyStage[], vmTags: Tags): number[] =>
  stages.flatMap(({ tags }, index) => (!tags || hasEveryTag(vmTags, tags) ? index : []));

/**
 * Puts a sweep's VMs into stages, one after the other in their order. Each VM is in one stage: the first that takes it
 * and is not full. A share is of all the sweep's VMs, rounded up, so that the first stage of a small fleet has one.
 *
 * @returns the stage of the next VM by the stages that take it; undefined when all of them are full
 */
export function stageTaker(
  stages: readonly PolicyStage[],
  vms: number,
): (candidates: readonly number[]) => number | undefined {
  const left = stages.map(({ share }) => (share === undefined ? vms : atLeastAmountOf(share, vms)));
  return (candidates) => {
    for (const stage of candidates) {
      const more = left[stage] ?? 0;
      if (more <= 0) continue;
      left[stage] = more - 1;
      return stage;
    }
    return undefined;
  };
}
