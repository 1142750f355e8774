import { z } from "zod";
import { situationTexts, type PrerequisiteSituation } from "../../domain/maintenance/prerequisite";
import type { NoAnswer } from "../no-answer";
import { installOptions } from "../run";
import { anyFields, armId, at, count, text, texts, vmIds } from "./fields";
import type { ViewOf } from "./view";

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

const start = z.object({ local: at.describe("with the zone's offset"), utc: at });

/** A schedule in a list. Null: Azure does not say. */
const scheduleSummary = z.object({
  scheduleId: armId,
  location: z.string(),
  recurEvery: text,
  timeZone: text,
  nextStart: start.nullable(),
});
export type ScheduleSummary = ViewOf<typeof scheduleSummary>;

/** What GET /api/schedules answers. */
export const scheduleList = z.object({ schedules: z.array(scheduleSummary) });

/** How a schedule's run went on one VM, as Resource Graph tells it. */
const scheduleResultView = z.object({
  vmId: armId,
  status: z.string().describe("Azure's own word"),
  outcome: text,
  code: text,
  installedPatchCount: count,
  failedPatchCount: count,
  pendingPatchCount: count,
  imageId: text,
  supportState: text,
});
export type ScheduleResultView = ViewOf<typeof scheduleResultView>;

const scheduleRunView = z.object({
  runId: z.string(),
  startsAt: at,
  endsAt: at,
  /** What was decided when Azure announced it; null where it was not announced, or no gate was closed. */
  decision: z.object({ kind: z.string(), reason: z.string() }).nullable(),
  results: z.array(scheduleResultView),
});
export type ScheduleRunView = ViewOf<typeof scheduleRunView>;

/** What GET /api/schedules/{id} tells. */
export const scheduleView = z.object({
  scheduleId: armId,
  location: z.string(),
  window: z.object({ ...window.shape, expirationDateTime: z.string().exactOptional() }).nullable(),
  nextStarts: z.array(start),
  /** Why the next starts cannot be told. */
  windowTrouble: z.string().exactOptional(),
  installPatches: anyFields.nullable(),
  /** As Resource Graph shows them, about a minute late. */
  machines: z.array(armId),
  scopes: z.array(z.object({ subscriptionId: z.string(), name: z.string(), filter: anyFields })),
  associationsTrouble: z.string().exactOptional(),
  runs: z.array(scheduleRunView).describe("runs that this app saw, the newest first"),
  warnings: texts,
});
export type ScheduleView = ViewOf<typeof scheduleView>;

export const deletedSchedule = z.object({ deleted: z.literal(true) });

const situations = Object.keys(situationTexts) as [PrerequisiteSituation, ...PrerequisiteSituation[]];
const setting = z.union([z.string(), z.boolean()]);

/** A VM that is, or would be, assigned to a schedule. */
const assignedVm = z.object({
  vmId: armId,
  situation: z.enum(situations),
  /** The situation in words. */
  meaning: z.string(),
  /** What its model lacks. */
  changes: z.array(z.object({ path: z.string(), from: setting.nullable(), to: setting })),
  applied: z.boolean(),
  assigned: z.boolean(),
  /** What Azure refused, or could not be asked. */
  trouble: z.string().exactOptional(),
});
export type AssignedVm = ViewOf<typeof assignedVm>;

/** What POST /api/schedules/assign answers. */
export const assignmentView = z.object({
  scheduleId: armId,
  dryRun: z.boolean(),
  /** The machines; of a dynamic scope those that it takes in now. */
  vms: z.array(assignedVm),
  scope: z.object({ name: z.string(), assigned: z.boolean(), trouble: z.string().exactOptional() }).nullable(),
});
export type AssignmentView = ViewOf<typeof assignmentView>;

/** What POST /api/schedules/unassign answers. */
export const unassignmentView = z.object({
  scheduleId: armId,
  removed: texts,
  notAssigned: texts,
  trouble: texts,
});
export type UnassignmentView = ViewOf<typeof unassignmentView>;

/** An answer of the app about a schedule, or why there is none. */
export type ScheduleAnswer<T> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "notFound" }
  /** The request breaks a rule of Azure's or ours: `field: value: rule`. */
  | { readonly kind: "invalid"; readonly detail: string }
  /** Azure, or a gate of ours, is against it now. */
  | { readonly kind: "refused"; readonly message: string }
  | NoAnswer;
