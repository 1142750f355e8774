export type OperationKind = "assess" | "install";

/** An intent's request leaves within this, or never (DESIGN: never twice). */
export const POST_WITHIN_MS = 60_000;
/** A worker that is killed again and again while it starts an operation ends the run. */
export const MOST_STARTS = 5;

export interface OperationTiming {
  /** How long after it was accepted an operation may run before it counts as overdue. */
  readonly overdueAfterMs: number;
  readonly firstPollAfterMs: number;
  readonly pollEveryMs: number;
}

/**
 * The extension expects an assessment within an hour (Linux patch extension), and an agent that cannot be reached is
 * reported after 25 to 90 minutes (Compute: VM error messages).
 */
const ASSESS_OVERDUE_AFTER_MS = 95 * 60_000;
/** After maximumDuration: 40 min for a reboot, then an assessment that is part of the installation (Linux patch extension). */
const INSTALL_OVERTIME_MS = 75 * 60_000;

/** Assessments took 4 to 11 minutes and installations 1 to 20 in recordings (addenda A2); Azure CLI polls every 30 s. */
export function timingOf(kind: OperationKind, maximumDurationMs: number): OperationTiming {
  return kind === "assess"
    ? { overdueAfterMs: ASSESS_OVERDUE_AFTER_MS, firstPollAfterMs: 60_000, pollEveryMs: 30_000 }
    : { overdueAfterMs: maximumDurationMs + INSTALL_OVERTIME_MS, firstPollAfterMs: 60_000, pollEveryMs: 60_000 };
}

/** A durable timer fires up to a second early, and those of less than a second at once: asked then, it is asked again and again. */
export const TIMER_EARLY_MS = 1000;

/** GetOperation allows 15 a minute per VM; timers may be a second early, so 16 s keeps polls 15 s apart (DESIGN: following). */
const POLL_NEVER_FASTER_THAN_MS = 16_000;
/** Polls of many runs that were started together are spread over this span. */
const SPREAD_MS = 10_000;

/** When to look again, spread by `spread` (0 to 1, from a hash of the run); Azure's `Retry-After` may only slow it down. */
export function nextPoll(now: number, everyMs: number, spread: number, retryAfterMs = 0): number {
  const interval = Math.max(everyMs, retryAfterMs, POLL_NEVER_FASTER_THAN_MS);
  return now + interval + Math.floor(spread * SPREAD_MS);
}

/** Azure's status words in any case; a word that nobody documented means that it still runs. */
export function operationState(status: string | undefined): "running" | "succeeded" | "failed" {
  const word = status?.toLowerCase() ?? "";
  if (word === "succeeded" || word === "completedwithwarnings") return "succeeded";
  return word === "failed" || word === "canceled" || word === "cancelled" ? "failed" : "running";
}
