import { z } from "zod";
import { listRunsQuery } from "../api/runs";
import type { RouteName } from "../names";
import type { SchemaName } from "./schemas";

export type ProblemStatus = 400 | 404 | 409 | 412 | 413 | 503;

interface Success {
  readonly status: 200 | 201 | 202;
  readonly schema: SchemaName;
  /** In lower case. */
  readonly headers?: readonly ("etag" | "location" | "retry-after")[];
}

/** What a route takes and answers. Its method and path are told where it is registered (functions/routes.ts). */
export interface Operation {
  readonly tag: string;
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: {
    readonly required: boolean;
    readonly content: Readonly<Record<string, SchemaName>>;
  };
  readonly answers: readonly Success[];
  /** Besides those that every route has. */
  readonly problems: readonly ProblemStatus[];
}

const json = (schema: SchemaName, required = true) => ({ required, content: { "application/json": schema } });
const ok = (schema: SchemaName, ...headers: NonNullable<Success["headers"]>): Success => ({
  status: 200,
  schema,
  ...(headers.length > 0 && { headers }),
});
const accepted = (schema: SchemaName, ...headers: NonNullable<Success["headers"]>): Success => ({
  ...ok(schema, ...headers),
  status: 202,
});

const IF_MATCH = {
  "if-match": "the ETag of what is stored: changed only if it still is",
  "if-none-match": "`*`: only if nothing is stored",
};

const control = (summary: string): Operation => ({
  ...{ tag: "sweeps", summary },
  answers: [accepted("Sweep")],
  problems: [404, 409],
});

export const operations: Readonly<Record<RouteName, Operation>> = {
  createRuns: {
    ...{ tag: "runs", summary: "Starts a run for each VM, or says what each would do (dryRun)" },
    body: json("CreateRuns"),
    answers: [ok("DryRun"), accepted("StartedRuns", "location", "retry-after")],
    problems: [400, 413, 503],
  },
  listRuns: {
    ...{ tag: "runs", summary: "Every run, the newest first; with limit or after a page, by run id" },
    query: listRunsQuery,
    answers: [ok("RunList")],
    problems: [400],
  },
  getRun: {
    ...{ tag: "runs", summary: "One run with its steps and their evidence" },
    answers: [ok("Run")],
    problems: [404],
  },
  cancelRun: {
    ...{ tag: "runs", summary: "Ends the run before its install; after that it follows to the true outcome" },
    answers: [accepted("Run")],
    problems: [404, 409],
  },

  createSweep: {
    ...{ tag: "sweeps", summary: "Starts a sweep by a policy, or says what it would do (dryRun)" },
    headers: { "idempotency-key": "the same key and body again answer the same sweep; 1 to 200 printable characters" },
    body: json("CreateSweep"),
    answers: [ok("SweepPlan"), accepted("Sweep", "location", "retry-after")],
    problems: [400, 409, 413, 503],
  },
  listSweeps: {
    ...{ tag: "sweeps", summary: "Sweeps by a policy, the newest first" },
    answers: [ok("SweepList")],
    problems: [],
  },
  getSweep: {
    ...{ tag: "sweeps", summary: "One sweep: stage, counts, what it waits for, why it stopped" },
    answers: [ok("Sweep")],
    problems: [404],
  },
  pauseSweep: control("Starts nothing more until resume"),
  resumeSweep: control("Goes on; also starts the control loop of a sweep that lost it"),
  cancelSweep: control("Starts nothing more, for good"),
  approveSweep: {
    ...control("Lets the stage that waits begin, or another with a gate ahead of its time"),
    body: json("ApproveStage", false),
    problems: [400, 404, 409, 413],
  },

  listPolicies: {
    ...{ tag: "policies", summary: "Stored policies, with what their schedules do next and did last" },
    answers: [ok("PolicyList")],
    problems: [],
  },
  putPolicy: {
    ...{ tag: "policies", summary: "Stores a policy, which then acts by itself" },
    headers: IF_MATCH,
    body: { required: true, content: { "application/json": "PolicyFile", "application/yaml": "PolicyText" } },
    answers: [ok("Policy", "etag", "location"), { status: 201, schema: "Policy", headers: ["etag", "location"] }],
    problems: [400, 409, 412, 413, 503],
  },
  getPolicy: {
    ...{ tag: "policies", summary: "A policy's text as it was sent, and what it says with all defaults" },
    answers: [ok("Policy", "etag")],
    problems: [404],
  },
  deletePolicy: {
    ...{ tag: "policies", summary: "Forgets a policy; sweeps that were started by it go on" },
    headers: IF_MATCH,
    answers: [ok("DeletedPolicy")],
    problems: [400, 404, 412, 503],
  },

  listImages: {
    ...{ tag: "machines", summary: "What runs found about each image version" },
    answers: [ok("ImageList")],
    problems: [],
  },
  getImage: {
    ...{ tag: "machines", summary: "The support state of each VM of an image, as Azure has it on record" },
    answers: [ok("Image")],
    problems: [400, 503],
  },
  getVm: {
    ...{ tag: "machines", summary: "What Azure has on record about a VM, its support state above all" },
    answers: [ok("Vm")],
    problems: [400, 404, 503],
  },
  getPeriodicAssessment: {
    ...{ tag: "machines", summary: "Whether the platform assesses the VMs of a scope by itself" },
    query: z.object({ scope: z.string().describe("ARM id of a VM, a resource group or a subscription") }),
    answers: [ok("PeriodicAssessment")],
    problems: [400, 404, 503],
  },
  setPeriodicAssessment: {
    ...{ tag: "machines", summary: "Turns that on or off; a VM for which Azure refuses it stops none of the others" },
    body: json("SetPeriodicAssessment"),
    answers: [ok("PeriodicAssessmentChanges")],
    problems: [400, 409, 413, 503],
  },

  createSchedule: {
    ...{ tag: "schedules", summary: "Creates a maintenance configuration, or changes the one that is there" },
    body: json("CreateSchedule"),
    answers: [{ status: 201, schema: "Schedule" }],
    problems: [400, 404, 409, 413, 503],
  },
  listSchedules: {
    ...{ tag: "schedules", summary: "The maintenance configurations in scope" },
    answers: [ok("ScheduleList")],
    problems: [400, 404, 409, 503],
  },
  assignSchedule: {
    ...{ tag: "schedules", summary: "Adds VMs or a dynamic scope, or says what that would change (dryRun)" },
    body: json("AssignToSchedule"),
    answers: [ok("Assignment")],
    problems: [400, 404, 409, 413, 503],
  },
  unassignSchedule: {
    ...{ tag: "schedules", summary: "Takes VMs or a dynamic scope out" },
    body: json("UnassignFromSchedule"),
    answers: [ok("Unassignment")],
    problems: [400, 404, 409, 413, 503],
  },
  getSchedule: {
    ...{ tag: "schedules", summary: "One schedule: window, next starts, machines, runs and their results" },
    answers: [ok("Schedule")],
    problems: [400, 404, 409, 503],
  },
  deleteSchedule: {
    ...{ tag: "schedules", summary: "Deletes a maintenance configuration" },
    answers: [ok("DeletedSchedule")],
    problems: [400, 404, 409, 503],
  },

  stop: {
    ...{ tag: "app", summary: "Nothing more is started" },
    answers: [ok("StopSwitch")],
    problems: [503],
  },
  unstop: {
    ...{ tag: "app", summary: "Lifts that" },
    answers: [ok("StopSwitch")],
    problems: [503],
  },
  health: {
    ...{ tag: "app", summary: "Whether it may work, and on what" },
    answers: [ok("Health")],
    problems: [],
  },
  openApi: {
    ...{ tag: "app", summary: "This document" },
    answers: [ok("OpenApi")],
    problems: [],
  },
};
