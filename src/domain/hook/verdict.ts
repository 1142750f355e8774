/** What a call to somebody's service came to. */
export type OutsideAnswer =
  | { readonly kind: "answered"; readonly status: number; readonly retryAfterMs?: number }
  /** Nothing came back, for this reason. */
  | { readonly kind: "unanswered"; readonly reason: string }
  /** It was not made, and never will be. */
  | { readonly kind: "forbidden"; readonly reason: string };

export type HookVerdict =
  | { readonly kind: "yes"; readonly status: number }
  | { readonly kind: "no"; readonly reason: string }
  /** Milliseconds since the epoch. */
  | { readonly kind: "again"; readonly at: number };

/** When a service that did not answer, or answered that it has trouble, is asked again. */
const ASK_AGAIN_MS = 15_000;
/** A service that says when to come back is not believed beyond reason: the deadline ends it anyway. */
const SOONEST_MS = 2_000;

const ACCEPTED = 202;
/** Request timeout, too many requests: they say that the question was not heard. */
const UNHEARD = [408, 429];

/**
 * A hook's answer: 2xx is yes, 202 means ask again; so does trouble that may pass. Everything else is no, and so is the
 * deadline: hooks fail closed. A redirect is no answer: it would lead the signed call elsewhere.
 *
 * @param deadline milliseconds since the epoch
 */
export function hookVerdict(answer: OutsideAnswer, now: number, deadline: number): HookVerdict {
  switch (answer.kind) {
    case "forbidden":
      return { kind: "no", reason: answer.reason };
    case "unanswered":
      return laterOr(now + ASK_AGAIN_MS, deadline, answer.reason);
    case "answered":
      return byStatus(answer.status, answer.retryAfterMs, now, deadline);
  }
}

function byStatus(status: number, retryAfterMs: number | undefined, now: number, deadline: number): HookVerdict {
  const isPassing = status === ACCEPTED || UNHEARD.includes(status) || status >= 500;
  if (isPassing)
    return laterOr(now + Math.max(SOONEST_MS, retryAfterMs ?? ASK_AGAIN_MS), deadline, `it answered ${status}`);
  return isSuccess(status) ? { kind: "yes", status } : { kind: "no", reason: `it answered ${status}` };
}

const laterOr = (at: number, deadline: number, reason: string): HookVerdict =>
  at < deadline ? { kind: "again", at } : { kind: "no", reason: `${reason}, and its deadline is over` };

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** Why a probe says that its VM is not well; undefined when it says that it is. */
export function probeTrouble(answer: OutsideAnswer): string | undefined {
  if (answer.kind !== "answered") return answer.reason;
  return isSuccess(answer.status) && answer.status !== ACCEPTED ? undefined : `it answered ${answer.status}`;
}
