import type { RegisteredFunction, Registry } from "../core/registry";
import type { Action } from "./actions";
import {
  actionsOf,
  beginningDifference,
  describeDivergence,
  differenceOf,
  type Difference,
  type Divergence,
} from "./divergence";
import { answerTo, type Answer, type EpisodeResult } from "./episode";
import { EventType, wireJson, type HistoryEvent } from "./history";
import type { Instance } from "./instance";
import { mark } from "./messages";

/** Up to this many events, an execution that ends is run again up to each of its earlier episodes. */
const ALL_CUTS_UP_TO_EVENTS = 30;
/** Of longer ones only so many episodes: replay costs the square of the history. */
const SAMPLED_CUTS = 3;

interface PlayedEpisode {
  readonly orchestrator: RegisteredFunction;
  readonly instance: Instance;
  /** What the episode was given: all history, then what was new. */
  readonly events: readonly HistoryEvent[];
  readonly answer: Answer;
}

/**
 * Runs orchestrators again from history alone, for tests. An episode must give the same state a second time, and begin
 * with what the episode before it asked for; when the execution ends, so must each of its earlier episodes.
 */
export class ReplayCheck {
  readonly #app: Registry;
  readonly #tell: (divergence: Divergence) => void;
  /** What was asked for so far, by instance. */
  readonly #asked = new Map<string, { readonly executionId: string; readonly actions: readonly Action[] }>();

  constructor(app: Registry, tell: (divergence: Divergence) => void) {
    this.#app = app;
    this.#tell = tell;
  }

  /** Changes nothing but what it remembers; a divergence is logged and told. */
  async check(
    orchestrator: RegisteredFunction,
    instance: Instance,
    fresh: readonly HistoryEvent[],
    { answer, ending }: EpisodeResult,
  ): Promise<void> {
    const episode = { orchestrator, instance, answer, events: [...instance.history, ...fresh] };
    const found =
      this.#sinceBefore(episode, ending !== undefined) ??
      (await this.#atOnce(episode)) ??
      (ending && (await this.#upToEarlierEpisodes(episode)));
    if (!found) return;
    const message = describeDivergence(found);
    this.#app.log({ level: "error", category: "durable", functionName: instance.name, message });
    this.#tell(found);
  }

  #sinceBefore(episode: PlayedEpisode, ended: boolean): Divergence | undefined {
    const { answer, instance } = episode;
    const { instanceId, executionId, history } = instance;
    const actions = actionsOf(answer);
    const before = this.#asked.get(instanceId);
    if (ended) this.#asked.delete(instanceId);
    else this.#asked.set(instanceId, { executionId, actions });
    if (before?.executionId !== executionId) return undefined;
    return divergence(episode, history.length, beginningDifference(before.actions, actions, before.actions.length));
  }

  async #atOnce(episode: PlayedEpisode): Promise<Divergence | undefined> {
    const { events, answer } = episode;
    return divergence(episode, events.length, differenceOf(answer, await this.#again(episode, events)));
  }

  async #upToEarlierEpisodes(episode: PlayedEpisode): Promise<Divergence | undefined> {
    const actions = actionsOf(episode.answer);
    for (const cut of cutsOf(episode)) {
      const earlier = actionsOf(await this.#again(episode, episode.events.slice(0, cut)));
      const found = divergence(episode, cut, beginningDifference(actions, earlier, earlier.length));
      if (found) return found;
    }
    return undefined;
  }

  /** As a later episode would see it: all of it played, before that episode's own beginning. */
  #again({ orchestrator, instance }: PlayedEpisode, events: readonly HistoryEvent[]): Promise<Answer> {
    const next = mark(EventType.OrchestratorStarted, events.at(-1)?.Timestamp ?? "");
    const json = [...events.map((event) => wireJson(event, true)), wireJson(next, false)];
    return answerTo(this.#app, orchestrator, instance, `[${json.join(",")}]`);
  }
}

const divergence = (
  { instance }: PlayedEpisode,
  historyEvents: number,
  difference: Difference | undefined,
): Divergence | undefined =>
  difference && { orchestrator: instance.name, instanceId: instance.instanceId, historyEvents, ...difference };

/** Where episodes began, but for the first: history up to there is what the episode before had seen and asked for. */
function cutsOf({ events, instance }: PlayedEpisode): number[] {
  const begins = events.flatMap(({ EventType: type }, index) =>
    type === EventType.OrchestratorStarted ? [index] : [],
  );
  const cuts = begins.slice(1);
  if (events.length <= ALL_CUTS_UP_TO_EVENTS || cuts.length <= SAMPLED_CUTS) return cuts;
  const seed = hash(instance.instanceId);
  return Array.from({ length: SAMPLED_CUTS }, (_, n) => cuts[(seed + n * PRIME) % cuts.length] ?? 0);
}

/** Steps through the cuts without meeting one twice soon. */
const PRIME = 7919;

const hash = (text: string): number => Buffer.from(text).reduce((sum, byte) => (sum * 31 + byte) >>> 0, 7);
