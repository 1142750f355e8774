import type { OutcomeCode } from "../outcome/table";
import type { Policy } from "../policy/policy";
import type { KnownVerdict, Told } from "./image-trial";
import type { StageAnswers, StageHook } from "./stage-hook";
import type { EndedVm, SweepControl, SweepState } from "./state";

export interface SweepVm {
  /** Unique in the sweep. */
  readonly key: string;
  readonly vmId: string;
  readonly stage: number;
  /** Index of its lane in the stage (lanes.ts). */
  readonly lane: number;
  /** Null: no image version stands behind it. */
  readonly imageId: string | null;
}

/** A VM whose run goes on. */
export interface InFlight extends SweepVm {
  readonly told?: Told;
  /** Its run has not had its turn to assess yet, and waits for nothing else. */
  readonly waits?: boolean;
}

/** What one tick knows before it looks into the queue. Instants are milliseconds since the epoch. */
export interface SweepSight {
  readonly now: number;
  readonly policy: Policy;
  readonly control: SweepControl;
  /** What keeps every run of the app from sending anything. */
  readonly appHeld: boolean;
  readonly state: SweepState;
  /** Lanes of the stage whose queue is open (`state.queue`): image version, groups, and how many VMs, wherever they are. */
  readonly lanes: readonly {
    readonly imageId: string | null;
    readonly vms: number;
    readonly groups?: readonly string[];
  }[];
  /** In flight. */
  readonly active: readonly InFlight[];
  /** Ended since the last tick. */
  readonly ended: readonly (SweepVm & Omit<EndedVm, "outcome"> & { readonly told?: Told })[];
  /** Of the image versions of the lanes in reach. */
  readonly known: ReadonlyMap<string, KnownVerdict>;
  /** What hooks before and after stages answered; absent: none was asked. */
  readonly stageAnswers?: StageAnswers;
}

/** What one tick sees. */
export interface TickView extends SweepSight {
  /** VMs that wait, in their order: no more of each lane than the tick can do something about (lanes.ts). */
  readonly queued: readonly SweepVm[];
}

export type SweepStatus =
  | { readonly kind: "working" }
  | {
      readonly kind: "waiting";
      readonly for: "approval" | "hook" | "pause" | "stop" | "wait" | "window";
      readonly until?: number;
      /** The hook that is to be asked now. */
      readonly hook?: StageHook;
    }
  /** It starts nothing more; what is in flight is followed to its end. */
  | { readonly kind: "stopping" }
  | { readonly kind: "over" };

export type Waiting = Extract<SweepStatus, { kind: "waiting" }>;

/** VMs that end without a run, with the same reason. */
export interface Finish {
  readonly keys: readonly string[];
  readonly code: OutcomeCode;
  readonly detail: string;
}

export interface TickDecision {
  readonly state: SweepState;
  /** Keys of queued VMs whose runs start. */
  readonly release: readonly string[];
  readonly finish: readonly Finish[];
  readonly status: SweepStatus;
  readonly lookAt: number;
}

/** Runs take many minutes; a minute more between two of them is little. */
export const TICK_MS = 60_000;
/** As many VMs wait for their turn as may, and half of them have had it by then. */
export const TURNS_MS = 30_000;
/** There is more to do at once. */
export const SOON_MS = 2_000;
