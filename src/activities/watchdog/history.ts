import { startOfHour } from "../../ledger/hours";
import type { Instances } from "../run/deps";
import { DAY_MS, HOUR_MS, type WatchdogDeps } from "./deps";
import { throughHours } from "./hours";

/**
 * Lets the durable engine forget orchestrations that are over, by the hour in which they were created; it never lists
 * them to us. A run without outcome keeps the history of its own time and later: its orchestration began after it was
 * asked for.
 */
export async function purgeHistory(
  deps: WatchdogDeps,
  instances: Instances,
  { oldestOpen, until }: { readonly oldestOpen: number; readonly until: number },
): Promise<void> {
  const old = deps.clock.now() - deps.settings.GOLDPATCH_HISTORY_DAYS * DAY_MS;
  await throughHours(deps, "history", { cutoff: Math.min(old, oldestOpen), until }, async (hour) => {
    const from = startOfHour(hour);
    const purged = await instances.purge(from, from + HOUR_MS - 1);
    if (purged > 0) deps.logs.historyPurged({ createdIn: hour, instances: purged });
    return true;
  });
}
