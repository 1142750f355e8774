import type { OutcomeCode, OutcomeName } from "../outcome/table";
import type { ImageProof } from "./image-exposure";

/** What became of a stage's VMs so far. */
export interface StageTally {
  readonly vms: number;
  readonly ended: number;
  /** Of those that ended: harmed (harm.ts). */
  readonly failed: number;
  /** Of those that ended: known to be well with the policy's patches (verified.ts). */
  readonly verified: number;
  readonly outcomes: Readonly<Partial<Record<OutcomeName, number>>>;
}

/** What the sweep has found out about an image version. Keys are those of VMs. */
export interface ImageTrial {
  /** When its first VM was released, milliseconds since the epoch. */
  readonly since: number;
  /** VMs that ended without telling. */
  readonly silent: readonly string[];
  /** VMs that are Unsupported. */
  readonly against: readonly string[];
  readonly supported: boolean;
}

export type StopReason = "cancelled" | "failureBudget" | "exposure" | "approval" | "hook" | "noWindow" | "discovery";

export interface SweepStop {
  readonly reason: StopReason;
  /** Why, in words. */
  readonly detail: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A lane of a stage's queue (lanes.ts). */
export interface LaneLeft {
  /** VMs that wait. */
  readonly left: number;
  /** No VM waits in the lane's chunks before this one (ledger/policy-sweeps.ts). */
  readonly from: number;
}

/** What a sweep remembers between its ticks, written once a tick. */
export interface SweepState {
  readonly stages: readonly StageTally[];
  /** Index of the stage that is begun, or next. */
  readonly current: number;
  readonly begun: boolean;
  /** When the stage became the next one: its gate's patience counts from here. Milliseconds since the epoch. */
  readonly reachedAt: number;
  /** Not begun before this time: the stage before it wants it so. */
  readonly notBefore: number;
  readonly images: Readonly<Record<string, ImageTrial>>;
  /** Of image versions of which a VM failed, or is known to be well. */
  readonly proofs: Readonly<Record<string, ImageProof>>;
  /** What is left of the queue of a stage, lane by lane; absent until a tick opens it. */
  readonly queue?: { readonly stage: number; readonly lanes: readonly LaneLeft[] };
  readonly stop?: SweepStop;
}

/** What an operator said. */
export interface SweepControl {
  readonly paused: boolean;
  readonly cancelled: boolean;
  /** Names of stages that may begin. */
  readonly approved: readonly string[];
}

export const noControl: SweepControl = { paused: false, cancelled: false, approved: [] };

/** A sweep whose VMs are found and in their stages. */
export const plannedState = (vmsOfStages: readonly number[], now: number): SweepState => ({
  stages: vmsOfStages.map((vms) => ({ vms, ended: 0, failed: 0, verified: 0, outcomes: {} })),
  current: 0,
  begun: false,
  reachedAt: now,
  notBefore: now,
  images: {},
  proofs: {},
});

export interface EndedVm {
  readonly stage: number;
  readonly code: OutcomeCode;
  readonly outcome: OutcomeName;
  readonly failed: boolean;
  readonly verified: boolean;
}

/** Over all stages. */
export const sumOf = (stages: readonly StageTally[], of: "vms" | "ended" | "failed" | "verified"): number =>
  stages.reduce((sum, tally) => sum + tally[of], 0);

/** The tallies with VMs that ended since. */
export const tallied = (stages: readonly StageTally[], ended: readonly EndedVm[]): StageTally[] =>
  stages.map((tally, index) =>
    ended
      .filter(({ stage }) => stage === index)
      .reduce(
        ({ vms, ended: count, failed, verified, outcomes }, vm) => ({
          vms,
          ended: count + 1,
          failed: failed + (vm.failed ? 1 : 0),
          verified: verified + (vm.verified ? 1 : 0),
          outcomes: { ...outcomes, [vm.outcome]: (outcomes[vm.outcome] ?? 0) + 1 },
        }),
        tally,
      ),
  );
