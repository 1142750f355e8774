import { z } from "zod";
import type { PolicyDocument, PolicyStartView, PolicyView, SweepPlan, SweepView } from "../../api";
import { runMode } from "../../run";
import { at, count, counts, text, viewOf } from "./view";

const expected = z.object({
  at,
  within50: z.tuple([at, at]).readonly(),
  within90: z.tuple([at, at]).readonly(),
});
const bounds = z.object({ least: count, most: count });

const inStage = { vms: count, ended: count, failed: count, verified: count };

export const sweep = viewOf<SweepView>({
  sweepId: z.string(),
  policy: z.string().describe("the policy's name"),
  policyHash: z.string(),
  mode: runMode,
  requestedAt: at,
  occurrence: at.exactOptional(),
  state: z.enum(["planning", "working", "waiting", "stopping", "completed", "stopped", "cancelled"]),
  stage: text.describe("the stage that is begun, or next"),
  waitsFor: z
    .object({
      what: z.enum(["approval", "hook", "pause", "stop", "wait", "window"]),
      until: at.nullable(),
    })
    .exactOptional(),
  stop: z.object({ reason: z.string(), detail: z.string(), at }).exactOptional(),
  paused: z.boolean(),
  counts: z.object(inStage),
  stages: z.array(
    z.object({
      name: z.string(),
      ...inStage,
      outcomes: counts,
      approved: z.boolean(),
      beganAt: at.nullable(),
      endedAt: at.nullable(),
      forecast: z.object({ begins: expected.nullable(), ends: expected.nullable() }).exactOptional(),
    }),
  ),
  forecast: z.object({ madeAt: at, ends: expected.nullable() }).exactOptional(),
  tick: count,
  nextLookAt: at.nullable(),
  endedAt: at.nullable(),
});

export const sweepPlan = viewOf<SweepPlan>({
  dryRun: z.literal(true),
  policy: z.string(),
  policyHash: z.string(),
  mode: runMode,
  madeAt: at,
  counts: z.object({ found: count, leftOut: counts }),
  stages: z.array(
    z.object({
      name: z.string(),
      vms: count,
      heldBack: count,
      order: z.array(z.object({ imageId: text, osType: text, vms: count, expectedMinutes: count.nullable() })),
      vmIds: z.array(z.string()),
      begins: expected.nullable(),
      ends: expected.nullable(),
    }),
  ),
  ends: expected.nullable(),
  calls: z.object({ armReads: bounds, armWrites: bounds, graphQueries: bounds }),
  reboots: z.object({ ...bounds.shape, rebootSetting: text }),
  plays: count,
  assumptions: z.array(z.string()),
});

export const sweepList = z.object({ sweeps: z.array(sweep) });

const start = viewOf<PolicyStartView>({
  at,
  state: z.enum(["due", "started", "stillRunning", "refused", "missed"]),
  sweepId: z.string().exactOptional(),
  detail: z.string().exactOptional(),
});

const policyFields = {
  name: z.string(),
  description: z.string().exactOptional(),
  hash: z.string(),
  mode: runMode,
  changedAt: at,
  schedule: z.object({ next: at, last: start.nullable() }).nullable(),
  onProvision: z.looseObject({ mode: z.string(), inWindows: z.boolean() }),
};

export const policyList = z.object({ policies: z.array(viewOf<PolicyView>(policyFields)) });

export const policy = viewOf<PolicyDocument>({
  ...policyFields,
  text: z.string().describe("as it was sent"),
  policy: z.record(z.string(), z.unknown()).describe("with all defaults"),
});

export const deletedPolicy = z.object({ name: z.string(), deleted: z.literal(true) });
