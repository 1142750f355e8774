import { z } from "zod";
import { activityContracts, type ActivityName } from "./activities";
import { instant, runRequest } from "./run";

const sweepRequest = z.object({
  /** Derived from the schedule's slot: the same slot never sweeps twice. */
  sweepId: z.string(),
  slot: instant,
});
export type SweepRequest = z.infer<typeof sweepRequest>;

const policySweepRequest = z.object({
  sweepId: z.string(),
  /** The last tick that was carried out; 0: none. */
  tick: z.int(),
});
export type PolicySweepRequest = z.infer<typeof policySweepRequest>;

const activityNames = Object.keys(activityContracts) as [ActivityName, ...ActivityName[]];

/** A question's own activity says what its input is. An unknown activity would be waited for for ever. */
const question = z
  .object({
    activity: z.enum(activityNames),
    input: z.unknown(),
    at: instant.exactOptional(),
    forgiving: z.boolean().exactOptional(),
    failures: z.int().exactOptional(),
  })
  .superRefine(({ activity, input }, context) => {
    for (const issue of activityContracts[activity].input.safeParse(input).error?.issues ?? []) {
      context.addIssue({ code: "custom", path: ["input", ...issue.path], message: issue.message });
    }
  });

/** What each orchestration is started with. */
export const orchestrationInputs = {
  patchVm: runRequest,
  askUntilSettled: question,
  sweep: sweepRequest,
  policySweep: policySweepRequest,
} as const;
