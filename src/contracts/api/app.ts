import { z } from "zod";
import { at, texts } from "./fields";
import type { ViewOf } from "./view";

/** What GET /api/health tells. */
export const healthView = z.object({
  status: z.enum(["ready", "readOnly"]),
  reason: z.string().exactOptional().describe("why nothing may be started"),
  stopped: z.boolean(),
  azure: z.string().describe("ARM's address, or that of a simulated one"),
  scope: texts,
  time: at,
});
export type HealthView = ViewOf<typeof healthView>;

export const stopSwitch = z.object({ stopped: z.boolean() });

/** RFC 9457. */
export const problem = z.object({
  type: z.literal("about:blank"),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe("field, value and remedy"),
});

export const openApi = z.looseObject({ openapi: z.string() }).describe("this document");
