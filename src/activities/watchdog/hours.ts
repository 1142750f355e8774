import { hourOf, startOfHour } from "../../ledger/hours";
import { DAY_MS, HOUR_MS, type WatchdogDeps } from "./deps";

/** Hours that one tick goes through when it is behind, as after retention was shortened: a year takes a day and a half. */
const MOST_HOURS = 24;
/** Nothing of ours is older than the watchdog's first tick but what happened in the minutes before it. */
const BEFORE_FIRST_TICK_MS = DAY_MS;

/**
 * Goes through the hours that have ended by `cutoff`, each once, beginning where an earlier tick stopped.
 *
 * @param work answers whether the hour is done; the next tick begins with one that is not
 */
export async function throughHours(
  { clock, watch }: WatchdogDeps,
  name: "retention" | "history",
  { cutoff, until }: { readonly cutoff: number; readonly until: number },
  work: (hour: string) => Promise<boolean>,
): Promise<void> {
  let hour = await watch.hour(name, hourOf(clock.now() - BEFORE_FIRST_TICK_MS));
  for (let hours = 0; hours < MOST_HOURS && clock.now() < until; hours++) {
    const end = startOfHour(hour) + HOUR_MS;
    if (end > cutoff || !(await work(hour))) return;
    hour = hourOf(end);
    await watch.advance(name, hour);
  }
}
