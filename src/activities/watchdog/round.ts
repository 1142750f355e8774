import { openRun, type OpenRun } from "../../contracts/run";
import { shards } from "../../ledger/keys";
import type { StoredRow } from "../../store/store";
import type { Instances } from "../run/deps";
import { Budget, type WatchdogDeps } from "./deps";
import { watchRun } from "./watch-run";

/** Open runs that one tick looks at; with a queue of 50,000 a round takes 25 ticks. */
const MOST_RUNS = 2000;
/** Looks at a time: each is a few requests that mostly wait. */
const AT_A_TIME = 10;

/**
 * Looks at all open runs, or as many as one tick may, going on where the last left off.
 *
 * @returns when the oldest of them was asked for, or the round began; undefined when the round is not complete
 */
export async function watchOpenRuns(
  deps: WatchdogDeps,
  instances: Instances,
  { watchedSince, until }: { readonly watchedSince: number; readonly until: number },
): Promise<number | undefined> {
  const budget = new Budget(deps, until, MOST_RUNS);
  const left = await deps.watch.round();
  const begun = left && left.shard < shards.length ? left : { shard: 0, oldestSince: deps.clock.now() };
  let { oldestSince } = begun;
  for (const [index, shard] of shards.entries()) {
    if (index < begun.shard) continue;
    if (budget.isSpent) {
      await deps.watch.leaveRound({ shard: index, oldestSince });
      return undefined;
    }
    const rows = await deps.open.inShard(shard);
    budget.spend(rows.length);
    oldestSince = Math.min(oldestSince, ...rows.map(({ value }) => value.since).filter(Number.isFinite));
    await watchRows(deps, instances, rows, watchedSince);
  }
  if (left && left.shard < shards.length) await deps.watch.leaveRound({ shard: shards.length, oldestSince });
  return oldestSince;
}

async function watchRows(
  deps: WatchdogDeps,
  instances: Instances,
  rows: readonly StoredRow<OpenRun>[],
  watchedSince: number,
): Promise<void> {
  for (let from = 0; from < rows.length; from += AT_A_TIME) {
    await Promise.all(
      rows.slice(from, from + AT_A_TIME).map(async ({ key, value }) => {
        try {
          // A row of another version's shape is told, and keeps nobody from the others.
          await watchRun(deps, instances, openRun.parse(value), watchedSince);
        } catch (failure) {
          deps.logs.watchdogFailed({ at: key, failure: String(failure) });
        }
      }),
    );
  }
}
