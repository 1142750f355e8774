import { z } from "zod";
import { eventSchema } from "./event-schema";
import { readinessSchema } from "./image-schema";
import { assessSchema, installSchema, instant, seconds } from "./operation-schema";
import { pendingSchema } from "./patch-schema";

export const powerStates = [
  "running",
  "starting",
  "stopping",
  "stopped",
  "deallocating",
  "deallocated",
  "unknown",
  "missing",
] as const;

const provisioningSchema = z.strictObject({
  state: z.enum(["Creating", "Updating", "Succeeded", "Failed", "Deleting", "Migrating"]).optional(),
  succeedsAfterSeconds: seconds.optional().describe("After the VM appears; never when absent and the state is given"),
});

const powerSchema = z.strictObject({
  state: z.enum(powerStates).optional(),
  runningAfterSeconds: seconds.optional().describe("After the VM appears"),
  changes: z
    .array(z.strictObject({ afterSeconds: seconds, state: z.enum(powerStates) }))
    .default([])
    .describe("Later changes, in order of time"),
});

const agentSchema = z.strictObject({
  state: z.enum(["ready", "absent", "silent", "stale"]).default("ready"),
  readyAfterSeconds: seconds.optional().describe("After the VM runs"),
  version: z.string().optional().describe("As the agent reports it"),
});

export const graphSchema = z.strictObject({
  lagSeconds: seconds.optional().describe("From a change to its row; 20 to 90 by seed"),
  row: z
    .enum(["written", "missing", "duplicated", "besideOlder"])
    .default("written")
    .describe("besideOlder: the row that it replaced is still shown too"),
  rowName: z.enum(["guid", "latest"]).default("guid"),
  activityId: z.boolean().default(true).describe("Whether rows carry assessmentActivityId"),
  showsInProgress: z.boolean().default(true).describe("Whether a row shows an assessment that still runs"),
  inProgressSeconds: seconds.default(0).describe("The row goes on showing InProgress so long after the lag"),
  readiness: readinessSchema.optional(),
  status: z.string().optional().describe("Status in the row; that of the assessment when absent"),
  errorDetails: z.strictObject({ code: z.string(), message: z.string() }).optional(),
  stalePrevious: z
    .strictObject({ ageHours: z.number().positive(), readiness: z.string().nullable().default(null) })
    .optional()
    .describe("An assessment that ended long before the fleet's start"),
});

export const otherOperationSchema = z
  .strictObject({
    kind: z.enum(["install", "assess"]),
    startsAfterSeconds: seconds.optional().describe("After the VM appears"),
    alreadyRunningForSeconds: seconds.optional().describe("At the fleet's start"),
    startsAfterAssessmentSeconds: seconds.optional().describe("After the first assessment ended"),
    lastsSeconds: seconds,
    startedBy: z.enum(["User", "Platform"]).default("User"),
  })
  .refine(
    (other) =>
      [other.startsAfterSeconds, other.alreadyRunningForSeconds, other.startsAfterAssessmentSeconds].filter(
        (start) => start !== undefined,
      ).length === 1,
    "name exactly one of startsAfterSeconds, alreadyRunningForSeconds, startsAfterAssessmentSeconds",
  );

export const vmSchema = z
  .strictObject({
    name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, "1 to 64 letters, digits, dots, dashes, underscores"),
    image: z.string().describe("Name of one of the images"),
    subscriptionId: z.guid().optional(),
    resourceGroup: z.string().optional(),
    location: z.string().optional(),
    tags: z.record(z.string(), z.string()).default({}),
    createdAt: instant.optional().describe("Before the fleet's start; 30 days before when absent"),
    createAfterSeconds: seconds.optional().describe("Created during the simulation, after the fleet's start"),
    provisioning: provisioningSchema.prefault({}),
    power: powerSchema.prefault({}),
    agent: agentSchema.prefault({}),
    allowExtensionOperations: z.boolean().default(true),
    specialized: z.boolean().default(false).describe("No osProfile in the model"),
    patchMode: z.enum(["Manual", "AutomaticByOS", "AutomaticByPlatform", "ImageDefault"]).optional(),
    bypassPlatformSafetyChecksOnUserSchedule: z.boolean().optional().describe("With patchMode AutomaticByPlatform"),
    licenseType: z.string().optional().describe("Such as Windows_Client"),
    scaleSet: z.string().optional().describe("Name of the scale set the VM is a member of"),
    managedBy: z.string().optional(),
    failedExtension: z.string().optional().describe("An extension in failed state that blocks patch operations"),
    deletedAfterSeconds: seconds.optional().describe("After the VM appears; being deleted for the last minute"),
    recreatedAfterSeconds: seconds
      .min(60)
      .optional()
      .describe("After the VM appears: created anew under the same name, deleted a minute before"),
    rebootPending: z.boolean().default(false),
    pending: pendingSchema.optional(),
    assess: assessSchema.prefault({}),
    install: installSchema.prefault({}),
    graph: graphSchema.prefault({}),
    instanceViewStuckInProgress: z
      .enum(["assess", "install"])
      .optional()
      .describe("Instance view goes on saying InProgress for the last operation of this kind"),
    busyCode: z.enum(["OperationNotAllowed", "Conflict"]).default("OperationNotAllowed"),
    otherOperations: z.array(otherOperationSchema).default([]).describe("Started by somebody else"),
    denied: z.array(z.string()).default([]).describe("Actions the caller lacks on this VM"),
    events: z.array(eventSchema).optional().describe("One create event at the end of a creation when absent"),
  })
  .refine(
    (vm) => vm.createdAt === undefined || vm.createAfterSeconds === undefined,
    "give createdAt or createAfterSeconds, not both",
  )
  .refine(
    (vm) => vm.recreatedAfterSeconds === undefined || vm.deletedAfterSeconds === undefined,
    "give deletedAfterSeconds or recreatedAfterSeconds, not both",
  );

export type Vm = z.output<typeof vmSchema>;
export type PowerState = (typeof powerStates)[number];
export type OtherOperation = z.output<typeof otherOperationSchema>;
