import type { ActivityResult } from "../../contracts/activities";
import { LONGEST_DURATION_MS } from "../../domain/install/options";
import { parseDuration } from "../../domain/install/duration";
import { nextLook } from "../../domain/operation/looks";
import { TIMER_EARLY_MS, timingOf, type OperationKind, type OperationTiming } from "../../domain/operation/operation";
import { spreadOf } from "../../ledger/keys";
import { intentKey, type Accepted, type Intent } from "../../ledger/intent";
import { isoOf, type RunDeps } from "./deps";
import { graphTickFrom, ROW_LAG_MS } from "./graph-tick";

/** The step that an operation belongs to. */
export const stepOf = (operation: OperationKind) => (operation === "assess" ? "assessPatches" : "installPatches");

/** How an intent's operation is followed; an installation is known by its maximum duration. */
export const timingOfIntent = ({ operation, request }: Intent): OperationTiming =>
  timingOf(operation, (request && parseDuration(request.maximumDuration)) ?? LONGEST_DURATION_MS);

/** Azure has it: follow it from here. */
export function startedResult(
  { clock }: RunDeps,
  intent: Intent,
  accepted: Accepted,
): Extract<ActivityResult<"startOperation">, { kind: "started" }> {
  const from = Math.max(clock.now(), accepted.knownSince);
  const { firstPollAfterMs } = timingOfIntent(intent);
  return {
    kind: "started",
    operationKey: intentKey(intent),
    pollAt: lookAfter(from, intent, accepted, firstPollAfterMs),
  };
}

/** When to look at an operation next. @param everyMs the pause where nothing is planned */
export const lookAfter = (
  now: number,
  intent: Intent,
  { knownSince, adopted }: Accepted,
  everyMs: number,
  retryAfterMs?: number,
): string => {
  // An adopted operation began some time before we knew of it.
  const looks = adopted ? [] : (intent.looks ?? []);
  const isAssessment = intent.operation === "assess";
  const since = isAssessment && looks.length > 0 ? knownSince + ROW_LAG_MS : knownSince;
  const at = nextLook(now, { since, looks }, everyMs, spreadOf(intent.runId), retryAfterMs);
  // With the end of an assessment its row is looked for, and all runs do that together.
  return isoOf(isAssessment ? graphTickFrom(at) : at);
};

/** When nothing is sent any more that had to leave by `postNotAfter`, and what did leave has had time to show. */
export const settledBy = ({ settings }: RunDeps, postNotAfter: number): number =>
  postNotAfter + settings.GOLDPATCH_SETTLE_SECONDS * 1000;

/** When the inserter of the intent can no longer send, and what it may have sent shows. */
export const resolvableAt = (deps: RunDeps, { postNotAfter }: Intent): number => settledBy(deps, postNotAfter);

/** The time to ask again that a timer does not bring before the instant. */
export const notBefore = (instant: number): string => isoOf(instant + TIMER_EARLY_MS);

export const unanswered = (
  deps: RunDeps,
  intent: Intent,
): Extract<ActivityResult<"startOperation">, { kind: "unanswered" }> => ({
  kind: "unanswered",
  resolveAt: notBefore(resolvableAt(deps, intent)),
});
