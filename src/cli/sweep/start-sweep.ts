import { optional } from "../argument";
import { command } from "../command";
import { asksYes, requireConsent, type Terminal } from "../consent";
import { hostToChange, lastingHostOptions, print } from "../lasting-host";
import { flag } from "../options";
import { fileArgument, problemLines, readPolicyText } from "../policy/policy-file";
import { policyOption, storedPolicy } from "../policy/policies";
import { lastingHostOf } from "../target";
import { tell } from "../tell";
import { UsageError } from "../usage-error";
import { sweepText } from "./sweep-text";
import { startSweep } from "./sweeps";

const UNUSABLE = 2;

export const startSweepCommand = command(
  "sweep start",
  "Starts a sweep on a host that runs, by a policy file or by a policy that is stored there.",
  optional(fileArgument),
  {
    policy: policyOption,
    yes: flag("Consents; without it you are asked on the terminal."),
    ...lastingHostOptions,
  },
  async (file, given) => {
    const { policy: policyName, yes = false } = given;
    requireOnePolicy(file, policyName);
    const read = file === undefined ? undefined : readPolicyText(file);
    if (file !== undefined && read?.reading.kind === "problems") {
      process.stderr.write(problemLines(file, read.reading.problems));
      return UNUSABLE;
    }
    const terminal: Terminal = { input: process.stdin, output: process.stderr };
    lastingHostOf(given);
    requireConsent(yes, terminal, "goldpatch policy explain");
    const host = await hostToChange(given);
    const policy = read?.reading.kind === "policy" ? read.reading.policy : await storedPolicy(host, policyName ?? "");
    if (!yes && !(await asksYes(effectText(policy), terminal))) {
      tell("Nothing was started.");
      return 1;
    }
    const sweep = await startSweep(host, read ? { policy: read.text } : { policyName: policyName ?? "" });
    print(given, { sweep }, sweepText(sweep));
    return 0;
  },
);

/** @throws UsageError when none is given, or both */
export function requireOnePolicy(file: string | undefined, policyName: string | undefined): void {
  if ((file === undefined) === (policyName === undefined)) {
    throw new UsageError("FILE and --policy NAME: give one of them, a policy's file or a stored policy's name");
  }
}

const effectText = ({ name, mode }: { readonly name: string; readonly mode: "assess" | "patch" }): string =>
  mode === "assess"
    ? `The VMs that policy ${name} selects are assessed; nothing is installed.`
    : `The VMs that policy ${name} selects are assessed, and patched where Azure says that it can patch their image.`;
