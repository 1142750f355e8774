import { z } from "zod";
import { runMode } from "../run";
import { anyFields, at } from "./fields";
import type { ViewOf } from "./view";

/** A policy's text: far more than any policy has, far less than a row of the store takes. */
const LONGEST_POLICY = 100_000;

/** Body of PUT /api/policies/{name}: the policy itself, YAML or JSON. */
export const policyBody = z
  .string()
  .min(1, "write a policy")
  .max(LONGEST_POLICY, `write at most ${LONGEST_POLICY} characters`);

/** What became of one occurrence of a stored policy's schedule. */
const policyStartView = z.object({
  at,
  /** `due`: nobody has looked at it yet, or it waits because the app is paused or stopped. */
  state: z.enum(["due", "started", "stillRunning", "refused", "missed"]),
  /** The sweep that was started, or that still ran. */
  sweepId: z.string().exactOptional(),
  detail: z.string().exactOptional(),
});
export type PolicyStartView = ViewOf<typeof policyStartView>;

/** One stored policy as GET /api/policies lists it. */
const policyView = z.object({
  name: z.string(),
  description: z.string().exactOptional(),
  hash: z.string(),
  mode: runMode,
  changedAt: at,
  /** Null without schedule; `last` is null while it has had no occurrence, or nobody has looked yet. */
  schedule: z.object({ next: at, last: policyStartView.nullable() }).nullable(),
  onProvision: z.looseObject({ mode: z.string(), inWindows: z.boolean() }),
});
export type PolicyView = ViewOf<typeof policyView>;

export const policyList = z.object({ policies: z.array(policyView) });

/** What GET /api/policies/{name} answers. */
export const policyDocument = policyView.extend({
  text: z.string().describe("as it was sent"),
  policy: anyFields.describe("with all defaults"),
});
export type PolicyDocument = ViewOf<typeof policyDocument>;

export const deletedPolicy = z.object({ name: z.string(), deleted: z.literal(true) });
