import { z } from "zod";
import {
  situationTexts,
  type PrerequisiteChange,
  type PrerequisiteSituation,
} from "../../../domain/maintenance/prerequisite";
import type { StartView } from "../../../domain/maintenance/window";
import type {
  AssignedVm,
  AssignmentView,
  ScheduleResultView,
  ScheduleRunView,
  ScheduleSummary,
  ScheduleView,
  UnassignmentView,
} from "../../schedules";
import { armId, at, count, text, texts, viewOf } from "./view";

const start = viewOf<StartView>({ local: at.describe("with the zone's offset"), utc: at });

export const scheduleList = z.object({
  schedules: z.array(
    viewOf<ScheduleSummary>({
      scheduleId: armId,
      location: z.string(),
      recurEvery: text,
      timeZone: text,
      nextStart: start.nullable(),
    }),
  ),
});

const result = viewOf<ScheduleResultView>({
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

const scheduleRun = viewOf<ScheduleRunView>({
  runId: z.string(),
  startsAt: at,
  endsAt: at,
  decision: z.object({ kind: z.string(), reason: z.string() }).nullable(),
  results: z.array(result),
});

export const schedule = viewOf<ScheduleView>({
  scheduleId: armId,
  location: z.string(),
  window: z
    .object({
      recurEvery: z.string(),
      startDateTime: z.string(),
      timeZone: z.string(),
      duration: z.string(),
      expirationDateTime: z.string().exactOptional(),
    })
    .nullable(),
  nextStarts: z.array(start),
  windowTrouble: z.string().exactOptional(),
  installPatches: z.record(z.string(), z.unknown()).nullable(),
  machines: z.array(armId),
  scopes: z.array(
    z.object({ subscriptionId: z.string(), name: z.string(), filter: z.record(z.string(), z.unknown()) }),
  ),
  associationsTrouble: z.string().exactOptional(),
  runs: z.array(scheduleRun).describe("runs that this app saw, the newest first"),
  warnings: texts,
});

export const deletedSchedule = z.object({ deleted: z.literal(true) });

const situations = Object.keys(situationTexts) as [PrerequisiteSituation, ...PrerequisiteSituation[]];

const assignedVm = viewOf<AssignedVm>({
  vmId: armId,
  situation: z.enum(situations),
  meaning: z.string(),
  changes: z.array(
    viewOf<PrerequisiteChange>({
      path: z.string(),
      from: z.union([z.string(), z.boolean()]).nullable(),
      to: z.union([z.string(), z.boolean()]),
    }),
  ),
  applied: z.boolean(),
  assigned: z.boolean(),
  trouble: z.string().exactOptional(),
});

export const assignment = viewOf<AssignmentView>({
  scheduleId: armId,
  dryRun: z.boolean(),
  vms: z.array(assignedVm),
  scope: z.object({ name: z.string(), assigned: z.boolean(), trouble: z.string().exactOptional() }).nullable(),
});

export const unassignment = viewOf<UnassignmentView>({
  scheduleId: armId,
  removed: texts,
  notAssigned: texts,
  trouble: texts,
});
