import type { Azure } from "../../azure/azure";
import type { Clock } from "../../clock";
import type { Settings } from "../../config";
import type { RunRequest } from "../../contracts/run";
import { canonicalVmId, parseVmId, type VmId } from "../../domain/machine/vm-id";
import type { Orchestration } from "../../domain/run/life";
import type { SweepLimits } from "../../domain/sweep/acceptable";
import type { Outside } from "../../hooks/outside";
import type { ActiveRuns } from "../../ledger/active-runs";
import type { DurationLedger } from "../../ledger/durations";
import type { EndedRuns } from "../../ledger/ended-runs";
import type { ImageLedger } from "../../ledger/images";
import type { OpenRuns } from "../../ledger/open-runs";
import type { Rates } from "../../ledger/rates";
import type { PolicySweepLedger } from "../../ledger/policy-sweeps";
import { newRun, withStep, type RunLedger, type RunRecord, type StepNote } from "../../ledger/runs";
import type { StoredPolicies } from "../../ledger/stored-policies";
import type { Switches } from "../../ledger/switches";
import { VmLedger } from "../../ledger/vms";
import type { Logs } from "../../logs";
import type { Store } from "../../store/store";

/** What the activities of a run are made from. */
export interface RunDeps {
  readonly clock: Clock;
  readonly settings: Settings;
  readonly logs: Logs;
  readonly azure: Azure;
  readonly store: Store;
  readonly runs: RunLedger;
  readonly open: OpenRuns;
  readonly ended: EndedRuns;
  readonly active: ActiveRuns;
  readonly switches: Switches;
  readonly images: ImageLedger;
  readonly durations: DurationLedger;
  readonly rates: Rates;
  readonly policySweeps: PolicySweepLedger;
  readonly policies: StoredPolicies;
  /** What the settings let a policy ask for. */
  readonly sweepLimits: SweepLimits;
  readonly outside: Outside;
}

/** The durable engine, as far as activities may ask it. */
export interface Instances {
  look(instanceId: string): Promise<Orchestration>;
  /** Starts an orchestration; one that runs under this id already counts as started. */
  start(name: string, instanceId: string, input: object): Promise<void>;
  /** What the orchestration was started with; undefined when there is none. */
  inputOf(instanceId: string): Promise<unknown>;
  /** Raises an event without content. */
  raise(instanceId: string, event: string): Promise<void>;
  /** Ends the orchestration. Its children and activities go on. */
  terminate(instanceId: string, reason: string): Promise<void>;
  /** Forgets what is over of the orchestrations that were created between two instants, and answers how many. */
  purge(from: number, to: number): Promise<number>;
}

export interface RunRef {
  readonly runId: string;
  readonly vmId: string;
}

export const MINUTE_MS = 60_000;

export const isoOf = (instant: number): string => new Date(instant).toISOString();
export const nowOf = ({ clock }: Pick<RunDeps, "clock">): string => isoOf(clock.now());

/** The VM behind a run. Triggers validated the id, so anything else is a defect. */
export function subjectOf(deps: RunDeps, { vmId }: RunRef): { vmId: VmId; machineId: string; vm: VmLedger } {
  const parsed = parseVmId(vmId);
  if (!parsed) throw new TypeError(`"${vmId}" is no VM id`);
  const machineId = canonicalVmId(parsed);
  return { vmId: parsed, machineId, vm: new VmLedger(deps.store, machineId) };
}

/** The run with its row, which is inserted the first time; the index of open runs holds it before. */
export async function beginRun(deps: RunDeps, request: RunRequest): Promise<RunRecord | undefined> {
  const known = await deps.runs.get(request.runId);
  if (known) return known;
  await deps.open.add(request, deps.clock.now());
  await deps.runs.insertIfAbsent(newRun(request, nowOf(deps)));
  return deps.runs.get(request.runId);
}

/** The run's row, which claimRun inserted. */
export async function runOf(deps: RunDeps, { runId }: RunRef): Promise<RunRecord> {
  const run = await deps.runs.get(runId);
  if (!run) throw new TypeError(`run ${runId} has no row`);
  return run;
}

export const noteStep = (
  deps: RunDeps,
  { runId }: RunRef,
  note: Omit<StepNote, "at">,
): Promise<RunRecord | undefined> => deps.runs.update(runId, (run) => withStep(run, { ...note, at: nowOf(deps) }));

/** The beginning of a step is written once; further looks at it cost no write. */
export const beginStep = (
  deps: RunDeps,
  { runId }: RunRef,
  note: Pick<StepNote, "name" | "attempt">,
): Promise<RunRecord | undefined> =>
  deps.runs.update(runId, (run) =>
    run.steps.some(({ name, attempt }) => name === note.name && attempt === (note.attempt ?? 1))
      ? undefined
      : withStep(run, { ...note, at: nowOf(deps) }),
  );
