import type { Policy } from "../policy/policy";
import { sameText } from "../text";
import type { SweepState } from "./state";
import type { SweepSight, SweepVm } from "./tick";

/** The groups that a VM is in: each by the place of its tag among the policy's groups, and the tag's value, in any case. */
export const groupsOf = (groups: Policy["groups"], tags: Readonly<Record<string, string>>): string[] =>
  groups.flatMap(({ tag }, index) =>
    Object.entries(tags)
      .filter(([name]) => sameText(name, tag))
      .map(([, value]) => `${index}:${value.toLowerCase()}`),
  );

const concurrencyOf = ({ groups }: Policy, group: string): number =>
  groups[Number(group.slice(0, group.indexOf(":")))]?.concurrency ?? 0;

/**
 * How many more VMs of each lane may be in flight by the policy's groups. All VMs of a lane are in the same groups
 * (layout.ts), so a lane waits as a whole for a VM in flight.
 */
export class GroupRoom {
  readonly #policy: Policy;
  readonly #lanes: SweepSight["lanes"];
  readonly #inFlight = new Map<string, number>();
  readonly #allowed = new Map<string, number>();

  constructor(
    {
      policy,
      lanes,
      active,
    }: Pick<SweepSight, "policy" | "lanes"> & { readonly active: readonly Pick<SweepVm, "stage" | "lane">[] },
    state: Pick<SweepState, "queue">,
  ) {
    this.#policy = policy;
    this.#lanes = lanes;
    // Stages come one after the other: what is in flight is of the stage whose lanes these are.
    for (const { lane } of active.filter(({ stage }) => stage === state.queue?.stage)) this.take(lane, 1);
  }

  of(lane: number): number {
    let room = Number.POSITIVE_INFINITY;
    for (const group of this.#groups(lane)) room = Math.min(room, this.#most(group) - this.#of(group));
    return Math.max(0, room);
  }

  /** @param vms fewer than none: so many are not in flight any more */
  take(lane: SweepVm["lane"], vms: number): void {
    for (const group of this.#groups(lane)) this.#inFlight.set(group, this.#of(group) + vms);
  }

  /** Asked for each lane again and again. */
  #most(group: string): number {
    const most = this.#allowed.get(group) ?? concurrencyOf(this.#policy, group);
    this.#allowed.set(group, most);
    return most;
  }

  #groups = (lane: number): readonly string[] => this.#lanes[lane]?.groups ?? [];
  #of = (group: string): number => this.#inFlight.get(group) ?? 0;
}
