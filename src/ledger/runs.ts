import type { RunRequest } from "../contracts/run";
import type { ImageKind } from "../domain/machine/image";
import type { OsType } from "../domain/machine/readiness";
import type { OutcomeCode, OutcomeName } from "../domain/outcome/table";
import type { SupportState } from "../domain/support/decide";
import type { AroundStep } from "../domain/sweep/around";
import { runIdPrefixes } from "./keys";
import { removeAll } from "../store/remove";
import { update, type Store, type StoredRow } from "../store/store";

export type StepName =
  | "claimRun"
  | "beforeVm"
  | "startVm"
  | "checkProvisioning"
  | "assessPatches"
  | "readSupportState"
  | "installPatches"
  | "confirmInstall"
  | "afterVm"
  | "stopVm"
  | "recordOutcome";

export type Evidence = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

export interface StepRecord {
  readonly name: StepName;
  /** Counts assessments from 1. */
  readonly attempt: number;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly evidence: Evidence;
}

/** One run as kept and as answered by the API. Instants are ISO 8601. */
export interface RunRecord extends Omit<RunRequest, "requestedAt"> {
  readonly requestedAt: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly vmGuid?: string;
  readonly createdAt?: string;
  readonly imageKind?: ImageKind;
  readonly imageId: string | null;
  readonly osType: OsType | null;
  readonly supportState: SupportState | null;
  readonly pending?: { readonly criticalAndSecurity?: number; readonly other?: number };
  readonly outcome: OutcomeName | null;
  readonly code: OutcomeCode | null;
  readonly detail?: string;
  readonly nextStep: string | null;
  readonly installedPatchCount: number;
  readonly failedPatchCount: number;
  /** Install requests that Azure accepted or may have accepted. */
  readonly installPosts: number;
  readonly warnings: readonly string[];
  readonly steps: readonly StepRecord[];
  readonly cancelRequested?: true;
  /** Our clock when the current start was first put off, whatever for: changing reasons do not renew the patience. */
  readonly delayedSince?: number;
  /** The VM's region, by which its calls share a rate limit. */
  readonly location?: string;
  /** When a call of the run may leave that the rate limits put off: its place in the line. */
  readonly turn?: { readonly intentKey: string; readonly at: number };
  /** The stored policy that selects the new VM: mode and install are its own, its times hold. */
  readonly policy?: {
    readonly name: string;
    readonly policyHash: string;
    /** As a sweep's run has them (contracts/run). */
    readonly around?: AroundStep[];
    readonly extraMs?: number;
  };
}

/** Whether a row is a run as this version writes them; another version's may be of another shape. */
export const isRun = (value: object): value is RunRecord =>
  "outcome" in value && value.outcome !== undefined && "steps" in value && Array.isArray(value.steps);

const PARTITION = "runs";

export class RunLedger {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async get(runId: string): Promise<RunRecord | undefined> {
    return (await this.row(runId))?.value;
  }

  row(runId: string): Promise<StoredRow<RunRecord> | undefined> {
    return this.#store.get<RunRecord>(PARTITION, runId);
  }

  /** False when the run changed since it was read. */
  remove(run: StoredRow<RunRecord>): Promise<boolean> {
    return removeAll(this.#store, PARTITION, [run]);
  }

  insertIfAbsent(run: RunRecord): Promise<boolean> {
    return this.#store.insertIfAbsent(PARTITION, run.runId, run);
  }

  /** `change` answers undefined to leave the run as it is. A run with an outcome never changes again. */
  update(runId: string, change: (run: RunRecord) => RunRecord | undefined): Promise<RunRecord | undefined> {
    return update<RunRecord>(this.#store, PARTITION, runId, (run) => (run.outcome === null ? change(run) : undefined));
  }

  async list(): Promise<RunRecord[]> {
    return (await this.#store.scan<RunRecord>(PARTITION, "")).map(({ value }) => value);
  }

  /** Up to `limit` runs that are wanted, by id. @param after an id, which need be no run's; the empty text begins */
  async page(after: string, limit: number, isWanted: (run: RunRecord) => boolean): Promise<RunPage> {
    const runs: RunRecord[] = [];
    for (const prefix of runIdPrefixes) {
      // All that begin so come before.
      if (prefix < after.slice(0, prefix.length)) continue;
      for (const { key, value } of await this.#store.scan<RunRecord>(PARTITION, prefix)) {
        if (key <= after || !isWanted(value)) continue;
        const last = runs.length === limit ? runs.at(-1) : undefined;
        if (last) return { runs, next: last.runId };
        runs.push(value);
      }
    }
    return { runs };
  }
}

export interface RunPage {
  readonly runs: readonly RunRecord[];
  /** The last run's id, when others follow. */
  readonly next?: string;
}

export interface StepNote {
  readonly name: StepName;
  readonly attempt?: number;
  /** Instant of this look; the first one starts the step. */
  readonly at: string;
  readonly ended?: boolean;
  readonly evidence?: Evidence;
}

/** The run with the step begun, continued or ended. */
export function withStep(run: RunRecord, { name, attempt = 1, at, ended = false, evidence = {} }: StepNote): RunRecord {
  const known = run.steps.find((step) => step.name === name && step.attempt === attempt);
  const step: StepRecord = {
    name,
    attempt,
    startedAt: known?.startedAt ?? at,
    endedAt: ended ? at : (known?.endedAt ?? null),
    evidence: { ...known?.evidence, ...evidence },
  };
  const steps = known ? run.steps.map((other) => (other === known ? step : other)) : [...run.steps, step];
  return { ...run, steps };
}

/** A run that was asked for and has seen nothing yet. */
export const newRun = (request: RunRequest, startedAt: string): RunRecord => ({
  ...request,
  startedAt,
  endedAt: null,
  imageId: null,
  osType: null,
  supportState: null,
  outcome: null,
  code: null,
  nextStep: null,
  installedPatchCount: 0,
  failedPatchCount: 0,
  installPosts: 0,
  warnings: [],
  steps: [],
});
