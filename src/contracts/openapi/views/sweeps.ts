import { z } from "zod";
import type { PolicyDocument, PolicyStartView, PolicyView, SweepView } from "../../api";
import { runMode } from "../../run";
import { at, count, counts, text, viewOf } from "./view";

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
  stages: z.array(z.object({ name: z.string(), ...inStage, outcomes: counts, approved: z.boolean() })),
  tick: count,
  nextLookAt: at.nullable(),
  endedAt: at.nullable(),
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
