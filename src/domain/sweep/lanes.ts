import { GroupRoom } from "./groups";
import { freeOf, roomOf } from "./room";
import { standingOf } from "./standing";
import type { LaneLeft, SweepState } from "./state";
import type { SweepSight, SweepVm } from "./tick";
import { Trials } from "./trials";

/*
 * A stage's queue has lanes: in one are all its VMs of the same image version, operating system and groups, by VM id, for
 * what holds one of them back holds back all. So a tick reads only the heads of lanes that may go, whatever else waits.
 * Lanes stand in the order of how long their VMs are expected to take, the longest first.
 */

/** VMs that one tick ends without a run: each is two rows to write. */
export const MOST_FINISHED = 200;

/**
 * Lanes that a tick looks at beyond those that wait for a VM in flight, of which there are never more than VMs in flight.
 * Each of them can be used: its VMs are released, or end held back.
 */
const LANES_IN_REACH = 64;

interface Waiting {
  /** Index of a lane. */
  readonly lane: number;
  /** VMs that wait in it. */
  readonly left: number;
}

const lanesLeft = ({ queue }: SweepState): Waiting[] =>
  (queue?.lanes ?? []).flatMap(({ left }, lane) => (left > 0 ? { lane, left } : []));

/** Those with VMs left whose groups have room. @param groups absent: all have */
export const usableLanes = (state: SweepState, groups?: GroupRoom): Waiting[] =>
  lanesLeft(state).filter(({ lane }) => groups?.of(lane) !== 0);

/** The lanes that a tick looks at: those that are usable, in their order, as many as it can use. */
export const lanesInReach = (state: SweepState, inFlight: number, groups?: GroupRoom): Waiting[] =>
  usableLanes(state, groups).slice(0, inFlight + LANES_IN_REACH);

/** So many VMs are to be read from the head of a lane. */
export interface Reach {
  readonly lane: number;
  readonly most: number;
}

/** What a tick must see of the queue to decide: nothing while the sweep waits, and nothing of a lane that waits. */
export function reachOf(sight: SweepSight): Reach[] {
  const standing = standingOf(sight);
  switch (standing.kind) {
    case "over":
    case "waiting":
      return [];
    case "stopped":
      return shared(lanesLeft(sight.state), MOST_FINISHED);
    case "open":
      return reachOfOpen(sight, standing.state);
  }
}

function reachOfOpen(sight: SweepSight, state: SweepState): Reach[] {
  if (state.queue?.stage !== state.current) return [];
  const trials = new Trials(sight, state);
  let free = freeOf(roomOf(sight.policy, state, sight.active));
  let finished = MOST_FINISHED;
  const groups = new GroupRoom(sight, state);
  return lanesInReach(state, sight.active.length, groups).flatMap(({ lane, left }) => {
    const imageId = sight.lanes[lane]?.imageId ?? null;
    const turn = trials.of(imageId);
    if (turn.kind === "wait") return [];
    if (turn.kind === "holdBack") {
      const most = finished;
      finished -= Math.min(finished, left);
      return most > 0 ? { lane, most } : [];
    }
    const most = Math.min(turn.most, free, groups.of(lane));
    if (most === 0) return [];
    const taken = Math.min(most, left);
    free -= taken;
    groups.take(lane, taken);
    // Several lanes of a stage may hold the image version.
    trials.release(imageId, taken, turn);
    return { lane, most };
  });
}

/** So many VMs in all, from the first lanes. */
function shared(lanes: readonly Waiting[], most: number): Reach[] {
  let more = most;
  return lanes.flatMap(({ lane, left }) => {
    const taken = Math.min(more, left);
    more -= taken;
    return taken > 0 ? { lane, most: taken } : [];
  });
}

/** The stage whose queue a tick opens: of a sweep that is stopped the first with VMs that wait, whichever it was at. */
export function stageToOpen({ state, control, inFlight }: Asked): number {
  if (!state.stop && !control.cancelled) return state.current;
  const waits = (stage: number, vms: number, ended: number) =>
    vms - ended - inFlight.filter((vm) => vm.stage === stage).length > 0;
  const first = state.stages.findIndex(({ vms, ended }, stage) => waits(stage, vms, ended));
  return first < 0 ? state.current : first;
}

type Asked = Pick<SweepSight, "state" | "control"> & {
  /** All that left the queue and were not yet counted as ended. */
  readonly inFlight: readonly Pick<SweepVm, "stage">[];
};

/** The state without VMs that left the queue. */
export function without(state: SweepState, taken: readonly Pick<SweepVm, "stage" | "lane">[]): SweepState {
  const { queue } = state;
  if (!queue) return state;
  const counts = new Map<number, number>();
  for (const { stage, lane } of taken) if (stage === queue.stage) counts.set(lane, (counts.get(lane) ?? 0) + 1);
  const lanes = queue.lanes.map((so, lane): LaneLeft => ({ ...so, left: so.left - (counts.get(lane) ?? 0) }));
  return { ...state, queue: { ...queue, lanes } };
}
