import type { PolicySweepRequest } from "../contracts/orchestrations";
import { nudgeAfter } from "../contracts/names";
import type { StageHook } from "../domain/sweep/stage-hook";
import { askUntilSettled } from "./ask-until-settled";
import type { Durable, Story } from "./durable";

/** Replay cost grows with the square of history: so many ticks, then a fresh history. */
const TICKS_PER_CHAPTER = 20;

/**
 * The control loop of one sweep under a policy.
 *
 * 1. Find the VMs and put them into stages, once.
 * 2. Tick after tick: each decides by the rows, commits its decision in one write, then carries it out.
 * 3. Between two ticks it waits as long as the last one said, or until an operator's word nudges it: what was said is in
 *    the rows, so a nudge that is lost is heard by the next tick all the same.
 * 4. A tick that wants a hook asked before or after a stage is followed by that instead.
 * 5. Until every VM has its outcome.
 */
export function* policySweep(durable: Durable, { sweepId, tick }: PolicySweepRequest): Story<void> {
  if (tick === 0)
    yield* askUntilSettled(durable, { activity: "planSweep", input: { sweepId }, forgiving: true }, "plan");
  let last = tick;
  for (let turn = 1; turn <= TICKS_PER_CHAPTER; turn++) {
    const input = { sweepId, tick: last + 1 };
    const ticked = yield* askUntilSettled(
      durable,
      { activity: "tickSweep", input, forgiving: true },
      `tick-${input.tick}`,
    );
    if (ticked.kind === "over") return;
    last = ticked.tick;
    if (ticked.hook) yield* askStageHook(durable, sweepId, last, ticked.hook);
    else yield* durable.sleepUntilOr(ticked.nextAt, nudgeAfter(last));
  }
  durable.continueAsNew({ sweepId, tick: last });
}

/** Asked again on durable timers until it is answered or its deadline is over; the answer is in the sweep's rows. */
function* askStageHook(durable: Durable, sweepId: string, tick: number, hook: StageHook): Story<void> {
  const input = { sweepId, ...hook };
  yield* askUntilSettled(durable, { activity: "askStageHook", input, forgiving: true }, `hook-${tick}`);
}
