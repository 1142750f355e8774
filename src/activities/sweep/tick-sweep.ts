import type { ActivityInput, ActivityResult } from "../../contracts/activities";
import type { Policy } from "../../domain/policy/policy";
import { decideTick } from "../../domain/sweep/decide-tick";
import { stageTimes } from "../../domain/sweep/stage-times";
import type { SweepHead } from "../../ledger/policy-sweeps";
import { isoOf, type Instances, type RunDeps } from "../run/deps";
import { carryOut } from "./carry-out";
import { look } from "./look";

type TickResult = ActivityResult<"tickSweep">;

/**
 * One tick: first what an interrupted tick left undone, then a decision, committed in one write, then its deeds.
 * Two deliveries of a tick: one commits, the other carries out what was committed; nothing is started twice.
 */
export const tickSweep =
  (deps: RunDeps) =>
  async ({ sweepId, tick }: ActivityInput<"tickSweep">, instances: Instances): Promise<TickResult> => {
    for (;;) {
      const row = await deps.policySweeps.head(sweepId);
      const policy = await deps.policySweeps.policy(sweepId);
      if (!row || !policy) return { kind: "over" };
      const head = row.value;
      await carryOut(deps, instances, head, policy);
      if (head.endedAt !== null) return { kind: "over" };
      if (head.tick >= tick) return ticked(head);
      const decided = await decide(deps, head, policy, tick);
      if (!(await deps.policySweeps.replaceHead(row, decided))) continue;
      const { decision, status } = decided;
      deps.logs.sweepTicked({
        sweepId,
        tick,
        released: decision.release.length,
        ended: decision.ended.length,
        status: status.kind,
      });
    }
  };

function ticked({ tick, nextLookAt: nextAt, status }: SweepHead): TickResult {
  const hook = status.kind === "waiting" ? status.hook : undefined;
  return { kind: "ticked", tick, nextAt, ...(hook && { hook }) };
}

async function decide(deps: RunDeps, head: SweepHead, policy: Policy, tick: number): Promise<SweepHead> {
  const { state, sweepId } = head;
  if (!state) throw new TypeError(`sweep ${sweepId} is not planned`);
  const now = deps.clock.now();
  const { view, startAgain } = await look(deps, { sweepId, state, policy, now });
  const { release, finish, status, lookAt, state: next } = decideTick(view);
  return {
    ...head,
    tick,
    state: next,
    stageTimes: stageTimes(head.stageTimes, next, now),
    status,
    decision: {
      at: isoOf(now),
      release,
      finish,
      ended: view.ended.map(({ key, code }) => ({ key, code })),
      ...(startAgain.length > 0 && { startAgain }),
    },
    nextLookAt: isoOf(lookAt),
    endedAt: status.kind === "over" ? isoOf(now) : null,
  };
}
