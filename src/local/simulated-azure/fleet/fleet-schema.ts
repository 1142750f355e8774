import { z } from "zod";
import { CLOUDS } from "../clouds";
import { arcSchema } from "./arc-schema";
import { imageSchema } from "./image-schema";
import { instant, scriptedAnswerSchema, seconds, times } from "./operation-schema";
import { vmSchema } from "./vm-schema";

const DEFAULT_TENANT = "72f988bf-0000-4000-8000-2d7cd011db47";

const faultSchema = z
  .strictObject({
    on: z.enum([
      "vm",
      "instanceView",
      "assessPatches",
      "installPatches",
      "start",
      "deallocate",
      "operation",
      "resourceGraph",
    ]),
    vms: z.array(z.string()).optional().describe("Names, of machines too; all when absent"),
    probability: z.number().min(0).max(1).default(1).describe("By seed, for each request"),
    times: times.optional().describe("At most so many for each VM"),
    fromSeconds: seconds.default(0).describe("After the fleet's start"),
    untilSeconds: seconds.optional(),
    answer: scriptedAnswerSchema.omit({ times: true }).optional(),
    answered: z
      .enum(["instead", "afterEffect"])
      .default("instead")
      .describe("Whether the request takes effect all the same before this answer is given"),
    cut: z
      .enum(["beforeEffect", "afterEffect", "midBody"])
      .optional()
      .describe("The connection is reset; midBody: after the effect and a part of the answer"),
    body: z
      .enum(["truncated", "malformed", "page", "empty"])
      .optional()
      .describe("The answer's head is as always, its body ends in the middle, is no JSON, is a page, or is missing"),
  })
  .refine(
    ({ answer, cut, body }) => [answer, cut, body].filter((what) => what !== undefined).length === 1,
    "give one of answer, cut and body",
  );

export const fleetSchema = z
  .strictObject({
    $schema: z.string().optional(),
    description: z.string().optional(),
    start: instant.describe("First instant of the simulation"),
    subscriptionId: z.guid(),
    tenantId: z.guid().default(DEFAULT_TENANT),
    resourceGroup: z.string().min(1),
    location: z.string().min(1),
    cloud: z.enum(CLOUDS).default("AzureCloud").describe("Whose Resource Manager it is"),
    clockSkewSeconds: z.number().default(0).describe("How far Azure's clock is ahead of ours"),
    managementGroups: z.array(z.strictObject({ name: z.string(), subscriptions: z.array(z.guid()) })).default([]),
    denied: z.array(z.string()).default([]).describe("Actions the caller lacks everywhere"),
    unregisteredProviders: z
      .array(z.string())
      .default([])
      .describe("Such as Microsoft.Compute; all others are registered"),
    faults: z.array(faultSchema).default([]),
    images: z.array(imageSchema).min(1),
    vms: z.array(vmSchema),
    machines: z
      .array(z.discriminatedUnion("kind", [arcSchema]))
      .default([])
      .describe("Machines that are no VMs of Azure"),
  })
  .describe("A fleet of simulated Azure: what is the matter with each machine, never what becomes of it");

export type Fleet = z.output<typeof fleetSchema>;
export type Fault = Fleet["faults"][number];

/** The published JSON schema of fleet files. */
export const fleetJsonSchema = (): unknown => z.toJSONSchema(fleetSchema, { io: "input", unrepresentable: "any" });
