import { z } from "zod";
import { outcomeNames } from "../../../domain/outcome/table";
import type { DryRunPlan, RunView } from "../../api";
import { installOptions, outcomeCode, runMode, runRequest } from "../../run";
import { armId, at, count, text, texts, viewOf } from "./view";

/** What a kept run tells besides. */
interface KeptRun extends RunView {
  readonly requestedAt: string;
  readonly createdAt?: string;
  readonly install?: object;
}

export const run = viewOf<KeptRun>({
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
  policy: z.object({ name: z.string(), policyHash: z.string() }).exactOptional(),
  steps: z.array(
    z.object({
      name: z.string(),
      attempt: z.int(),
      startedAt: at,
      endedAt: at.nullable(),
      evidence: z.record(z.string(), z.unknown()),
    }),
  ),
});

export const runList = viewOf<{ runs: readonly RunView[]; nextLink?: string }>({
  runs: z.array(run),
  nextLink: z.string().exactOptional().describe("address of the next page, without the key"),
});

export const startedRuns = z.object({
  runs: z.array(z.object({ runId: z.string(), vmId: armId, statusUrl: z.string() })),
  notStarted: z.array(armId).exactOptional().describe("VMs whose run the durable engine refused to start"),
});

export const dryRun = z.object({
  plans: z.array(
    viewOf<DryRunPlan>({
      vmId: armId,
      calls: z.array(z.object({ method: z.string(), url: z.string(), body: z.unknown() })),
      endsWith: z.string().exactOptional().describe("code with which the run would end before its next call"),
    }),
  ),
});
