import type { z } from "zod";
import { healthView, openApi, problem, stopSwitch } from "../api/app";
import { imageList, imageView } from "../api/images";
import { periodicAssessmentBody, periodicAssessmentChanges, periodicAssessmentList } from "../api/periodic-assessment";
import { deletedPolicy, policyBody, policyDocument, policyList } from "../api/policies";
import { createRunsBody, dryRun, runList, runView, startedRuns } from "../api/runs";
import {
  assignBody,
  assignmentView,
  createScheduleBody,
  deletedSchedule,
  scheduleList,
  scheduleView,
  unassignBody,
  unassignmentView,
} from "../api/schedules";
import { approveBody, createSweepBody, sweepList, sweepPlan, sweepView } from "../api/sweeps";
import { vmView } from "../api/vms";
import { policySchema } from "../policy/schema";

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

  Run: runView,
  RunList: runList,
  StartedRuns: startedRuns,
  DryRun: dryRun,
  Sweep: sweepView,
  SweepPlan: sweepPlan,
  SweepList: sweepList,
  Policy: policyDocument,
  PolicyList: policyList,
  DeletedPolicy: deletedPolicy,
  Vm: vmView,
  Image: imageView,
  ImageList: imageList,
  PeriodicAssessment: periodicAssessmentList,
  PeriodicAssessmentChanges: periodicAssessmentChanges,
  Schedule: scheduleView,
  ScheduleList: scheduleList,
  DeletedSchedule: deletedSchedule,
  Assignment: assignmentView,
  Unassignment: unassignmentView,
  StopSwitch: stopSwitch,
  Health: healthView,
  OpenApi: openApi,
  Problem: problem,
} as const satisfies Readonly<Record<string, z.ZodType>>;

export type SchemaName = keyof typeof apiSchemas;
