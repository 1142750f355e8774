import type { TranscriptLine } from "../../../src/local/simulated-azure";
import type { Played } from "./contender";
import type { BenchFleet, Truth } from "./fleet";
import { REFILL_PER_SECOND } from "./references";

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
  const { startedAt, endedAt, transcript, outcomes, workItems } = played;
  const during = transcript.filter(({ t }) => Date.parse(t) >= startedAt);
  const graph = during.filter(({ path }) => path.includes("Microsoft.ResourceGraph")).length;
  const perVm = (count: number) => rounded(count / truths.length, 2);
  return {
    makespanSeconds: Math.round((endedAt - startedAt) / 1000),
    tokenUse: rounded(tokenUse(truths, during, startedAt), 3),
    armCallsPerVm: perVm(during.length - graph),
    graphQueriesPerVm: rounded(graph / truths.length, 3),
    workItemsPerVm: perVm(workItems),
    throttled: during.filter(({ status }) => status === 429).length,
    outcomes,
  };
}

const OPERATION = /\/(assessPatches|installPatches)\?/;

/** The VMs in the order in which their assessments were accepted. */
export function orderOf({ truths }: BenchFleet, { transcript }: Played): Truth[] {
  const byName = new Map(truths.map((truth) => [truth.name, truth]));
  return accepted(transcript).flatMap(({ kind, name }) => (kind === "assessPatches" ? (byName.get(name) ?? []) : []));
}

function accepted(transcript: readonly TranscriptLine[]) {
  return transcript.flatMap(({ path, status, t, vmIds }) => {
    const kind = OPERATION.exec(path)?.[1];
    const name = vmIds[0]?.split("/").at(-1);
    return kind !== undefined && name !== undefined && status === 202 ? [{ kind, name, at: Date.parse(t) }] : [];
  });
}

/**
 * Tokens that were used of those that came in while a VM waited for one: before its assessment, and from its row's
 * showing to its installation. The bucket's 600 at the start count as come in.
 */
function tokenUse(truths: readonly Truth[], transcript: readonly TranscriptLine[], startedAt: number): number {
  const posts = accepted(transcript);
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
