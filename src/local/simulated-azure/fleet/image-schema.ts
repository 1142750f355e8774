import { z } from "zod";
import { pendingSchema } from "./patch-schema";

export const readinessSchema = z
  .array(z.string().nullable())
  .min(1)
  .describe("Detected support state, one for each assessment in turn, the last repeated; null: no such property");

export const imageSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][\w.-]*$/, "letters, digits, dots, dashes and underscores"),
  kind: z
    .enum([
      "galleryVersion",
      "galleryDefinition",
      "managedImage",
      "directSharedGallery",
      "communityGallery",
      "attachedDisk",
      "marketplace",
      "unknown",
    ])
    .describe("How a VM's model refers to the image"),
  osType: z.enum(["Windows", "Linux"]),
  osName: z.string().optional().describe("As the agent reports it"),
  osVersion: z.string().optional(),
  version: z.string().default("1.0.0"),
  architecture: z.enum(["x64", "Arm64"]).default("x64").describe("Of the gallery's image definition"),
  gone: z.boolean().default(false).describe("The image was deleted since"),
  gallery: z.string().default("goldgallery"),
  resourceGroup: z.string().default("rg-images").describe("Of the gallery or managed image"),
  publisher: z.string().default("MicrosoftWindowsServer").describe("Marketplace only"),
  offer: z.string().default("WindowsServer").describe("Marketplace only"),
  sku: z.string().default("2022-datacenter-azure-edition").describe("Marketplace only"),
  refusesPeriodicAssessment: z
    .boolean()
    .default(false)
    .describe("Azure refuses assessmentMode AutomaticByPlatform for VMs from it"),
  readiness: readinessSchema.optional().describe("For VMs that do not say; Supported, or none for marketplace"),
  pending: pendingSchema.default([]).describe("For VMs that do not say"),
});

export type Image = z.output<typeof imageSchema>;
