import type { z } from "zod";
import { approveBody, createRunsBody, createSweepBody, policyBody } from "../api";
import { periodicAssessmentBody } from "../periodic-assessment";
import { policySchema } from "../policy/schema";
import { assignBody, createScheduleBody, unassignBody } from "../schedules";
import { health, openApi, problem, stopSwitch } from "./views/app";
import { image, imageList, periodicAssessment, periodicAssessmentChanges, vm } from "./views/machines";
import { dryRun, run, runList, startedRuns } from "./views/runs";
import { assignment, deletedSchedule, schedule, scheduleList, unassignment } from "./views/schedules";
import { deletedPolicy, policy, policyList, sweep, sweepList, sweepPlan } from "./views/sweeps";

/** What comes in and goes out, by the names that the document gives it. */
export const apiSchemas = {
  CreateRuns: createRunsBody,
  CreateSweep: createSweepBody,
  ApproveStage: approveBody,
  PolicyText: policyBody,
  PolicyFile: policySchema,
  SetPeriodicAssessment: periodicAssessmentBody,
  CreateSchedule: createScheduleBody,
  AssignToSchedule: assignBody,
  UnassignFromSchedule: unassignBody,

  Run: run,
  RunList: runList,
  StartedRuns: startedRuns,
  DryRun: dryRun,
  Sweep: sweep,
  SweepPlan: sweepPlan,
  SweepList: sweepList,
  Policy: policy,
  PolicyList: policyList,
  DeletedPolicy: deletedPolicy,
  Vm: vm,
  Image: image,
  ImageList: imageList,
  PeriodicAssessment: periodicAssessment,
  PeriodicAssessmentChanges: periodicAssessmentChanges,
  Schedule: schedule,
  ScheduleList: scheduleList,
  DeletedSchedule: deletedSchedule,
  Assignment: assignment,
  Unassignment: unassignment,
  StopSwitch: stopSwitch,
  Health: health,
  OpenApi: openApi,
  Problem: problem,
} as const satisfies Readonly<Record<string, z.ZodType>>;

export type SchemaName = keyof typeof apiSchemas;
