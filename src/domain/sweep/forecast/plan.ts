import type { Policy } from "../../policy/policy";
import type { Pace } from "../../rate/bucket";
import type { KnownVerdict } from "../image-trial";

/** VMs of one lane of a stage's queue (../lanes.ts), and what is learned of VMs like them. */
export interface PlannedLane {
  readonly imageId: string | null;
  readonly osType: string | null;
  readonly groups?: readonly string[];
  readonly vms: number;
  /** Milliseconds that operations of their kind took; none where too little is known. */
  readonly learned: Readonly<Record<"assess" | "install", readonly number[]>>;
}

/** A sweep that has not begun, as far as its course depends on it. */
export interface PlannedSweep {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly policy: Policy;
  /** Lanes of each stage, in their order. */
  readonly stages: readonly (readonly PlannedLane[])[];
  readonly known: ReadonlyMap<string, KnownVerdict>;
  /** Runs of the app that may be active at the same time. */
  readonly mostActive: number;
  /** Of assess and install calls in one subscription and region. */
  readonly pace: Pace;
}

export const vmsOf = (lanes: readonly Pick<PlannedLane, "vms">[]): number =>
  lanes.reduce((sum, { vms }) => sum + vms, 0);
