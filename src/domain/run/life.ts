/** What the durable engine tells of an orchestration. Instants are milliseconds since the epoch. */
export type Orchestration =
  /** Runs, or waits to; `movedAt` is when its history last grew. */
  | { readonly kind: "alive"; readonly movedAt: number }
  | { readonly kind: "over"; readonly status: string; readonly failure?: string }
  /** The engine knows none of this id. */
  | { readonly kind: "missing" }
  /** The engine did not say. */
  | { readonly kind: "unknown" };

/** Whether it may still act; so when that cannot be told. */
export const mayLive = (
  orchestration: Orchestration,
): orchestration is Extract<Orchestration, { kind: "alive" | "unknown" }> =>
  orchestration.kind === "alive" || orchestration.kind === "unknown";

/** A run without outcome, as the watchdog sees it. */
export interface Sighting {
  readonly now: number;
  /** Since when the watchdog has looked without a gap: while the app was off, no run could move. */
  readonly watchedSince: number;
  /** When the run was asked for. */
  readonly openSince: number;
  /** Whether any of its activities ever ran. */
  readonly begun: boolean;
  /** When it became the holder of its VM. */
  readonly claimedAt?: number;
  readonly orchestration: Orchestration;
  /** How long after its claim a run may take. */
  readonly deadlineMs: number;
}

export type Life =
  | { readonly kind: "goesOn" }
  /** Asked for, and never started: whoever asked was not told that it was. */
  | { readonly kind: "neverBegan" }
  | { readonly kind: "ended" | "hangs"; readonly reason: string };

/** Who asks for a run notes it just before it is started, so a run that is not known yet may be about to be. */
const START_TAKES_MS = 3_600_000;
/** A run that waits for its turn asks at least every minute; an hour allows for a busy engine. */
export const SHOULD_MOVE_WITHIN_MS = 3_600_000;

export function decideLife(run: Sighting): Life {
  const { orchestration } = run;
  switch (orchestration.kind) {
    case "unknown":
      return { kind: "goesOn" };
    case "over":
      return { kind: "ended", reason: whyOver(orchestration) };
    case "missing":
      if (run.begun) return { kind: "ended", reason: whyOver(orchestration) };
      return run.now - run.openSince < START_TAKES_MS ? { kind: "goesOn" } : { kind: "neverBegan" };
    case "alive":
      return hangs(run, orchestration.movedAt);
  }
}

function hangs({ now, watchedSince, openSince, claimedAt, deadlineMs }: Sighting, movedAt: number): Life {
  if (claimedAt !== undefined) {
    const late = now - Math.max(claimedAt, watchedSince) > deadlineMs;
    return late ? { kind: "hangs", reason: `it claimed its VM at ${isoOf(claimedAt)}` } : { kind: "goesOn" };
  }
  const stuck = now - Math.max(movedAt, openSince, watchedSince) > SHOULD_MOVE_WITHIN_MS;
  return stuck
    ? { kind: "hangs", reason: `its orchestration has not moved since ${isoOf(movedAt)}` }
    : { kind: "goesOn" };
}

/** Why an orchestration that is over needs somebody else to settle its run. */
export function whyOver(orchestration: Extract<Orchestration, { kind: "over" | "missing" }>): string {
  if (orchestration.kind === "missing") return "its orchestration is not known any more";
  const { status, failure } = orchestration;
  return `its orchestration is ${status}${failure === undefined ? "" : `: ${failure}`}`;
}

const isoOf = (instant: number): string => new Date(instant).toISOString();
