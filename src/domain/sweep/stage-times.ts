import type { SweepState } from "./state";

/** When a stage was seen to begin and to end, by ticks. Milliseconds since the epoch. */
export interface StageTimes {
  readonly beganAt?: number;
  readonly endedAt?: number;
}

/** The times of all stages after a tick. A stage without VMs has none, nor has one whose VMs all ended without its turn. */
export const stageTimes = (
  before: readonly StageTimes[] | undefined,
  { stages, current, begun }: SweepState,
  now: number,
): StageTimes[] =>
  stages.map(({ vms, ended }, index) => {
    const known = before?.[index] ?? {};
    const began = known.beganAt === undefined && index === current && begun ? { ...known, beganAt: now } : known;
    const isOver = began.beganAt !== undefined && began.endedAt === undefined && ended >= vms;
    return isOver ? { ...began, endedAt: now } : began;
  });
