import type { PolicyView } from "../../contracts/api/policies";
import type { Policy } from "../../domain/policy/policy";
import { nothing, one } from "../argument";
import { command } from "../command";
import { asksYes, requireConsent, type Terminal } from "../consent";
import { hostToAsk, hostToChange, lastingHostOptions, print } from "../lasting-host";
import { flag } from "../options";
import { tableText } from "../table";
import { lastingHostOf } from "../target";
import { tell } from "../tell";
import { deletePolicy, policyNameArgument, storedPolicies, storedPolicy, storePolicy } from "./policies";
import { fileArgument, problemLines, readPolicyText } from "./policy-file";

const UNUSABLE = 2;

export const pushPolicyCommand = command(
  "policy push",
  "Stores a policy file on a host that runs: from then on its schedule and its onProvision act by themselves.",
  one(fileArgument),
  { yes: flag("Consents; without it you are asked on the terminal."), ...lastingHostOptions },
  async (file, given) => {
    const { yes = false } = given;
    const { text, reading } = readPolicyText(file);
    if (reading.kind === "problems") {
      process.stderr.write(problemLines(file, reading.problems));
      return UNUSABLE;
    }
    const terminal: Terminal = { input: process.stdin, output: process.stderr };
    lastingHostOf(given);
    requireConsent(yes, terminal, "goldpatch policy explain");
    const host = await hostToChange(given);
    if (!yes && !(await asksYes(effectText(reading.policy), terminal))) {
      tell("Nothing was stored.");
      return 1;
    }
    const policy = await storePolicy(host, reading.policy.name, text);
    print(given, { policy }, policiesText([policy]));
    return 0;
  },
);

export const listPoliciesCommand = command(
  "policy list",
  "Lists the policies that are stored on a host, with what their schedules do next and did last.",
  nothing,
  lastingHostOptions,
  async (_, given) => {
    const policies = await storedPolicies(hostToAsk(given));
    print(given, { policies }, policies.length === 0 ? "no policies" : policiesText(policies));
    return 0;
  },
);

export const showPolicyCommand = command(
  "policy show",
  "Prints a stored policy as it was sent; what its schedule does goes to standard error.",
  one(policyNameArgument),
  lastingHostOptions,
  async (name, given) => {
    const policy = await storedPolicy(hostToAsk(given), name);
    if (!given.json) tell(`${policiesText([policy])}\n`);
    print(given, { policy }, policy.text.trimEnd());
    return 0;
  },
);

export const deletePolicyCommand = command(
  "policy delete",
  "Deletes a stored policy. Sweeps that it started go on by their own copy.",
  one(policyNameArgument),
  lastingHostOptions,
  async (name, given) => {
    await deletePolicy(await hostToChange(given), name);
    print(given, { name, deleted: true }, `${name}: deleted`);
    return 0;
  },
);

function effectText({ name, mode, schedule, onProvision }: Policy): string {
  const does = mode === "patch" ? "assesses and patches" : "assesses";
  const sweeps = schedule
    ? `From now on the schedule of policy ${name} ${does} the VMs that it selects, whether anybody looks or not.`
    : `Policy ${name} has no schedule: its sweeps start when they are asked for.`;
  const treated = {
    setting: "as GOLDPATCH_PROVISION_MODE says, with its options and at its times",
    patch: "patched",
    assess: "assessed",
    ignore: "left alone",
  }[onProvision.mode];
  return `${sweeps}\nNew VMs that it selects are ${onProvision.mode === "setting" ? `treated ${treated}` : treated}.`;
}

const LAST = {
  due: "is due",
  started: "started",
  stillRunning: "not started: one still ran",
  refused: "refused",
  missed: "missed",
} as const;

const SHORT_HASH = 12;
const isoMinute = (instant: string): string => `${instant.slice(0, 16)}Z`;

const policiesText = (policies: readonly PolicyView[]): string =>
  tableText([
    ["Policy", "Mode", "New VMs", "Hash", "Next", "Last"],
    ...policies.map(({ name, mode, onProvision, hash, schedule }) => [
      name,
      mode,
      onProvision.mode,
      hash.slice(0, SHORT_HASH),
      schedule ? isoMinute(schedule.next) : "on request",
      schedule?.last ? `${isoMinute(schedule.last.at)} ${LAST[schedule.last.state]}` : "",
    ]),
  ]);
