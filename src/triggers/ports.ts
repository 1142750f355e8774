import type { ImageLook, ImageVerdictView } from "../contracts/api/images";
import type { PolicyDocument, PolicyView } from "../contracts/api/policies";
import type { DryRunPlan, RunView } from "../contracts/api/runs";
import type { SweepPlan, SweepView } from "../contracts/api/sweeps";
import type { VmLook } from "../contracts/api/vms";
import type { PeriodicAssessmentChange, PeriodicAssessmentLook } from "../contracts/api/periodic-assessment";
import type { RunMode, RunRequest } from "../contracts/run";
import type {
  AssignBody,
  AssignmentView,
  CreateScheduleBody,
  ScheduleAnswer,
  ScheduleSummary,
  ScheduleView,
  UnassignBody,
  UnassignmentView,
} from "../contracts/api/schedules";
import type { AnnouncedMaintenance } from "../contracts/maintenance-event";
import type { ScheduleId } from "../domain/maintenance/schedule-id";
import type { InstallOptions } from "../domain/install/options";
import type { ScopeEntry } from "../domain/machine/scope";
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
  /** Raises an event without content. */
  raise(instanceId: string, event: string): Promise<void>;
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
  /** Up to `limit` runs after this id, by id; `next` is the last one's when others follow. */
  runsPage(
    after: string,
    limit: number,
    isWanted: (run: RunView) => boolean,
  ): Promise<{ readonly runs: readonly RunView[]; readonly next?: string }>;
  images(): Promise<ImageVerdictView[]>;
  cancel(runId: string): Promise<void>;
  setStopped(on: boolean): Promise<void>;
  /**
   * Whether setStopped turned the switch on. GOLDPATCH_PAUSED does not count: who reads that it is on turns it off by
   * DELETE /api/stop, which lifts no setting.
   */
  isStopped(): Promise<boolean>;
  /** Reads the VM and what Azure has on record about it. */
  look(vmId: VmId): Promise<VmLook>;
  /** Reads what Azure has on record about the image's VMs. @param imageId in lower case */
  lookAtImage(imageId: string): Promise<ImageLook>;
  plan(vmId: VmId, mode: RunMode, install: InstallOptions): Promise<DryRunPlan>;
}

/** What routes and events of schedules need of the rest of the app. */
export interface SchedulePorts {
  isInScope(id: ScheduleId): boolean;
  create(id: ScheduleId, body: CreateScheduleBody): Promise<ScheduleAnswer<ScheduleView>>;
  list(): Promise<ScheduleAnswer<ScheduleSummary[]>>;
  show(id: ScheduleId): Promise<ScheduleAnswer<ScheduleView>>;
  remove(id: ScheduleId): Promise<ScheduleAnswer<undefined>>;
  assign(id: ScheduleId, body: AssignBody): Promise<ScheduleAnswer<AssignmentView>>;
  unassign(id: ScheduleId, body: UnassignBody): Promise<ScheduleAnswer<UnassignmentView>>;
  onMaintenance(event: AnnouncedMaintenance): Promise<void>;
}

/** What a client that may ask twice sends: the same key stands for the same sweep. */
export interface SweepOrder {
  readonly key: string;
  /** What was asked for, in full. */
  readonly body: string;
}

export type CreatedSweep =
  | { readonly kind: "sweep"; readonly sweep: SweepView }
  /** The order's key stands for a sweep that was asked for with another body. */
  | { readonly kind: "otherBody"; readonly sweepId: string };

export type PlannedDryRun =
  | { readonly kind: "plan"; readonly plan: SweepPlan }
  | { readonly kind: "tooMany"; readonly message: string }
  /** Azure does not answer, or lets us not ask (`final`). */
  | { readonly kind: "trouble"; readonly message: string; readonly retryAfterMs?: number; readonly final: boolean };

/** What the routes of policy sweeps need of the rest of the app. */
export interface SweepPorts {
  /** A stored policy. */
  stored(name: string): Promise<{ readonly policy: Policy; readonly hash: string } | undefined>;
  /** Why the app does not sweep by a policy; empty when it does. */
  troubleWith(policy: Policy): string[];
  /** @param order an order that was given before answers the sweep that it led to */
  create(policy: Policy, policyHash: string, order?: SweepOrder): Promise<CreatedSweep>;
  /** What a sweep would do; nothing changes. */
  plan(policy: Policy, policyHash: string): Promise<PlannedDryRun>;
  sweep(sweepId: string): Promise<SweepView | undefined>;
  sweeps(): Promise<SweepView[]>;
  /** Names of the stages that somebody must approve. */
  gatedStages(sweepId: string): Promise<string[]>;
  change(sweepId: string, change: (control: SweepControl) => SweepControl): Promise<void>;
}

/** What the routes of periodic assessment need of the rest of the app. */
export interface PeriodicAssessmentPorts {
  lookAtOne(vmId: VmId): Promise<PeriodicAssessmentLook>;
  /** VMs outside GOLDPATCH_SCOPE are left out. */
  lookAtScope(scope: ScopeEntry): Promise<PeriodicAssessmentLook>;
  /** Whether nothing may be changed now: GOLDPATCH_PAUSED, or the stop switch. */
  isHeld(): Promise<boolean>;
  change(vmIds: readonly VmId[], on: boolean): Promise<PeriodicAssessmentChange[]>;
}

/** What must be stored before a change: a policy with this hash, `absent` for none at all, null for whatever there is. */
export type PolicyCondition = string | null;

export type PolicyPut =
  | { readonly kind: "created" | "changed" | "unchanged"; readonly policy: PolicyDocument }
  | { readonly kind: "changedMeanwhile" }
  | { readonly kind: "tooMany"; readonly most: number };

/** What the routes of stored policies need of the rest of the app. */
export interface PolicyPorts {
  list(): Promise<PolicyView[]>;
  policy(name: string): Promise<PolicyDocument | undefined>;
  put(
    sent: { readonly policy: Policy; readonly hash: string; readonly text: string },
    condition: PolicyCondition,
  ): Promise<PolicyPut>;
  remove(name: string, condition: PolicyCondition): Promise<"removed" | "unknown" | "changedMeanwhile">;
}
