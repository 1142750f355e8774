import { z } from "zod";
import { imageSchema, type Image } from "./image-schema";
import { assessSchema, installSchema, seconds } from "./operation-schema";
import { pendingSchema } from "./patch-schema";
import { graphSchema, otherOperationSchema, vmSchema, type Vm } from "./vm-schema";

const connectionSchema = z.strictObject({
  state: z.enum(["Connected", "Disconnected", "Error", "Expired"]).default("Connected"),
  connectsAfterSeconds: seconds.optional().describe("Connected from then on, after the fleet's start"),
  lostAfterSeconds: seconds.optional().describe("The agent falls silent for good, after the fleet's start"),
  agentVersion: z
    .string()
    .nullable()
    .default("1.47.02924.1798")
    .describe("Of the Connected Machine agent; null: it has not told it yet"),
});

/** Location alone is what the official examples show of Arc's 202 [V-SPEC]. */
const headers = assessSchema.shape.headers.unwrap().default("locationOnly");

export const arcSchema = z
  .strictObject({
    kind: z.literal("arc"),
    name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,53}$/, "1 to 54 letters, digits, dots, dashes, underscores"),
    osType: z.enum(["Windows", "Linux"]),
    osName: z.string().optional().describe("As the agent reports it"),
    osVersion: z.string().optional(),
    subscriptionId: z.guid().optional(),
    resourceGroup: z.string().optional(),
    location: z.string().optional(),
    tags: z.record(z.string(), z.string()).default({}),
    connection: connectionSchema.prefault({}),
    provisioningState: z.enum(["Creating", "Updating", "Succeeded", "Failed", "Deleting"]).default("Succeeded"),
    deletedAfterSeconds: seconds.optional().describe("After the fleet's start"),
    rebootPending: z.boolean().default(false),
    pending: pendingSchema.default([]),
    assess: assessSchema.safeExtend({ headers }).prefault({}),
    install: installSchema.safeExtend({ headers }).prefault({}),
    graph: graphSchema.omit({ readiness: true }).prefault({}),
    otherOperations: z.array(otherOperationSchema).default([]).describe("Started by somebody else"),
    denied: z.array(z.string()).default([]).describe("Actions the caller lacks on this machine"),
  })
  .describe("An Azure Arc-enabled server");

export type Arc = z.output<typeof arcSchema>;

/** What a server's course shares with a VM's: it runs, and its agent is ready while it is connected. */
export function courseOf(arc: Arc): { readonly vm: Vm; readonly image: Image } {
  const { kind: _kind, osType, osName, osVersion, connection, provisioningState: _state, graph, ...shared } = arc;
  const { state, connectsAfterSeconds } = connection;
  const vm = vmSchema.parse({
    ...shared,
    image: "none",
    agent: {
      state: state === "Connected" ? "ready" : "silent",
      ...(connectsAfterSeconds !== undefined && { readyAfterSeconds: connectsAfterSeconds }),
    },
    // Azure tells no readiness of a server.
    graph: { ...graph, readiness: [null] },
    events: [],
  });
  const image = imageSchema.parse({
    name: "none",
    kind: "unknown",
    osType,
    ...(osName !== undefined && { osName }),
    ...(osVersion !== undefined && { osVersion }),
  });
  return { vm, image };
}
