import { windowGateAt, type OpenTimes } from "../window/gate";

/** A policy that covers machines of the run. */
export interface CoveringPolicy extends OpenTimes {
  readonly name: string;
}

/** A run of a schedule that Azure announced. Instants in milliseconds since the epoch. */
export interface AnnouncedRun {
  readonly startsAt: number;
  readonly endsAt: number;
  /** Until when Azure takes a cancellation. */
  readonly cancelUntil: number;
  readonly now: number;
  /** Why the whole app is held; undefined: it is not. */
  readonly held: string | undefined;
  readonly policies: readonly CoveringPolicy[];
}

export type PreEventDecision =
  | { readonly kind: "letRun" }
  | { readonly kind: "cancel"; readonly reason: string }
  /** A gate is closed, and Azure takes no cancellation any more. */
  | { readonly kind: "tooLate"; readonly reason: string };

/** Whether a run may start: the gates that hold for every request that leaves the app hold for it too. */
export function decidePreEvent(run: AnnouncedRun): PreEventDecision {
  const reason = closedGate(run);
  if (reason === undefined) return { kind: "letRun" };
  return run.now < run.cancelUntil ? { kind: "cancel", reason } : { kind: "tooLate", reason };
}

/** Whether the policy would have the run cancelled, if it covers its machines. */
export const isClosedFor = (policy: OpenTimes, { startsAt, endsAt }: Pick<AnnouncedRun, "startsAt" | "endsAt">) =>
  windowGateAt(policy, startsAt, endsAt - startsAt).kind === "closed";

function closedGate({ held, policies, startsAt, endsAt }: AnnouncedRun): string | undefined {
  if (held !== undefined) return held;
  for (const policy of policies) {
    const gate = windowGateAt(policy, startsAt, endsAt - startsAt);
    if (gate.kind === "open") continue;
    const why = {
      window: "has no window open at its start",
      blackout: "has a blackout in force at its start",
      tooLittleLeft: "closes before its end",
    };
    return `policy ${policy.name} ${why[gate.by]}`;
  }
  return undefined;
}
