import { judged } from "./judges";
import { postsOf } from "./judges/posts";
import { play } from "./play";
import type { Played } from "./played";
import { scheduleOf } from "./schedule/schedule";

/** What became of one seed, as few words as a summary needs. */
export interface Verdict {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly runs: number;
  readonly posts: number;
  /** Codes of the runs. */
  readonly codes: readonly string[];
  /** What the schedule did to the app, and the app met. */
  readonly met: readonly string[];
}

export const verdictOn = (played: Played): Verdict => ({
  seed: played.schedule.seed,
  violations: judged(played),
  runs: played.runs.length,
  posts: postsOf(played).length,
  codes: played.runs.map(({ code }) => code ?? "none"),
  met: [
    ...played.faultsMet,
    ...played.deliveries.filter(({ fate }) => fate !== "once").map(({ fate }) => `delivery ${fate}`),
    ...played.asked.map(({ request }) => `request ${request.kind}`),
    ...Object.values(played.schedule.causes).flatMap((causes) => causes.map((cause) => `VM ${cause}`)),
  ],
});

/** A course that breaks down is a violation too, not the end of the search. */
export async function verdictOnSeed(seed: number): Promise<Verdict> {
  try {
    return verdictOn(await play(scheduleOf(seed)));
  } catch (failure) {
    const said = failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
    return { seed, violations: [`broke down: ${said}`], runs: 0, posts: 0, codes: [], met: [] };
  }
}
