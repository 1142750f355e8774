import type { Played } from "./contender";
import type { BenchFleet, Truth } from "./fleet";
import { REFILL_PER_SECOND } from "./references";
import type { Accepted } from "./requests";

export interface Figures {
  readonly makespanSeconds: number;
  readonly tokenUse: number;
  readonly armCallsPerVm: number;
  readonly graphQueriesPerVm: number;
  readonly workItemsPerVm: number;
  readonly throttled: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

/** One judge for all contenders: what simulated Azure wrote down. */
export function measure({ truths }: BenchFleet, played: Played): Figures {
  const { startedAt, endedAt, requests, outcomes, workItems } = played;
  const { armCalls, graphQueries, throttled, accepted } = requests;
  const perVm = (count: number) => rounded(count / truths.length, 2);
  return {
    makespanSeconds: Math.round((endedAt - startedAt) / 1000),
    tokenUse: rounded(tokenUse(truths, accepted, startedAt), 3),
    armCallsPerVm: perVm(armCalls),
    graphQueriesPerVm: rounded(graphQueries / truths.length, 3),
    workItemsPerVm: perVm(workItems),
    throttled,
    outcomes,
  };
}

/** The VMs in the order in which their assessments were accepted. */
export function orderOf({ truths }: BenchFleet, { requests }: Played): Truth[] {
  const byName = new Map(truths.map((truth) => [truth.name, truth]));
  return requests.accepted.flatMap(({ kind, name }) => (kind === "assessPatches" ? (byName.get(name) ?? []) : []));
}

/**
 * Tokens that were used of those that came in while a VM waited for one: before its assessment, and from its row's
 * showing to its installation. The bucket's 600 at the start count as come in.
 */
function tokenUse(truths: readonly Truth[], posts: readonly Accepted[], startedAt: number): number {
  const at = new Map(posts.map(({ kind, name, at: instant }) => [`${kind} ${name}`, instant]));
  const waits = truths.flatMap(({ name, assess, lag }) => {
    const assessed = at.get(`assessPatches ${name}`);
    const installed = at.get(`installPatches ${name}`);
    if (assessed === undefined) return [];
    const shown = assessed + (assess + lag) * 1000;
    return [
      [startedAt, assessed] as const,
      ...(installed !== undefined && installed > shown ? [[shown, installed] as const] : []),
    ];
  });
  const seconds = covered(waits) / 1000;
  return posts.length / (START_TOKENS + seconds * REFILL_PER_SECOND);
}

const START_TOKENS = 400;

/** Milliseconds that lie in at least one of the intervals. */
function covered(intervals: readonly (readonly [number, number])[]): number {
  let total = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const [from, to] of intervals.toSorted(([one], [other]) => one - other)) {
    total += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return total;
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
