import { z } from "zod";
import { runMode } from "../run";
import { policyBody } from "./policies";
import { at, count, counts, text, texts } from "./fields";
import type { ViewOf } from "./view";

/** Body of POST /api/sweeps: a policy's text, or the name of a stored one. A dry run starts nothing. */
export const createSweepBody = z
  .strictObject({
    policy: policyBody.exactOptional(),
    policyName: z.string().exactOptional(),
    dryRun: z.boolean().exactOptional(),
  })
  .refine(({ policy, policyName }) => (policy === undefined) !== (policyName === undefined), {
    path: ["policy"],
    message: "give a policy's text, or the name of a stored one in policyName, and not both",
  });
export type CreateSweepBody = z.infer<typeof createSweepBody>;

/** Body of POST /api/sweeps/{id}/approve: the stage that may begin; the one that waits if absent. */
export const approveBody = z.strictObject({ stage: z.string().exactOptional() });

/** When something is expected: as likely earlier as later; in half of all plays, and in nine of ten, between two. */
const expectedView = z.object({
  at,
  within50: z.tuple([at, at]).readonly(),
  within90: z.tuple([at, at]).readonly(),
});
export type ExpectedView = ViewOf<typeof expectedView>;

const inStage = {
  vms: count,
  ended: count,
  failed: count,
  /** Known to be well with the policy's patches: only these let the ramp of exposure climb. */
  verified: count,
};

/** One policy sweep as the API answers it. Null means not yet. */
export const sweepView = z.object({
  sweepId: z.string(),
  policy: z.string().describe("the policy's name"),
  policyHash: z.string(),
  mode: runMode,
  requestedAt: at,
  /** The occurrence of its stored policy's schedule that started it. */
  occurrence: at.exactOptional(),
  /** `stopping`: it starts nothing more, and what is in flight is followed to its end. */
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
      /** As its ticks saw it. */
      beganAt: at.nullable(),
      endedAt: at.nullable(),
      /** As it was expected when the sweep was planned; lists leave it out. */
      forecast: z.object({ begins: expectedView.nullable(), ends: expectedView.nullable() }).exactOptional(),
    }),
  ),
  /** Of the sweep's end, as it was expected when it was planned; lists leave it out. */
  forecast: z.object({ madeAt: at, ends: expectedView.nullable() }).exactOptional(),
  tick: count,
  nextLookAt: at.nullable(),
  endedAt: at.nullable(),
});
export type SweepView = ViewOf<typeof sweepView>;

export const sweepList = z.object({ sweeps: z.array(sweepView) });

const bounds = z.object({ least: count, most: count });

/** What a sweep would do: the answer to a dry run. Null: nobody knows, or not within 400 days. */
export const sweepPlan = z.object({
  dryRun: z.literal(true),
  policy: z.string(),
  policyHash: z.string(),
  mode: runMode,
  madeAt: at,
  counts: z.object({
    found: count,
    /** VMs from customized images that are none of the sweep's, by reason. */
    leftOut: counts,
  }),
  stages: z.array(
    z.object({
      name: z.string(),
      vms: count,
      /** Of them: expected to be held back with their image version. */
      heldBack: count,
      /** Which VMs go first, as far as one waits for another. */
      order: z.array(z.object({ imageId: text, osType: text, vms: count, expectedMinutes: count.nullable() })),
      /** In their order, the first 100. */
      vmIds: texts,
      begins: expectedView.nullable(),
      ends: expectedView.nullable(),
    }),
  ),
  ends: expectedView.nullable(),
  calls: z.object({ armReads: bounds, armWrites: bounds, graphQueries: bounds }),
  /** `rebootSetting` null: by each VM's age. */
  reboots: bounds.extend({ rebootSetting: text }),
  plays: count,
  assumptions: texts,
});
export type SweepPlan = ViewOf<typeof sweepPlan>;
