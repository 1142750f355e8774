import type { Exchange, Played } from "../played";

/** GetOperation allows 15 a minute per VM; durable timers fire up to a second early (DESIGN: following an operation). */
const POLLS_APART_MS = 15_000;
const EARLY_MS = 1000;
/** A look at Resource Graph waits up to a second to share a query, and a repeated one waits twice. */
const LOOK_MS = 3 * EARLY_MS;
/** So many of a delivery's reads and writes may be late before it asks. */
const LATE_ANSWERS = 3;

/**
 * Two deliveries of one activity ask twice, the second as late as the store lets it; and what a worker was told that was
 * killed before it could report nobody knows, nor what the delivery was told whose answer came second. Neither is the app's doing.
 */
function hostsDoing(played: Played, earlier: Exchange, later: Exchange): boolean {
  return played.deliveries.some(
    ({ fate, at }) =>
      (["doubled", "repeated"].includes(fate) && mayAskAt(played, at, later.at)) ||
      (["killedAfter", "doubled"].includes(fate) && mayAskAt(played, at, earlier.at)),
  );
}

/** Whether a delivery that began at the one instant may ask at the other. */
function mayAskAt({ schedule }: Played, begun: number, instant: number): boolean {
  const { probability, mostSeconds } = schedule.slowness;
  const lateMs = LOOK_MS + (probability > 0 ? LATE_ANSWERS * mostSeconds * 1000 : 0);
  return instant - lateMs <= begun && begun <= instant + EARLY_MS;
}

const pairs = (exchanges: readonly Exchange[]): [Exchange, Exchange][] =>
  exchanges.slice(1).flatMap((later, index): [Exchange, Exchange][] => {
    const earlier = exchanges[index];
    return earlier ? [[earlier, later]] : [];
  });

const byTarget = (played: Played): Exchange[][] =>
  [...Map.groupBy(played.exchanges, ({ method, target }) => `${method} ${target}`).values()].map((group) =>
    group.sort((one, other) => one.at - other.at),
  );

/** An operation is not asked for more often than every 15 seconds. */
export function pollsAreApart(played: Played): string[] {
  return byTarget(played).flatMap((group) =>
    pairs(group)
      .filter(([earlier, later]) => earlier.target.includes("/operations/") && later.at - earlier.at < POLLS_APART_MS)
      .filter(([earlier, later]) => !hostsDoing(played, earlier, later))
      .map(([earlier, later]) => `${later.target} was polled ${later.at - earlier.at} ms after the poll before`),
  );
}

const GRAPH_READERS = ["readSupportState", "confirmInstall"];

/** Who asked: runs, or a sweep that looks for VMs. A run's query of Resource Graph leaves up to a second after its look began. */
function askersOf({ deliveries }: Played, { at, target }: Exchange): Set<string> {
  const isGraph = target.includes("resourcegraph");
  const recent = deliveries.filter((delivery) => at - 2 * EARLY_MS <= delivery.at && delivery.at <= at);
  const sweeps = recent.filter((delivery) => isGraph && delivery.name === "releaseSweepPage" && delivery.at === at);
  const readers = recent.filter(({ name }) => !isGraph || GRAPH_READERS.includes(name));
  return new Set((sweeps.length > 0 ? sweeps : readers).map(({ instanceId }) => instanceId.split("-", 2).join("-")));
}

function haveOneAsker(played: Played, earlier: Exchange, later: Exchange): boolean {
  const before = askersOf(played, earlier);
  return [...askersOf(played, later)].some((runId) => before.has(runId));
}

/** With its outcome a run looks whether its VM is idle, once, whatever was answered before: the lease depends on it. */
const isLastLook = (played: Played, asked: Exchange): boolean =>
  played.deliveries.some(({ name, at }) => name === "recordOutcome" && mayAskAt(played, at, asked.at));

/**
 * What answered with Retry-After is not asked again by the same run before that time. Runs do not tell each other: a
 * shared pace needs the row of the bucket (DESIGN: rate).
 */
export function retryAfterIsKept(played: Played): string[] {
  return byTarget(played).flatMap((group) =>
    pairs(group)
      .filter(
        ([earlier, later]) =>
          earlier.retryAfterMs !== null && later.at - earlier.answeredAt < earlier.retryAfterMs - EARLY_MS,
      )
      .filter(([earlier, later]) => haveOneAsker(played, earlier, later))
      .filter(([, later]) => !isLastLook(played, later))
      .filter(([earlier, later]) => !hostsDoing(played, earlier, later))
      .map(
        ([earlier, later]) =>
          `${later.method} ${later.target} came ${later.at - earlier.answeredAt} ms after a ${String(earlier.status)} that asked for ${String(earlier.retryAfterMs)}`,
      ),
  );
}

/** No bucket of Azure's runs dry: every 429 was one of the schedule's faults. */
export function neverThrottled(played: Played): string[] {
  const refused = played.transcript.filter(({ status }) => status === 429).length;
  const planned = played.faultsMet.filter((fault) => fault.includes("answer 429")).length;
  return refused > planned ? [`${refused - planned} requests were refused with 429 by the buckets`] : [];
}
