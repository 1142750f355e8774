import type { DryRunPlan, ImageLook, ImageVerdictView, RunView, SweepView, VmLook } from "../contracts/api";
import type { RunMode, RunRequest } from "../contracts/run";
import type { InstallOptions } from "../domain/install/options";
import type { VmId } from "../domain/machine/vm-id";
import type { Policy } from "../domain/policy/policy";
import type { SweepControl } from "../domain/sweep/state";
import type { Logs } from "../logs";

/** The durable engine, as far as triggers use it. */
export interface Starter {
  /** One that runs under this id already counts as started. */
  start(name: string, instanceId: string, input: object): Promise<void>;
  /** What an orchestration was started with; undefined when there is none. */
  inputOf(instanceId: string): Promise<unknown>;
}

/** What triggers need of the rest of the app; src/app.ts hands it in. */
export interface TriggerPorts {
  readonly logs: Logs;
  /** Why nothing that changes a VM may be started at all; undefined when it may. */
  readonly refusal: string | undefined;
  readonly provisionMode: RunMode;
  readonly sweepSchedule: string;
  /** Where Azure is: ARM's address, or that of a simulated one. */
  readonly azure: string;
  /** GOLDPATCH_SCOPE, entry by entry. */
  readonly scope: readonly string[];
  now(): string;
  isInScope(vmId: VmId): boolean;
  eventRunId(vmId: VmId, correlationId: string): string;
  newHttpRunId(vmId: VmId): string;
  /** Notes a run that is about to be started, so that whatever becomes of its orchestration, it gets an outcome. */
  announce(run: RunRequest): Promise<void>;
  run(runId: string): Promise<RunView | undefined>;
  /** A run that was asked for and has not begun. */
  queuedRun(request: RunRequest): RunView;
  runs(): Promise<RunView[]>;
  images(): Promise<ImageVerdictView[]>;
  cancel(runId: string): Promise<void>;
  setStopped(on: boolean): Promise<void>;
  isStopped(): Promise<boolean>;
  /** Reads the VM and what Azure has on record about it. */
  look(vmId: VmId): Promise<VmLook>;
  /** Reads what Azure has on record about the image's VMs. @param imageId in lower case */
  lookAtImage(imageId: string): Promise<ImageLook>;
  plan(vmId: VmId, mode: RunMode, install: InstallOptions): Promise<DryRunPlan>;
}

/** What the routes of policy sweeps need of the rest of the app. */
export interface SweepPorts {
  /** Why the app does not sweep by a policy; empty when it does. */
  troubleWith(policy: Policy): string[];
  create(policy: Policy, policyHash: string): Promise<SweepView>;
  sweep(sweepId: string): Promise<SweepView | undefined>;
  sweeps(): Promise<SweepView[]>;
  /** Names of the stages that somebody must approve. */
  gatedStages(sweepId: string): Promise<string[]>;
  change(sweepId: string, change: (control: SweepControl) => SweepControl): Promise<void>;
}
