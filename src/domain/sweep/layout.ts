import type { PolicyStage } from "../policy/policy";
import { stageTaker } from "../policy/stages";

/** A VM that a sweep was found to have, as far as its place in the queue depends on it. */
export interface Unplaced {
  readonly vmId: string;
  readonly imageId: string | null;
  readonly osType: string | null;
  /** Indexes of the stages that take it. */
  readonly stages: readonly number[];
  /** Absent: none (groups.ts). */
  readonly groups?: readonly string[];
}

/** VMs that wait for the same things and are expected to take as long (lanes.ts), by VM id. */
export interface LaneLayout<Vm extends Unplaced> {
  readonly imageId: string | null;
  readonly osType: string | null;
  readonly groups?: readonly string[];
  readonly vms: readonly Vm[];
}

/**
 * Each stage's VMs by lane; lanes in the order of their first VM. The same for the same VMs, whatever their order, so that
 * a plan may be made anew at any time. A VM that was found twice counts once.
 */
export function layOut<Vm extends Unplaced>(stages: readonly PolicyStage[], found: readonly Vm[]): LaneLayout<Vm>[][] {
  const unique = new Map(found.map((vm) => [vm.vmId.toLowerCase(), vm]));
  const inOrder = [...unique].sort(([a], [b]) => (a < b ? -1 : 1));
  const take = stageTaker(stages, inOrder.length);
  const lanes = stages.map(() => new Map<string, LaneLayout<Vm> & { vms: Vm[] }>());
  for (const [, vm] of inOrder) {
    const stage = take(vm.stages);
    const ofStage = stage === undefined ? undefined : lanes[stage];
    if (!ofStage) continue;
    const { imageId, osType, groups } = vm;
    const name = laneName(vm);
    const lane = ofStage.get(name) ?? { imageId, osType, ...(groups && { groups }), vms: [] };
    lane.vms.push(vm);
    ofStage.set(name, lane);
  }
  return lanes.map((ofStage) => [...ofStage.values()]);
}

export const laneName = ({ imageId, osType, groups = [] }: Pick<Unplaced, "imageId" | "osType" | "groups">): string =>
  JSON.stringify([imageId, osType, ...groups]);

/** The longest expected first: what takes long and begins late ends the sweep late. Of equals the one that stood first. */
export const longestFirst = <L extends { readonly expectedMs: number }>(lanes: readonly L[]): L[] =>
  [...lanes].sort((a, b) => b.expectedMs - a.expectedMs);

/** How long a VM is expected to take by what was seen of each of its operations; what nobody knows counts nothing. */
export const expectedMs = (operations: readonly (readonly number[])[]): number =>
  operations.reduce((sum, ms) => sum + median(ms), 0);

function median(values: readonly number[]): number {
  const inOrder = [...values].sort((a, b) => a - b);
  return inOrder[Math.floor(inOrder.length / 2)] ?? 0;
}
