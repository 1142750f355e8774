import { z } from "zod";
import { seconds } from "./operation-schema";

export const CLASSIFICATIONS = [
  "Critical",
  "Security",
  "UpdateRollUp",
  "FeaturePack",
  "ServicePack",
  "Definition",
  "Tools",
  "Updates",
  "Other",
] as const;

const patchSchema = z.strictObject({
  name: z.string().min(1),
  kbId: z
    .string()
    .regex(/^\d{6,7}$/, "digits of a KB number, 6 or 7 of them, without KB")
    .optional(),
  version: z.string().optional().describe("Linux only"),
  classification: z.enum(CLASSIFICATIONS),
  reboot: z.enum(["never", "canRequest", "always"]).default("never"),
  publishedDaysAgo: z.number().nonnegative().default(14).describe("Before the fleet's start"),
  appearsAfterSeconds: seconds.default(0).describe("Found only by assessments that start later than this"),
  whenInstalled: z.enum(["installs", "fails", "staysPending"]).default("installs"),
  afterReboot: z
    .enum(["comesBack", "agentLost"])
    .default("comesBack")
    .describe("agentLost: from a reboot with this patch on, the agent is never heard of again"),
});

export const pendingSchema = z
  .union([z.array(patchSchema), z.partialRecord(z.enum(CLASSIFICATIONS), z.int().min(0).max(500))])
  .describe("Patches the machine lacks: a list, or a number for each classification");

export type PatchCauses = z.output<typeof patchSchema>;
export type PendingCauses = z.output<typeof pendingSchema>;
