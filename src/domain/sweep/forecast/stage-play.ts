import { timingOf, type OperationKind } from "../../operation/operation";
import { GroupRoom } from "../groups";
import { roomOf } from "../room";
import type { StageTally } from "../state";
import { TICK_MS } from "../tick";
import { installMs } from "../times";
import { AROUND, ASSUMED, durationsOf, untilSeen, within } from "./durations";
import type { Images } from "./images";
import type { ReleaseTimes } from "./open-times";
import { vmsOf, type PlannedLane, type PlannedSweep } from "./plan";

/** What came of a stage in one play. Instants are milliseconds since the epoch; a stage without VMs has none. */
export interface PlayedStage {
  readonly begins?: number;
  readonly ends?: number;
  /** VMs that ended without a run, held back. */
  readonly heldBack: number;
}

export interface StageSetting {
  readonly sweep: PlannedSweep;
  readonly index: number;
  readonly lanes: readonly PlannedLane[];
  /** Of all stages; the play counts in them. */
  readonly tallies: StageTally[];
  readonly images: Images;
  readonly random: () => number;
  readonly grain: number;
}

interface Lane extends PlannedLane {
  readonly index: number;
  left: number;
  readonly assess: () => number;
  readonly install: () => number;
}

/** VMs of a lane that were released together. */
interface Batch {
  readonly lane: Lane;
  readonly vms: number;
  /** `told`: the one that went first for its image version; it is in flight on. */
  readonly what: "told" | "ended";
}

/** As far as windows are looked ahead. */
const LOOK_AHEAD_MS = 400 * 86_400_000;

/** The first tick from an instant on, as ticks come after now. */
const tickAt = (instant: number, now: number): number => now + Math.ceil((instant - now) / TICK_MS) * TICK_MS;

/** One stage of one play. */
export class StagePlay {
  readonly #setting: StageSetting;
  readonly #lanes: Lane[];
  readonly #groups: GroupRoom;
  /** By the tick that sees it. */
  readonly #coming = new Map<number, Batch[]>();
  #left: number;
  #inFlight = 0;
  #heldBack = 0;
  /** When the region's bucket is full again. */
  #fullAt = 0;
  looks = 0;

  constructor(setting: StageSetting) {
    const { sweep, index, lanes, images } = setting;
    this.#setting = setting;
    const longest = installMs(sweep.policy);
    this.#lanes = lanes.map((lane, at) => ({
      ...lane,
      index: at,
      left: lane.vms,
      assess: this.#course(lane, "assess", longest),
      install: this.#course(lane, "install", longest),
    }));
    this.#left = vmsOf(lanes);
    this.#groups = new GroupRoom({ policy: sweep.policy, lanes, active: [] }, { queue: { stage: index, lanes: [] } });
    images.enter(lanes);
  }

  play(from: number, times: ReleaseTimes): PlayedStage {
    let now = from;
    let begins: number | undefined;
    while (now - from < LOOK_AHEAD_MS) {
      this.#see(now);
      const opensAt = this.#left > 0 ? times.next(now) : undefined;
      if (opensAt === now) {
        begins ??= now;
        this.#release(now);
      }
      // Until something ends there is no room for more.
      const next = Math.min(
        ...this.#coming.keys(),
        ...(opensAt === undefined || opensAt === now ? [] : [tickAt(opensAt, now)]),
      );
      if (next === Number.POSITIVE_INFINITY) break;
      now = next;
    }
    const isOver = this.#left + this.#inFlight === 0;
    return { ...(begins !== undefined && { begins }), ...(isOver && { ends: now }), heldBack: this.#heldBack };
  }

  /** What ended, or told, since the last tick. */
  #see(now: number): void {
    for (const { lane, vms, what } of this.#coming.get(now) ?? []) {
      if (what === "told") {
        this.#setting.images.hear(lane.imageId, `${this.#setting.index}:${lane.index}:${lane.left}`);
        continue;
      }
      this.#inFlight -= vms;
      this.#groups.take(lane.index, -vms);
      this.#setting.images.end(lane.imageId, vms);
      this.#count(vms, this.#setting.images.isPatched(lane.imageId) ? vms : 0);
    }
    this.#coming.delete(now);
  }

  #count(ended: number, verified: number): void {
    const { tallies, index } = this.#setting;
    for (const [at, tally] of tallies.entries()) {
      if (at !== index) continue;
      tallies[at] = { ...tally, ended: tally.ended + ended, verified: tally.verified + verified };
    }
  }

  #release(now: number): void {
    const { sweep, tallies, index, images, grain } = this.#setting;
    // Of what waits for its turn the rate takes care (#granted).
    const { concurrency, exposure } = roomOf(sweep.policy, { stages: tallies, current: index }, []);
    let free = Math.min(concurrency, exposure, sweep.mostActive) - this.#inFlight;
    for (const lane of this.#lanes) {
      if (free <= 0) return;
      if (lane.left === 0) continue;
      this.looks++;
      const turn = images.turn(lane.imageId, now);
      if (turn.kind === "holdBack") this.#holdBack(lane);
      if (turn.kind !== "go") continue;
      let most = Math.min(turn.most, free, this.#groups.of(lane.index), lane.left);
      free -= most;
      for (; most > 0; most -= grain) this.#start(lane, Math.min(most, grain), turn.isFirst, now);
    }
  }

  #holdBack(lane: Lane): void {
    this.#heldBack += lane.left;
    this.#left -= lane.left;
    this.#count(lane.left, 0);
    lane.left = 0;
  }

  #start(lane: Lane, vms: number, isFirst: boolean, now: number): void {
    const { sweep, images, random } = this.#setting;
    lane.left -= vms;
    this.#left -= vms;
    this.#inFlight += vms;
    this.#groups.take(lane.index, vms);
    images.release(lane.imageId, vms, isFirst, now);
    const installs = sweep.policy.mode === "patch" && images.isPatched(lane.imageId);
    const assessed = this.#granted(vms * (installs ? 2 : 1), now) + lane.assess() + within(AROUND.assess, random);
    if (isFirst) this.#comes(assessed, now, { lane, vms, what: "told" });
    const installed = installs ? lane.install() + within(AROUND.install, random) : 0;
    this.#comes(assessed + installed, now, { lane, vms, what: "ended" });
  }

  /** How long it is until the end of a lane's operations is seen. @param longest milliseconds that an installation may take */
  #course({ learned }: PlannedLane, kind: OperationKind, longest: number): () => number {
    const { random } = this.#setting;
    const takes = durationsOf(learned[kind], ASSUMED[kind], random);
    const seen = untilSeen(learned[kind], timingOf(kind, longest), random);
    return () => seen(kind === "install" ? Math.min(takes(), longest) : takes());
  }

  #comes(instant: number, now: number, batch: Batch): void {
    const tick = tickAt(instant, now);
    const others = this.#coming.get(tick);
    if (others) others.push(batch);
    else this.#coming.set(tick, [batch]);
  }

  /** When so many calls may have left: an installation's is drawn with its assessment's, a little early. */
  #granted(calls: number, now: number): number {
    const { burst, reserve, intervalMs } = this.#setting.sweep.pace;
    this.#fullAt = Math.max(this.#fullAt, now) + calls * intervalMs;
    return Math.max(now, this.#fullAt - (burst - reserve) * intervalMs);
  }
}
