import { z } from "zod";
import { outcomeNames } from "../../domain/outcome/table";
import { installOptions, outcomeCode, runMode, runRequest } from "../run";
import { anyFields, armId, at, count, text, texts, vmIds } from "./fields";
import type { ViewOf } from "./view";

/** Body of POST /api/runs. */
export const createRunsBody = z.strictObject({
  vmIds,
  mode: runMode,
  install: installOptions.exactOptional(),
  dryRun: z.boolean().exactOptional(),
});

/** Runs of a page. */
export const MOST_RUNS = 1000;
const wholeNumber = z
  .string()
  .regex(/^\d{1,9}$/, "write a whole number")
  .transform(Number);

/**
 * Query of GET /api/runs; ids in any case. With `limit` or `after` a page by run id, else every run, the newest first.
 */
export const listRunsQuery = z.strictObject({
  limit: wholeNumber.pipe(z.number().min(1, "at least 1").max(MOST_RUNS, `at most ${MOST_RUNS}`)).exactOptional(),
  /** The run id that the last page ended with. */
  after: z.string().exactOptional(),
  vmId: z.string().exactOptional(),
  imageId: z.string().exactOptional(),
  outcome: z.enum(outcomeNames).exactOptional(),
});
export type ListRunsQuery = z.infer<typeof listRunsQuery>;

/** One run as the API answers it. Null means not yet, or that Azure did not say. */
export const runView = z.object({
  runId: z.string(),
  trigger: z.enum(["event", "sweep", "http"]),
  mode: runMode,
  vmId: armId,
  imageId: text.describe("ARM id of the image version, in lower case"),
  imageKind: z.string().exactOptional(),
  osType: text,
  supportState: text.describe("Supported, Unsupported, UnableToDetermine or Unknown, as Azure says it"),
  outcome: z.enum(outcomeNames).nullable().describe("null while the run goes on"),
  code: outcomeCode.nullable().describe("why it ended so: docs/outcomes.md"),
  detail: z.string().exactOptional(),
  nextStep: text.describe("what the operator does next"),
  installedPatchCount: count,
  failedPatchCount: count,
  installPosts: count.describe("install requests that Azure accepted or may have accepted"),
  requestedAt: at,
  startedAt: at,
  endedAt: at.nullable(),
  createdAt: at.exactOptional().describe("when Azure created the VM"),
  install: installOptions.exactOptional(),
  warnings: texts,
  cancelRequested: z.boolean().exactOptional(),
  sweep: runRequest.shape.sweep.describe("the policy sweep that released it"),
  /** The stored policy whose onProvision holds for the new VM. */
  policy: z.object({ name: z.string(), policyHash: z.string() }).exactOptional(),
  steps: z.array(
    z.object({
      name: z.string(),
      attempt: z.int(),
      startedAt: at,
      endedAt: at.nullable(),
      evidence: anyFields,
    }),
  ),
});
export type RunView = ViewOf<typeof runView>;

/** What GET /api/runs answers. */
export const runList = z.object({
  runs: z.array(runView),
  nextLink: z.string().exactOptional().describe("address of the next page, without the key"),
});

/** What POST /api/runs answers. */
export const startedRuns = z.object({
  runs: z.array(z.object({ runId: z.string(), vmId: armId, statusUrl: z.string() })),
  notStarted: z.array(armId).exactOptional().describe("VMs whose run the durable engine refused to start"),
});

/** What one VM's run would do, by what Azure says now. */
const dryRunPlan = z.object({
  vmId: armId,
  calls: z.array(z.object({ method: z.string(), url: z.string(), body: z.unknown() })),
  endsWith: z.string().exactOptional().describe("code with which the run would end before its next call"),
});
export type DryRunPlan = ViewOf<typeof dryRunPlan>;

/** What POST /api/runs answers to a dry run. */
export const dryRun = z.object({ plans: z.array(dryRunPlan) });
