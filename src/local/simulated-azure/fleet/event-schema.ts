import { z } from "zod";
import { seconds, times } from "./operation-schema";

export const eventSchema = z.strictObject({
  kind: z
    .enum(["create", "write"])
    .default("write")
    .describe("write: something of the VM was edited, for example a tag"),
  afterSeconds: seconds.describe("After the VM appears"),
  schema: z.enum(["EventGridSchema", "CloudEventSchemaV1_0"]).default("EventGridSchema"),
  copies: times.default(1).describe("Deliveries of the same event"),
  copyEverySeconds: seconds.default(5),
  delaySeconds: seconds.default(2).describe("From the event to its first delivery"),
  idCase: z.enum(["asIs", "lower", "upper"]).default("asIs"),
  evidence: z.enum(["object", "array"]).default("object"),
  httpRequest: z.boolean().optional().describe("Whether data.httpRequest is present; by default on edits only"),
  correlationId: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional().describe("The VM's tags from then on"),
});

export type EventCauses = z.output<typeof eventSchema>;
