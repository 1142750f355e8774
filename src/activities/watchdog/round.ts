import { openRun, type OpenRun } from "../../contracts/run";
import { firstLine } from "../../domain/text";
import { shards } from "../../ledger/keys";
import type { StoredRow } from "../../store/store";
import type { Instances } from "../run/deps";
import { Budget, type WatchdogDeps } from "./deps";
import { UnreadableRun, watchRun } from "./watch-run";

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
    oldestSince = Math.min(oldestSince, await watchRows(deps, instances, rows, watchedSince));
  }
  if (left && left.shard < shards.length) await deps.watch.leaveRound({ shard: shards.length, oldestSince });
  return oldestSince;
}

/** @returns when the oldest of the runs was asked for, as far as they can be read */
async function watchRows(
  deps: WatchdogDeps,
  instances: Instances,
  rows: readonly StoredRow<OpenRun>[],
  watchedSince: number,
): Promise<number> {
  let oldest = Number.POSITIVE_INFINITY;
  for (let from = 0; from < rows.length; from += AT_A_TIME) {
    const some = rows.slice(from, from + AT_A_TIME);
    oldest = Math.min(oldest, ...(await Promise.all(some.map((row) => watchRow(deps, instances, row, watchedSince)))));
  }
  return oldest;
}

/** What fails for one run is told, keeps nobody from the others, and is tried again in the next round. */
async function watchRow(
  deps: WatchdogDeps,
  instances: Instances,
  { key, value }: StoredRow<OpenRun>,
  watchedSince: number,
): Promise<number> {
  const open = openRun.safeParse(value);
  try {
    if (!open.success)
      throw new UnreadableRun(`its row has another shape: ${open.error.issues[0]?.path.join(".") ?? ""}`);
    await watchRun(deps, instances, open.data, watchedSince);
  } catch (failure) {
    deps.logs.watchdogFailed({ at: key, failure: firstLine(String(failure)) });
    if (failure instanceof UnreadableRun) return Number.POSITIVE_INFINITY;
  }
  return value.since;
}
