import type { Finding, Weight } from "../../domain/doctor/finding";

/** A finding, with all that it was found on. */
export interface ReportedFinding extends Finding {
  /** ARM ids. */
  readonly about: readonly string[];
}

export interface Report {
  /** ARM id. */
  readonly subject: string;
  /** VMs that were looked at, and that there are from customized images; of a single VM 1 and 1. */
  readonly vms: { readonly examined: number; readonly found: number };
  /** `blocked`: something must be mended first. */
  readonly verdict: "clear" | "blocked";
  readonly findings: readonly ReportedFinding[];
}

/** What was found on one resource. */
export interface Examined {
  readonly id: string;
  readonly findings: readonly Finding[];
}

const ORDER: readonly Weight[] = ["blocks", "warns", "unknown"];

/** Findings that say the same are told once, the weightiest first, then those on most resources. */
export function reportOf(subject: string, vms: Report["vms"], examined: readonly Examined[]): Report {
  const findings = new Map<string, { finding: Finding; about: string[] }>();
  for (const { id, findings: own } of examined) {
    for (const finding of own) {
      const key = JSON.stringify([finding.code, finding.saw, finding.remedy]);
      const known = findings.get(key);
      if (known) known.about.push(id);
      else findings.set(key, { finding, about: [id] });
    }
  }
  const told = [...findings.values()].map(({ finding, about }) => ({ ...finding, about }));
  told.sort((a, b) => ORDER.indexOf(a.weight) - ORDER.indexOf(b.weight) || b.about.length - a.about.length);
  const verdict = told.some(({ weight }) => weight === "blocks") ? "blocked" : "clear";
  return { subject, vms, verdict, findings: told };
}

const WORDS: Readonly<Record<Weight, string>> = {
  blocks: "In the way",
  warns: "Mind",
  unknown: "Not known",
};

/** The report in words. */
export function reportText({ subject, vms, verdict, findings }: Report): string {
  const isOne = vms.found === 1 && findings.every(({ about }) => about.length <= 1);
  const counted = isOne ? [] : [line("VMs", `${vms.examined} of ${vms.found} from customized images were looked at`)];
  return [
    line("Subject", subject),
    ...counted,
    line("Verdict", verdict === "clear" ? "nothing stands in the way" : "something stands in the way"),
    ...findings.flatMap((finding) => ["", ...findingText(finding, subject)]),
  ].join("\n");
}

function findingText({ code, weight, saw, remedy, source, about }: ReportedFinding, subject: string): string[] {
  return [
    line(WORDS[weight], `${saw} (${code})`),
    ...(about.length === 1 && about[0] === subject ? [] : [line("On", namesOf(about))]),
    line("Remedy", remedy),
    ...(source === undefined ? [] : [line("Source", source)]),
  ];
}

const MOST_NAMES = 5;

function namesOf(ids: readonly string[]): string {
  const names = ids.slice(0, MOST_NAMES).map((id) => (id.split("/").length > 3 ? id.split("/").at(-1) : id));
  const more = ids.length - names.length;
  return `${names.join(", ")}${more > 0 ? ` and ${more} more (--json names all)` : ""}`;
}

const line = (name: string, text: string): string => `${`${name}:`.padEnd(15)}${text}`;
