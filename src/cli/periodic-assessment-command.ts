import {
  MOST_VMS_AT_ONCE,
  type PeriodicAssessmentChange,
  type PeriodicAssessmentView,
} from "../contracts/api/periodic-assessment";
import { formatScopeEntry, parseScopeEntry, type ScopeEntry } from "../domain/machine/scope";
import { ARC_ID_FORM, formatVmId, parseVmId, VM_ID_FORM, type VmId } from "../domain/machine/vm-id";
import { one, type Argument } from "./argument";
import { command } from "./command";
import { asksYes, requireConsent } from "./consent";
import { countedMachines } from "./machine-words";
import { flag, type Given } from "./options";
import { openToRead, openToWork, ownHostOptions } from "./own-host";
import { targetIn, targetOf, targetOptions, type Target } from "./target";
import { tell } from "./tell";
import { UsageError } from "./usage-error";
import { tellWhere } from "./where";

/** What `--json` prints; a change of its fields is a change of this number. */
const SCHEMA_VERSION = 1;

type Subject = { readonly kind: "vm"; readonly vmId: VmId } | { readonly kind: "scope"; readonly scope: ScopeEntry };

const PLACEHOLDER = "VM_ID|SCOPE";
const subjectArgument: Argument<Subject> = {
  placeholder: PLACEHOLDER,
  meaning: `A VM, ${VM_ID_FORM}, an Arc-enabled server, ${ARC_ID_FORM}, or all of both in /subscriptions/ID or /subscriptions/ID/resourceGroups/NAME.`,
  read(text) {
    const vmId = parseVmId(text);
    if (vmId) return { kind: "vm", vmId };
    const scope = parseScopeEntry(text);
    if (scope) return { kind: "scope", scope };
    throw new UsageError(
      `${PLACEHOLDER} "${text}": is none of these; write ${VM_ID_FORM}, ${ARC_ID_FORM}, /subscriptions/ID or /subscriptions/ID/resourceGroups/NAME`,
    );
  },
};

const json = flag("Prints one JSON document instead of words.");

export const showPeriodicAssessmentCommand = command(
  "periodic-assessment show",
  "Tells on which VMs the platform looks for missing patches by itself, about once a day. Changes nothing.",
  one(subjectArgument),
  { ...targetOptions, json, speed: ownHostOptions.speed },
  async (subject, { json: wantsJson = false, ...given }) => {
    const target = targetFor(subject, given);
    await tellWhere(target);
    const host = await openToRead(target, given);
    try {
      const vms = await host.client.periodicAssessment(idOf(subject));
      print(wantsJson ? JSON.stringify({ schemaVersion: SCHEMA_VERSION, vms }) : shownText(vms));
      return 0;
    } finally {
      await host.close();
    }
  },
);

const changeOptions = {
  ...targetOptions,
  yes: flag("Consents; without it you are asked on the terminal."),
  json,
  ...ownHostOptions,
};

export const periodicAssessmentOnCommand = command(
  "periodic-assessment on",
  "Lets the platform look for missing patches by itself; what Azure refuses for one VM stops none of the others.",
  one(subjectArgument),
  changeOptions,
  (subject, given) => change(subject, true, given),
);

export const periodicAssessmentOffCommand = command(
  "periodic-assessment off",
  "Stops the platform's own assessments; each VM does again as its image has it.",
  one(subjectArgument),
  changeOptions,
  (subject, given) => change(subject, false, given),
);

async function change(subject: Subject, on: boolean, given: Given<typeof changeOptions>): Promise<number> {
  const { yes = false, json: wantsJson = false } = given;
  const terminal = { input: process.stdin, output: process.stderr };
  const target = targetFor(subject, given);
  requireConsent(yes, terminal, "goldpatch periodic-assessment show");
  await tellWhere(target);
  const host = await openToWork(target, given);
  try {
    const vmIds = (await host.client.periodicAssessment(idOf(subject))).map(({ vmId }) => vmId);
    const effect = `Turns periodic assessment ${on ? "on" : "off"} for ${countedMachines(vmIds)}: a change of each one's model, which installs nothing.`;
    if (!yes && !(await asksYes(effect, terminal))) {
      tell("Nothing was changed.");
      return 1;
    }
    const changes: PeriodicAssessmentChange[] = [];
    for (let at = 0; at < vmIds.length; at += MOST_VMS_AT_ONCE) {
      const some = vmIds.slice(at, at + MOST_VMS_AT_ONCE);
      changes.push(...(await host.client.setPeriodicAssessment(some, on)));
      if (changes.length < vmIds.length) tell(`${changes.length} of ${vmIds.length} machines`);
    }
    print(wantsJson ? JSON.stringify({ schemaVersion: SCHEMA_VERSION, on, vms: changes }) : changesText(changes));
    return changes.every(({ result }) => result === "changed" || result === "alreadySo") ? 0 : 1;
  } finally {
    await host.close();
  }
}

const idOf = (subject: Subject): string =>
  subject.kind === "vm" ? formatVmId(subject.vmId) : formatScopeEntry(subject.scope);

const targetFor = (subject: Subject, given: Given<typeof targetOptions>): Target =>
  subject.kind === "vm"
    ? targetOf(given, [subject.vmId], { ...process.env })
    : targetIn(given, [subject.scope], { ...process.env });

function shownText(vms: readonly PeriodicAssessmentView[]): string {
  const on = vms.filter((vm) => vm.on).length;
  const lines = vms.map((vm) => `  ${(vm.on ? "on" : "off").padEnd(3)}  ${vm.vmId}`);
  return [`Periodic assessment: on for ${on} of ${vms.length} machines`, ...lines].join("\n");
}

const RESULTS: Readonly<Record<PeriodicAssessmentChange["result"], string>> = {
  changed: "changed",
  alreadySo: "was so already",
  refused: "refused by Azure",
  notFound: "not found",
  unavailable: "Azure did not answer",
};

function changesText(changes: readonly PeriodicAssessmentChange[]): string {
  const counts = Object.entries(RESULTS).flatMap(([result, words]) => {
    const count = changes.filter((one) => one.result === result).length;
    return count > 0 ? [`${count} ${words}`] : [];
  });
  const lines = changes.map(
    ({ vmId, result, message }) =>
      `  ${RESULTS[result].padEnd(20)}  ${vmId}${message === undefined ? "" : `: ${message}`}`,
  );
  const refused = changes.some(({ result }) => result === "refused");
  return [
    `Periodic assessment: ${counts.join(", ") || "no machine there"}`,
    ...lines,
    ...(refused ? ["Where Azure refuses it, a sweep in mode assess looks for missing patches instead."] : []),
  ].join("\n");
}

const print = (words: string): void => void process.stdout.write(`${words}\n`);
