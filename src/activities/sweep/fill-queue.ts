import type { Policy } from "../../domain/policy/policy";
import { FEWEST_LEARNED } from "../../domain/sweep/forecast/durations";
import { expectedMs, laneName, layOut, longestFirst, type LaneLayout } from "../../domain/sweep/layout";
import type { FoundVm } from "../../ledger/sweep-discovery";
import { CHUNK_VMS, type Lane, type SweepQueue } from "../../ledger/sweep-queue";
import type { RunDeps } from "../run/deps";

/** Chunks that one turn writes: about 20,000 VMs, which Azure Tables takes in a fraction of an activity's ten minutes. */
const CHUNKS_A_TURN = 200;

export type Layout = LaneLayout<FoundVm>;

/**
 * Writes VMs into the queue, stage by stage and lane by lane. Each row has one place and is written once, so it does not
 * matter how often, and by how many at a time, this is done.
 *
 * @returns how many VMs each stage has once all stand in the queue; undefined while there is more to write
 */
export async function fillQueue(
  deps: RunDeps,
  queue: SweepQueue,
  policy: Policy,
  found: readonly FoundVm[],
): Promise<number[] | undefined> {
  const stages = layOut(policy.stages, found);
  const filled = await queue.filled();
  let written = 0;
  for (const [stage, layouts] of stages.entries()) {
    const byName = new Map(layouts.map((layout) => [laneName(layout), layout.vms]));
    for (const [lane, laidOut] of (await lanesOf(deps, queue, policy, stage, layouts)).entries()) {
      const vms = byName.get(laneName(laidOut)) ?? [];
      for (let chunk = 0; chunk * CHUNK_VMS < vms.length; chunk++) {
        if (queue.isFilled(filled, { stage, lane }, chunk)) continue;
        if (written++ === CHUNKS_A_TURN) return undefined;
        const rows = vms
          .slice(chunk * CHUNK_VMS, (chunk + 1) * CHUNK_VMS)
          .map(({ vmId, imageId }) => ({ vmId, imageId, stage, lane }));
        await queue.fill({ stage, lane }, chunk, rows);
      }
    }
  }
  return stages.map((lanes) => lanes.reduce((sum, { vms }) => sum + vms.length, 0));
}

/** Durations are learned all the time: the order of lanes is the one that was written first. */
async function lanesOf(
  deps: RunDeps,
  queue: SweepQueue,
  policy: Policy,
  stage: number,
  layouts: readonly Layout[],
): Promise<readonly Lane[]> {
  const known = await queue.lanes(stage);
  if (known) return known;
  return queue.layOut(stage, await lanesInOrder(deps, policy, layouts));
}

/** A stage's lanes in the order in which they go. */
export async function lanesInOrder(deps: RunDeps, policy: Policy, layouts: readonly Layout[]): Promise<Lane[]> {
  const lanes: Lane[] = [];
  for (const { imageId, osType, groups, vms } of layouts) {
    const expectedMs = await expected(deps, policy, { imageId, osType });
    lanes.push({ imageId, osType, ...(groups && { groups }), vms: vms.length, expectedMs });
  }
  return longestFirst(lanes);
}

async function expected({ durations }: RunDeps, { mode }: Policy, kind: Pick<Lane, "imageId" | "osType">) {
  const operations = mode === "patch" ? (["assess", "install"] as const) : (["assess"] as const);
  return expectedMs(
    await Promise.all(operations.map((operation) => durations.of({ operation, ...kind }, FEWEST_LEARNED))),
  );
}
