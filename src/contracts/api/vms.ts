import { z } from "zod";
import type { NoAnswer } from "../no-answer";
import { armId, counts, text, texts } from "./fields";
import type { ViewOf } from "./view";

/** The patches that a VM lacks, by name. */
const missingPatchList = z.object({
  /** When Azure last wrote it; null when it does not say. */
  seenAt: text,
  /** Whether these are all that Azure lists. */
  complete: z.boolean(),
  patches: z.array(
    z.object({
      name: z.string(),
      /** Windows, digits only. */
      kbId: text,
      /** Linux. */
      version: text,
      classifications: texts,
      /** NeverReboots, AlwaysRequiresReboot or CanRequestReboot. */
      rebootBehavior: text,
      publishedAt: text,
    }),
  ),
});
export type MissingPatchList = ViewOf<typeof missingPatchList>;

/** What GET /api/vms/{*vmId} tells. Null: Azure does not say. */
export const vmView = z.object({
  vmId: armId,
  imageId: text,
  imageKind: z.string(),
  osType: text,
  supportState: text,
  /** Azure tells no support state of an Arc-enabled server. */
  evidence: z.literal("assessmentSucceeded").exactOptional().describe("Azure Arc: an assessment is the proof"),
  /** Where support state, assessment and pending patches are from; the instance view never tells the support state. */
  source: z.enum(["resourceGraph", "instanceView", "none"]),
  assessmentStatus: text,
  /** When Azure last wrote it, and how long that is ago by Azure's clock. */
  seenAt: text,
  ageSeconds: z.number().nullable(),
  /** Missing patches, by classification or by the instance view's counts. */
  pending: counts.nullable(),
  /** Each missing patch, as Resource Graph lists them; null when it lists none, or could not be read. */
  missing: missingPatchList.nullable(),
  /** Why Resource Graph could not be read. */
  resourceGraphTrouble: z.string().exactOptional(),
  /** Of an Azure Arc-enabled server; instants are ISO 8601. */
  connection: z.object({ status: text, agentVersion: text, since: text }).exactOptional(),
  ready: z.boolean().describe("whether an operation could start now"),
  /** At once, or if the state does not pass. */
  notReady: z.string().exactOptional().describe("code that a run would end with"),
  warnings: texts,
});
export type VmView = ViewOf<typeof vmView>;

/** One look at a VM. */
export type VmLook = { readonly kind: "found"; readonly view: VmView } | { readonly kind: "notFound" } | NoAnswer;
