import type { Ending } from "../../contracts/run";
import type { OutcomeCode } from "../../domain/outcome/table";
import { AZURE_PATIENCE_MINUTES } from "../../domain/run/longest";
import { spreadOf } from "../../ledger/keys";
import { isoOf, MINUTE_MS, type RunDeps, type RunRef } from "./deps";

export interface Delay {
  readonly code: OutcomeCode;
  /** Milliseconds until the next try. */
  readonly afterMs: number;
  readonly detail: string;
}

export type Delayed = { readonly kind: "wait"; readonly at: string } | ({ readonly kind: "end" } & Ending);

const SPREAD_MS = 10_000;

/** Puts the run's next try off, or ends it with the delay's code once the patience for it is over. */
export async function delayed(deps: RunDeps, run: RunRef, delay: Delay): Promise<Delayed> {
  const now = deps.clock.now();
  const record = await deps.runs.update(run.runId, (known) =>
    known.delayedSince === undefined ? { ...known, delayedSince: now } : undefined,
  );
  // Whoever still asks for a run that is over need not ask again.
  if (record && record.outcome !== null) return { kind: "end", code: delay.code, detail: delay.detail };
  const since = record?.delayedSince ?? now;
  if (now - since >= minutesFor(deps, delay.code) * MINUTE_MS)
    return { kind: "end", code: delay.code, detail: delay.detail };
  return { kind: "wait", at: isoOf(now + delay.afterMs + Math.floor(spreadOf(run.runId) * SPREAD_MS)) };
}

function minutesFor({ settings }: RunDeps, code: OutcomeCode): number {
  switch (code) {
    case "OperationInProgress":
      return settings.GOLDPATCH_BUSY_RETRY_MINUTES;
    case "AzureUnavailable":
    case "PermissionMissing":
      return AZURE_PATIENCE_MINUTES;
    default:
      return settings.GOLDPATCH_READY_DEADLINE_MINUTES;
  }
}
