import type { Policy } from "../../domain/policy/policy";
import { printable } from "../../domain/text";
import { windowGateAt } from "../../domain/window/gate";
import { blackoutSpan } from "../../domain/window/blackout";
import { scopeText } from "./scope-text";
import { assessText, hookTexts, installText, verdictText, verifyText } from "./operations-text";
import { exposureText, failedText, stageTexts } from "./stages-text";
import {
  localText,
  scheduleText,
  startsAfter,
  utcText,
  windowsAfter,
  windowText,
  type NextStart,
  type NextWindow,
} from "./times-text";
import { counted } from "./words";

/** What a policy means, from an instant on. */
export interface Explanation {
  /** ISO 8601. */
  readonly at: string;
  readonly nextStarts: readonly NextStart[];
  readonly nextWindows: readonly NextWindow[];
  readonly words: readonly { readonly topic: string; readonly text: string }[];
}

export function explain(policy: Policy, at: number): Explanation {
  const nextStarts = startsAfter(policy, at);
  const nextWindows = windowsAfter(policy, at);
  const words: [string, readonly string[]][] = [
    ["What", [whatText(policy), ...(policy.description === undefined ? [] : [policy.description])]],
    ["Which VMs", scopeText(policy.scope)],
    ["New VMs", [newVmsText(policy)]],
    ["Starts", startTexts(policy, nextStarts)],
    ["May run", windowTexts(policy, at, nextWindows)],
    ["Never", blackoutTexts(policy, at)],
    ["Assesses", [assessText(policy)]],
    ["Installs", [installText(policy)]],
    ["Stages", stageTexts(policy)],
    ["Exposure", exposureText(policy)],
    ["Failures", [failedText(policy.failureBudget, "the sweep stops")]],
    ["Well means", [verifyText(policy)]],
    ["Unknown image", [verdictText(policy)]],
    ["VMs that are off", [policy.power === "skip" ? "are skipped" : "are started, and stopped again afterwards"]],
    ["Hooks", hookTexts(policy)],
  ];
  return {
    at: utcText(at),
    nextStarts,
    nextWindows,
    words: words.flatMap(([topic, texts]) => texts.map((text) => ({ topic, text }))),
  };
}

/** The explanation as lines; a topic is named once. */
export function explanationText(name: string, hash: string, { at, words }: Explanation): string {
  const lines = [
    { topic: "Policy", text: name },
    { topic: "Hash", text: hash },
    { topic: "Seen from", text: at },
    ...words,
  ];
  const told = lines.map(({ topic, text }, index) =>
    (lines[index - 1]?.topic === topic ? "" : `${topic}:`).padEnd(18).concat(printable(text)),
  );
  return `${told.join("\n")}\n`;
}

const whatText = ({ mode, concurrency }: Policy): string =>
  `${mode === "patch" ? "assesses, and installs where Azure says Supported" : "assesses only; installs nothing"}; ${counted(concurrency, "VM")} at the same time at most`;

function newVmsText({ onProvision: { mode, inWindows } }: Policy): string {
  if (mode === "ignore") return "are left alone";
  const what =
    mode === "setting"
      ? "are treated as GOLDPATCH_PROVISION_MODE says"
      : mode === "patch"
        ? "are patched"
        : "are assessed";
  return `${what}, ${inWindows ? "within windows and outside blackouts" : "at any time outside blackouts"}`;
}

const reasons = {
  window: "no window is open",
  blackout: "a blackout holds",
  tooLittleLeft: "too little is left of the window",
} as const;

function startTexts({ schedule, timeZone }: Policy, starts: readonly NextStart[]): string[] {
  if (!schedule) return ["on request only"];
  return [
    scheduleText(schedule, timeZone),
    ...starts.map(({ at, local, waitsFor, opensAt }, index) => {
      const moved = local.endsWith(schedule.at) ? "" : `; ${schedule.at} does not come on this day`;
      const opens =
        opensAt === undefined ? "for more than a year" : `until ${localText(timeZone, Date.parse(opensAt))}`;
      const waits = waitsFor === undefined ? "" : `; installs nothing ${opens}: ${reasons[waitsFor]}`;
      return `${index === 0 ? "next" : "then"} ${local} (${at})${moved}${waits}`;
    }),
  ];
}

function windowTexts(policy: Policy, at: number, next: readonly NextWindow[]): string[] {
  if (policy.windows.length === 0) return ["at any time outside blackouts"];
  const gate = windowGateAt(policy, at, 0);
  return [
    ...policy.windows.map((window) => `${windowText(window)} ${policy.timeZone}`),
    `now ${gate.kind === "open" ? "open" : "closed"}`,
    ...next.map(
      ({ from, until }) =>
        `${localText(policy.timeZone, Date.parse(from))} (${from}) to ${localText(policy.timeZone, Date.parse(until))} (${until})`,
    ),
  ];
}

function blackoutTexts({ blackouts, timeZone }: Policy, at: number): string[] {
  if (blackouts.length === 0) return ["no blackouts"];
  return blackouts.map((blackout) => {
    const span = blackoutSpan(blackout, timeZone);
    const state = span && (span.until <= at ? "; over" : span.from <= at ? "; now" : "");
    return `from ${blackout.from} to ${blackout.to} ${timeZone}${blackout.reason === undefined ? "" : ` (${blackout.reason})`}${state ?? ""}`;
  });
}
