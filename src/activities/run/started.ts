import type { ActivityResult } from "../../contracts/activities";
import { LONGEST_DURATION_MS } from "../../domain/install/options";
import { parseDuration } from "../../domain/install/duration";
import { nextPoll, timingOf, type OperationKind, type OperationTiming } from "../../domain/operation/operation";
import { spreadOf } from "../../ledger/keys";
import { intentKey, type Accepted, type Intent } from "../../ledger/vms";
import { isoOf, type RunDeps } from "./deps";

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
  const { firstPollAfterMs } = timingOfIntent(intent);
  const from = Math.max(clock.now(), accepted.knownSince);
  return {
    kind: "started",
    operationKey: intentKey(intent),
    pollAt: isoOf(nextPoll(from, firstPollAfterMs, spreadOf(intent.runId))),
  };
}

/** When nothing is sent any more that had to leave by `postNotAfter`, and what did leave has had time to show. */
export const settledBy = ({ settings }: RunDeps, postNotAfter: number): number =>
  postNotAfter + settings.GOLDPATCH_SETTLE_SECONDS * 1000;

/** When the inserter of the intent can no longer send, and what it may have sent shows. */
export const resolvableAt = (deps: RunDeps, { postNotAfter }: Intent): number => settledBy(deps, postNotAfter);

/** A durable timer fires up to a second early, and those of less than a second at once: asked then, it is asked again and again. */
export const TIMER_EARLY_MS = 1000;

/** The time to ask again that a timer does not bring before the instant. */
export const notBefore = (instant: number): string => isoOf(instant + TIMER_EARLY_MS);

export const unanswered = (
  deps: RunDeps,
  intent: Intent,
): Extract<ActivityResult<"startOperation">, { kind: "unanswered" }> => ({
  kind: "unanswered",
  resolveAt: notBefore(resolvableAt(deps, intent)),
});
