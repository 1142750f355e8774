import { decideTick } from "../../../src/domain/sweep/decide-tick";
import { isHarm } from "../../../src/domain/sweep/harm";
import type { KnownVerdict, Told } from "../../../src/domain/sweep/image-trial";
import { lanesInReach, reachOf, stageToOpen } from "../../../src/domain/sweep/lanes";
import { noControl, plannedState, type SweepControl, type SweepState } from "../../../src/domain/sweep/state";
import type { SweepSight, SweepVm, TickDecision, TickView } from "../../../src/domain/sweep/tick";
import { isVerified } from "../../../src/domain/sweep/verified";
import { HOUR, MINUTE, START, type Fate, type Noise, type SweepCase } from "./arbitrary-sweep";

/** Nobody pauses and nudges for ever. */
const NOISY_TICKS = 300;
const quiet: Noise = { paused: false, held: false, knowsC: false, late: 0, nudgedAfter: undefined };
/** A month of looks every five minutes: a sweep that needs more has stalled. */
const MOST_TICKS = 9000;

type Flying = SweepVm & { readonly until: number };

/** One tick, with what it saw and what was so afterwards. */
export interface PlayedTick {
  readonly view: TickView;
  readonly decision: TickDecision;
  readonly released: readonly SweepVm[];
  /** In flight after the tick. */
  readonly flying: readonly SweepVm[];
  /** Keys of VMs that still wait. */
  readonly waiting: readonly SweepVm[];
}

export interface PlayedSweep {
  readonly ticks: readonly PlayedTick[];
  readonly vms: readonly SweepVm[];
  /** How each VM ended, as often as it did. */
  readonly ends: readonly (readonly [key: string, how: string])[];
  readonly over: boolean;
}

const toldBy = ({ code }: Fate): Told | undefined =>
  code === "UnsupportedImage" ? "unsupported" : code === "VmStopped" ? undefined : "supported";

/** Plays a sweep to its end, with the queue and the runs as arrays. */
export function play(sweep: SweepCase): PlayedSweep {
  const fates = new Map<string, Fate>();
  const vms = sweep.stages.flatMap((stage, index) => vmsOf(stage, index, fates));
  const fateOf = ({ key }: SweepVm): Fate => fates.get(key) ?? { imageId: null, takesMs: 0, code: "VmStopped" };
  const ticks: PlayedTick[] = [];
  const ends: [string, string][] = [];
  let state = plannedState(
    sweep.stages.map(({ length }) => length),
    START,
  );
  let waiting = [...vms];
  let flying: Flying[] = [];
  let now = START;
  for (let tick = 0; tick < MOST_TICKS; tick++) {
    const noise = (tick < NOISY_TICKS ? sweep.noise[tick % sweep.noise.length] : undefined) ?? quiet;
    const over = flying.filter(({ until }) => until <= now);
    flying = flying.filter(({ until }) => until > now);
    const view = look(sweep, { state, now, noise, waiting, flying, over, fateOf });
    const decision = decideTick(view);
    const finished = decision.finish.flatMap(({ keys, code }) => keys.map((key): [string, string] => [key, code]));
    ends.push(...over.map(({ key }): [string, string] => [key, "run"]), ...finished);
    const gone = new Set([...decision.release, ...finished.map(([key]) => key)]);
    const released = waiting.filter(({ key }) => decision.release.includes(key));
    waiting = waiting.filter(({ key }) => !gone.has(key));
    state = decision.state;
    flying = [...flying, ...released.map((vm) => ({ ...vm, until: now + fateOf(vm).takesMs }))];
    ticks.push({ view, decision, released, flying, waiting });
    if (decision.status.kind === "over") return { ticks, vms, ends, over: true };
    const { status, lookAt } = decision;
    const due = status.kind === "waiting" && flying.length === 0 ? (status.until ?? lookAt) : lookAt;
    now = Math.max(
      now + 1000,
      noise.nudgedAfter === undefined ? due + noise.late * 1000 : now + noise.nudgedAfter * 1000,
    );
  }
  return { ticks, vms, ends, over: false };
}

function vmsOf(stage: readonly Fate[], index: number, fates: Map<string, Fate>): SweepVm[] {
  const images = [...new Set(stage.map(({ imageId }) => imageId))];
  const vms = stage.map((fate, at) => {
    const key = `${index}:${at}`;
    fates.set(key, fate);
    const { imageId } = fate;
    return { key, vmId: `vm-${key}`, stage: index, lane: images.indexOf(imageId), imageId };
  });
  return images.flatMap((imageId) => vms.filter((vm) => vm.imageId === imageId));
}

interface Now {
  readonly state: SweepState;
  readonly now: number;
  readonly noise: Noise;
  readonly waiting: readonly SweepVm[];
  readonly flying: readonly Flying[];
  readonly over: readonly Flying[];
  readonly fateOf: (vm: SweepVm) => Fate;
}

/** As src/activities/sweep/look.ts does it. */
function look(sweep: SweepCase, { state, now, noise, waiting, flying, over, fateOf }: Now): TickView {
  const control = controlAt(sweep, state, now, noise);
  const stage = stageToOpen({ state, control, inFlight: [...flying, ...over] });
  const ofStage = waiting.filter((vm) => vm.stage === stage);
  const fates = sweep.stages[stage] ?? [];
  const lanes = [...new Set(fates.map(({ imageId }) => imageId))].map((imageId) => ({
    imageId,
    vms: fates.filter((fate) => fate.imageId === imageId).length,
  }));
  const opened: SweepState =
    state.queue?.stage === stage
      ? state
      : {
          ...state,
          queue: {
            stage,
            lanes: lanes.map((_, lane) => ({ left: ofStage.filter((vm) => vm.lane === lane).length, from: 0 })),
          },
        };
  const sight: SweepSight = {
    now,
    policy: sweep.policy,
    control,
    appHeld: noise.held,
    state: opened,
    lanes,
    active: flying.map(({ until, ...vm }) => {
      const told = until - now < 2 * MINUTE ? toldBy(fateOf(vm)) : undefined;
      return { ...vm, ...(told && { told }) };
    }),
    ended: over.map(({ until: _until, ...vm }) => {
      const { code } = fateOf(vm);
      const told = toldBy(fateOf(vm));
      return { ...vm, code, failed: isHarm(code, 1), verified: isVerified(code, 1), ...(told && { told }) };
    }),
    known: knownAt(
      noise,
      now,
      lanesInReach(opened, flying.length).map(({ lane }) => lanes[lane]?.imageId),
    ),
  };
  const queued = reachOf(sight).flatMap(({ lane, most }) => ofStage.filter((vm) => vm.lane === lane).slice(0, most));
  return { ...sight, queued };
}

function controlAt(
  { policy, cancelAfter, approveAfter }: SweepCase,
  state: SweepState,
  now: number,
  noise: Noise,
): SweepControl {
  const isApproved = approveAfter !== undefined && now - state.reachedAt >= approveAfter;
  return {
    ...noControl,
    paused: noise.paused,
    cancelled: cancelAfter !== undefined && now >= START + cancelAfter,
    approved: isApproved ? policy.stages.slice(0, state.current + 1).map(({ name }) => name) : [],
  };
}

const knownAt = ({ knowsC }: Noise, now: number, images: readonly (string | null | undefined)[]) =>
  new Map<string, KnownVerdict>(
    knowsC && images.includes("c") ? [["c", { told: "supported", vmId: "before", at: now - HOUR }]] : [],
  );
