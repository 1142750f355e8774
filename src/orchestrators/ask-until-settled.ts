import type { ActivityInput, ActivityName, ActivityResult, Settled } from "../contracts/activities";
import { orchestrationNames } from "../contracts/names";
import type { Durable, Story } from "./durable";

/** Replay cost grows with the square of history: a chapter of questions, then a fresh history. */
const QUESTIONS_PER_CHAPTER = 10;
/** A killed worker fails its activities; one that only asks may simply ask again, a few times. */
const FAILURES_FORGIVEN = 3;
const AFTER_FAILURE_MS = 30_000;
/** Timers fire up to a second early, and those of less than a second at once: a shorter wait would ask dozens of times. */
const SHORTEST_WAIT_MS = 2_000;

export interface Question<N extends ActivityName> {
  readonly activity: N;
  readonly input: ActivityInput<N>;
  /** Not before this time. */
  readonly at?: string;
  /** For an activity that changes nothing when it is repeated. */
  readonly forgiving?: boolean;
  readonly failures?: number;
}

/** Asks until the answer is no longer "wait". Most answers come within the first chapter; the rest go on in a child. */
export function* askUntilSettled<N extends ActivityName>(
  durable: Durable,
  question: Question<N>,
  childSuffix: string,
): Story<Settled<N>> {
  const chapter = yield* askForOneChapter(durable, question);
  return chapter.kind === "settled"
    ? chapter.answer
    : yield* durable.child<Settled<N>>(orchestrationNames.askUntilSettled, chapter.next, childSuffix);
}

/** The child: chapter after chapter, each with an empty history. */
export function* askUntilSettledChild<N extends ActivityName>(
  durable: Durable,
  question: Question<N>,
): Story<Settled<N> | undefined> {
  const chapter = yield* askForOneChapter(durable, question);
  if (chapter.kind === "settled") return chapter.answer;
  durable.continueAsNew(chapter.next);
  return undefined;
}

type Chapter<N extends ActivityName> =
  | { readonly kind: "settled"; readonly answer: Settled<N> }
  | { readonly kind: "unsettled"; readonly next: Question<N> };

function* askForOneChapter<N extends ActivityName>(durable: Durable, question: Question<N>): Story<Chapter<N>> {
  let next = question;
  for (let asked = 0; asked < QUESTIONS_PER_CHAPTER; asked++) {
    if (next.at !== undefined) yield* durable.sleepUntil(next.at);
    try {
      const answer = yield* durable.call(next.activity, next.input);
      if (!isWait(answer)) return { kind: "settled", answer: answer as Settled<N> };
      next = { ...question, at: latest(answer.at, durable.now().getTime() + SHORTEST_WAIT_MS), failures: 0 };
    } catch (failure) {
      const failures = (next.failures ?? 0) + 1;
      if (!question.forgiving || failures > FAILURES_FORGIVEN) throw failure;
      next = { ...question, at: new Date(durable.now().getTime() + AFTER_FAILURE_MS).toISOString(), failures };
    }
  }
  return { kind: "unsettled", next };
}

const latest = (at: string, soonest: number): string => new Date(Math.max(Date.parse(at), soonest)).toISOString();

const isWait = (answer: ActivityResult<ActivityName>): answer is { kind: "wait"; at: string } => answer.kind === "wait";
