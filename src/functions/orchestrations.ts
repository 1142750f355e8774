import type { z } from "zod";
import type { ActivityName } from "../contracts/activities";
import type { orchestrationInputs } from "../contracts/orchestrations";
import { askUntilSettledChild, type Question } from "../orchestrators/ask-until-settled";
import type { Durable, Story } from "../orchestrators/durable";
import { patchVm } from "../orchestrators/patch-vm";
import { policySweep } from "../orchestrators/policy-sweep";
import { sweep } from "../orchestrators/sweep";

export type OrchestrationName = keyof typeof orchestrationInputs;
export type OrchestrationInput<N extends OrchestrationName> = z.infer<(typeof orchestrationInputs)[N]>;
export type Orchestrations = {
  readonly [N in OrchestrationName]: (durable: Durable, input: OrchestrationInput<N>) => Story<unknown>;
};

export const orchestrations: Orchestrations = {
  patchVm,
  askUntilSettled: (durable, question) => askUntilSettledChild(durable, question as Question<ActivityName>),
  sweep,
  policySweep,
};
