import { z } from "zod";
import type { PrerequisiteChange, PrerequisiteSituation } from "../domain/maintenance/prerequisite";
import type { MaintenanceRunId } from "../domain/maintenance/schedule-id";
import type { StartView } from "../domain/maintenance/window";
import { installOptions } from "./run";

/** Of one request. */
const MOST_VMS = 1000;

const window = z.strictObject({
  recurEvery: z.string(),
  startDateTime: z.string(),
  timeZone: z.string(),
  duration: z.string(),
});

/** What a schedule installs: of a run's options without those that a maintenance configuration has no field for. */
const scheduleInstall = installOptions.superRefine(({ maximumDuration, windows }, context) => {
  const refuse = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
  if (maximumDuration !== undefined) refuse(["maximumDuration"], "a schedule's window says how long: leave it out");
  if (windows?.maxPatchPublishDate !== undefined) {
    refuse(["windows", "maxPatchPublishDate"], "schedules have no such field: leave it out");
  }
});

/** Body of POST /api/schedules. */
export const createScheduleBody = z.strictObject({
  scheduleId: z.string(),
  location: z.string().min(1, "name the region, such as westeurope"),
  window,
  expirationDateTime: z.string().exactOptional(),
  /** Maintenance events are, or will be, subscribed to: the first start needs more time. */
  maintenanceEvents: z.boolean().exactOptional(),
  install: scheduleInstall.exactOptional(),
});
export type CreateScheduleBody = z.infer<typeof createScheduleBody>;

const filter = z.strictObject({
  machines: z
    .array(z.enum(["azureVm", "arc"]))
    .min(1, "leave it out or name one")
    .exactOptional(),
  resourceGroups: z.array(z.string().min(1)).min(1, "leave it out or name one").exactOptional(),
  osTypes: z
    .array(z.enum(["Windows", "Linux"]))
    .min(1, "leave it out or name one")
    .exactOptional(),
  locations: z.array(z.string().min(1)).min(1, "leave it out or name one").exactOptional(),
  tags: z.record(z.string().min(1), z.array(z.string()).min(1, "name a value")).exactOptional(),
  tagOperator: z.enum(["Any", "All"]).exactOptional(),
});

export const scopeName = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,127}$/, "write 1 to 128 letters, digits, dots, dashes or underscores");

/** Of the two ways to belong to a schedule exactly one. */
const oneOfBoth = (body: { readonly vmIds?: unknown; readonly scope?: unknown }): boolean =>
  (body.vmIds === undefined) !== (body.scope === undefined);
const ONE_OF_BOTH = "give vmIds, or scope, and not both";
const vmIds = z.array(z.string()).min(1, "name at least one VM id").max(MOST_VMS, `name at most ${MOST_VMS} VM ids`);

/** Body of POST /api/schedules/assign. */
export const assignBody = z
  .strictObject({
    scheduleId: z.string(),
    vmIds: vmIds.exactOptional(),
    scope: z.strictObject({ subscriptionId: z.guid(), name: scopeName, filter }).exactOptional(),
    /** Changes the model of VMs that are not ready for schedules. */
    applyPrerequisites: z.boolean().exactOptional(),
    /** Reads, and changes nothing. */
    dryRun: z.boolean().exactOptional(),
  })
  .refine(oneOfBoth, ONE_OF_BOTH);
export type AssignBody = z.infer<typeof assignBody>;

/** Body of POST /api/schedules/unassign. */
export const unassignBody = z
  .strictObject({
    scheduleId: z.string(),
    vmIds: vmIds.exactOptional(),
    scope: z.strictObject({ subscriptionId: z.guid(), name: scopeName }).exactOptional(),
  })
  .refine(oneOfBoth, ONE_OF_BOTH);
export type UnassignBody = z.infer<typeof unassignBody>;

/** A schedule in a list. Null: Azure does not say. */
export interface ScheduleSummary {
  readonly scheduleId: string;
  readonly location: string;
  readonly recurEvery: string | null;
  readonly timeZone: string | null;
  readonly nextStart: StartView | null;
}

/** What GET /api/schedules/{id} tells. */
export interface ScheduleView {
  readonly scheduleId: string;
  readonly location: string;
  readonly window: {
    readonly recurEvery: string;
    readonly startDateTime: string;
    readonly timeZone: string;
    readonly duration: string;
    readonly expirationDateTime?: string;
  } | null;
  readonly nextStarts: readonly StartView[];
  /** Why the next starts cannot be told. */
  readonly windowTrouble?: string;
  readonly installPatches: object | null;
  /** As Resource Graph shows them, about a minute late. */
  readonly machines: readonly string[];
  readonly scopes: readonly { readonly subscriptionId: string; readonly name: string; readonly filter: object }[];
  readonly associationsTrouble?: string;
  /** Runs that this app saw, the newest first. */
  readonly runs: readonly ScheduleRunView[];
  readonly warnings: readonly string[];
}

export interface ScheduleRunView {
  readonly runId: string;
  /** ISO 8601. */
  readonly startsAt: string;
  readonly endsAt: string;
  /** What was decided when Azure announced it; null where it was not announced, or no gate was closed. */
  readonly decision: { readonly kind: string; readonly reason: string } | null;
  readonly results: readonly ScheduleResultView[];
}

/** How a schedule's run went on one VM, as Resource Graph tells it. */
export interface ScheduleResultView {
  readonly vmId: string;
  /** Azure's own word. */
  readonly status: string;
  readonly outcome: string | null;
  readonly code: string | null;
  readonly installedPatchCount: number;
  readonly failedPatchCount: number;
  readonly pendingPatchCount: number;
  readonly imageId: string | null;
  readonly supportState: string | null;
}

/** A VM that is, or would be, assigned to a schedule. */
export interface AssignedVm {
  readonly vmId: string;
  readonly situation: PrerequisiteSituation;
  /** The situation in words. */
  readonly meaning: string;
  /** What its model lacks. */
  readonly changes: readonly PrerequisiteChange[];
  readonly applied: boolean;
  readonly assigned: boolean;
  /** What Azure refused, or could not be asked. */
  readonly trouble?: string;
}

/** What POST /api/schedules/assign answers. */
export interface AssignmentView {
  readonly scheduleId: string;
  readonly dryRun: boolean;
  /** The machines; of a dynamic scope those that it takes in now. */
  readonly vms: readonly AssignedVm[];
  readonly scope: { readonly name: string; readonly assigned: boolean; readonly trouble?: string } | null;
}

/** What POST /api/schedules/unassign answers. */
export interface UnassignmentView {
  readonly scheduleId: string;
  readonly removed: readonly string[];
  readonly notAssigned: readonly string[];
  readonly trouble: readonly string[];
}

/** An answer of the app about a schedule, or why there is none. */
export type ScheduleAnswer<T> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "notFound" }
  /** The request breaks a rule of Azure's or ours: `field: value: rule`. */
  | { readonly kind: "invalid"; readonly detail: string }
  /** Azure, or a gate of ours, is against it now. */
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "forbidden"; readonly message: string }
  | { readonly kind: "unavailable"; readonly message: string; readonly retryAfterMs?: number };

/** What Event Grid tells of a schedule's run. Instants in milliseconds since the epoch. */
export interface AnnouncedMaintenance {
  readonly when: "before" | "after";
  readonly run: MaintenanceRunId;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly cancelUntil: number;
  readonly subscriptions: readonly string[];
}
