import { z } from "zod";
import { onlyStage, policyDefaults } from "../../domain/policy/defaults";
import { timeoutActions } from "../../domain/policy/policy";
import { amount, duration, list, MOST_ITEMS, name, tagValues, whole } from "./fields";

/** Longest waits: a policy that waits longer than a month meets its own next sweep. */
const LONGEST_WAIT = "P31D";
export const MOST_CONCURRENT = 20_000;

const gate = z
  .strictObject({
    timeout: duration("PT1M", LONGEST_WAIT)
      .default(policyDefaults.gate.timeout)
      .describe("How long an approval is waited for."),
    onTimeout: z
      .enum(timeoutActions)
      .default(policyDefaults.gate.onTimeout)
      .describe("What happens without one: stop ends the sweep, go begins the stage."),
  })
  .describe("Somebody must approve before the stage begins. Without it nobody is asked; {} takes the defaults.");

const stage = z.strictObject({
  name: name.describe("Unique in the policy."),
  share: amount(1).exactOptional().describe("At most so many VMs, or such a share of the sweep's VMs, rounded up."),
  tags: tagValues.exactOptional().describe("Only VMs with all these tags, as in scope.tags.include."),
  concurrency: whole(1, MOST_CONCURRENT)
    .exactOptional()
    .describe("VMs in flight at the same time in this stage; the policy's concurrency holds too."),
  failureBudget: amount(0)
    .default(policyDefaults.stage.failureBudget)
    .describe("How many of the stage's VMs may fail, or which share of them, rounded down; one more stops the sweep."),
  gate: gate.exactOptional(),
  wait: duration("PT0M", LONGEST_WAIT)
    .default(policyDefaults.stage.wait)
    .describe("Between the end of this stage and the next one's beginning."),
});

export const stages = z
  .array(stage)
  .min(1, "leave it out or list at least one")
  .max(20, "list at most 20 stages")
  .default([onlyStage])
  .describe(
    "One after the other. Each VM belongs to the first stage that takes it; the last stage takes all that are left, so it has neither share nor tags.",
  );

const group = z.strictObject({
  tag: z
    .string()
    .min(1, "name a tag")
    .max(512, "a tag's name has at most 512 characters")
    .describe("VMs with the same value of this tag are a group."),
  concurrency: whole(1, MOST_CONCURRENT).default(1).describe("VMs of one group in flight at the same time."),
});

export const groups = list(group)
  .default([])
  .describe("VMs that must not be away together, such as the nodes of a cluster.");

const rampStep = z.union([amount(1), z.literal("rest")], {
  error: 'write a number of VMs such as 5, a share such as "10%", or rest',
});

export const exposure = z
  .strictObject({
    cap: amount(1)
      .default(policyDefaults.exposure.cap)
      .describe(
        "The most VMs in flight and not yet verified, or which share of the sweep's VMs: rounded down, at least one.",
      ),
    ramp: z
      .array(rampStep)
      .min(1, "leave it out or list at least one step")
      .max(MOST_ITEMS, `list at most ${MOST_ITEMS}`)
      .refine((steps) => steps.indexOf("rest") === steps.length - 1, "let it end with rest, and nowhere else")
      .default([...policyDefaults.exposure.ramp])
      .describe(
        "Up to how many VMs may be verified, failed or in flight; each step begins when as many are verified as the step before holds. It counts for each image version too.",
      ),
  })
  .prefault({})
  .describe("How many machines the patches may have reached before it is known that they are well.");
