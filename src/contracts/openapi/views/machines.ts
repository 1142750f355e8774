import { z } from "zod";
import type { ImageVerdictView, ImageVersionView, ImageView, ImageVmView, MissingPatchList, VmView } from "../../api";
import type { PeriodicAssessmentChange, PeriodicAssessmentView } from "../../periodic-assessment";
import { armId, at, counts, text, texts, viewOf } from "./view";

const missing = viewOf<MissingPatchList>({
  seenAt: text,
  complete: z.boolean(),
  patches: z.array(
    z.object({
      name: z.string(),
      kbId: text,
      version: text,
      classifications: texts,
      rebootBehavior: text,
      publishedAt: text,
    }),
  ),
});

export const vm = viewOf<VmView>({
  vmId: armId,
  imageId: text,
  imageKind: z.string(),
  osType: text,
  supportState: text,
  evidence: z.literal("assessmentSucceeded").exactOptional().describe("Azure Arc: an assessment is the proof"),
  source: z.enum(["resourceGraph", "instanceView", "none"]),
  assessmentStatus: text,
  seenAt: text,
  ageSeconds: z.number().nullable(),
  pending: counts.nullable(),
  missing: missing.nullable(),
  resourceGraphTrouble: z.string().exactOptional(),
  connection: z.object({ status: text, agentVersion: text, since: text }).exactOptional(),
  ready: z.boolean().describe("whether an operation could start now"),
  notReady: z.string().exactOptional().describe("code that a run would end with"),
  warnings: texts,
});

const verdict = viewOf<ImageVerdictView>({
  imageId: armId,
  supportState: z.string(),
  runId: z.string(),
  vmId: armId,
  seenAt: at,
  lastOutcome: z.string(),
});

export const imageList = z.object({ images: z.array(verdict) });

const version = viewOf<ImageVersionView>({
  imageId: armId,
  verdict: verdict.nullable(),
  states: counts,
  disagree: z.boolean(),
  vms: z.array(viewOf<ImageVmView>({ vmId: armId, supportState: text, assessmentStatus: text, seenAt: text })),
  resourceGraphTrouble: z.string().exactOptional(),
});

export const image = viewOf<ImageView>({ imageId: armId, complete: z.boolean(), versions: z.array(version) });

export const periodicAssessment = z.object({
  vms: z.array(viewOf<PeriodicAssessmentView>({ vmId: armId, on: z.boolean(), assessmentMode: text })),
});

export const periodicAssessmentChanges = z.object({
  vms: z.array(
    viewOf<PeriodicAssessmentChange>({
      vmId: armId,
      result: z.enum(["changed", "alreadySo", "refused", "notFound", "unavailable"]),
      message: z.string().exactOptional(),
    }),
  ),
});
