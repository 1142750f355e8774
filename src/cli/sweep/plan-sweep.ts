import { optional } from "../argument";
import { command } from "../command";
import { hostToAsk, lastingHostOptions, print } from "../lasting-host";
import { policyOption } from "../policy/policies";
import { fileArgument, problemLines, readPolicyText } from "../policy/policy-file";
import { planText } from "./plan-text";
import { requireOnePolicy } from "./start-sweep";
import { planSweep } from "./sweeps";

const UNUSABLE = 2;

export const planSweepCommand = command(
  "sweep plan",
  "Tells what a sweep would do, stage by stage, and when it would end. Nothing is started.",
  optional(fileArgument),
  {
    policy: policyOption,
    ...lastingHostOptions,
  },
  async (file, given) => {
    const { policy: policyName } = given;
    requireOnePolicy(file, policyName);
    const read = file === undefined ? undefined : readPolicyText(file);
    if (file !== undefined && read?.reading.kind === "problems") {
      process.stderr.write(problemLines(file, read.reading.problems));
      return UNUSABLE;
    }
    const plan = await planSweep(hostToAsk(given), read ? { policy: read.text } : { policyName: policyName ?? "" });
    print(given, { plan }, planText(plan));
    return 0;
  },
);
