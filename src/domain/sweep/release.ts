import { finished, firstOf } from "./finish";
import { GroupRoom } from "./groups";
import { lanesInReach, usableLanes, without } from "./lanes";
import { freeOf, roomOf, type Room } from "./room";
import { sumOf, type SweepState, type SweepStop } from "./state";
import { SOON_MS, TICK_MS, TURNS_MS, type Finish, type SweepVm, type TickDecision, type TickView } from "./tick";
import { Trials } from "./trials";

/**
 * Releases VMs of the current stage as there is room, and ends those whose image version is held back.
 * Answers a stop instead when failed VMs leave no room and nothing is in flight that could make some.
 */
export function release(view: TickView, state: SweepState): TickDecision | SweepStop {
  const { now, policy, active, queued } = view;
  const room = roomOf(policy, state, active);
  const trials = new Trials(view, state);
  const groups = new GroupRoom(view, state);
  const released: SweepVm[] = [];
  const held = new Map<string, string[]>();
  for (const vm of queued.filter(({ stage }) => stage === state.current)) {
    const turn = trials.of(vm.imageId);
    if (turn.kind === "holdBack") {
      held.set(turn.detail, [...(held.get(turn.detail) ?? []), vm.key]);
    } else if (turn.kind === "go" && released.length < freeOf(room) && groups.of(vm.lane) > 0) {
      released.push(vm);
      groups.take(vm.lane, 1);
      trials.release(vm.imageId, 1, turn);
    }
  }
  const finish = firstOf([...held].map(([detail, keys]): Finish => ({ keys, code: "ImageHeldBack", detail })));
  if (released.length + finish.length + active.length === 0) {
    const stop = exhausted(view, state, room);
    if (stop) return stop;
  }
  const left = finished({ ...without(state, released), images: trials.images }, queued, finish);
  const hasMore = finish.length > 0 || isOutOfReach(left, active.length, freeOf(room) - released.length, groups);
  const pause = released.length < room.turns ? TICK_MS : TURNS_MS;
  return {
    state: left,
    release: released.map(({ key }) => key),
    finish,
    status: { kind: "working" },
    lookAt: now + (hasMore ? SOON_MS : pause),
  };
}

/** Whether there is room for VMs that the tick did not see: those of a stage just reached, or of lanes further back. */
const isOutOfReach = (state: SweepState, inFlight: number, free: number, groups: GroupRoom): boolean =>
  free > 0 &&
  (state.queue?.stage !== state.current ||
    usableLanes(state, groups).length > lanesInReach(state, inFlight, groups).length);

function exhausted({ now }: TickView, { stages }: SweepState, { exposure }: Room): SweepStop | undefined {
  if (exposure > 0) return undefined;
  const detail = `${sumOf(stages, "failed")} failed VMs use up the exposure of this step of the ramp`;
  return { reason: "exposure", detail, at: now };
}
