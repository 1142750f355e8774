import type { RunView } from "../contracts/api/runs";
import { labelOf, saidOf } from "./machine-words";
import { rowOf } from "./plan-text";
import { shortImage } from "./short-names";

const GOOD = ["patched", "assessed", "upToDate"];

/** 0 when the run did what was asked, or there was nothing to do. */
export const exitCodeOfRun = ({ outcome }: RunView): number => (outcome !== null && GOOD.includes(outcome) ? 0 : 1);

/** A run in words: what became of it, why, what was seen, what to do next. */
export function runText(run: RunView): string {
  const { code, outcome, detail, nextStep, warnings } = run;
  const said = (text: string | null | undefined) => (text ? saidOf(run.vmId, text) : undefined);
  const installs = run.mode === "patch";
  const rows: (readonly [string, string | undefined])[] = [
    ["Outcome", outcome === null ? "none yet" : `${outcome} (${code ?? ""})`],
    ["Meaning", said(rowOf(code)?.meaning)],
    ["Detail", detail],
    [labelOf(run.vmId), run.vmId],
    ["Image", run.imageId === null ? run.imageKind : shortImage(run.imageId)],
    ["Support state", run.supportState ?? undefined],
    ["Patches", installs ? `${run.installedPatchCount} installed, ${run.failedPatchCount} failed` : undefined],
    ...warnings.map((warning) => ["Warning", warning] as const),
    ["Next step", said(nextStep)],
    ["Run", run.runId],
  ];
  const told = rows.flatMap(([name, value]) => (value ? [`${`${name}:`.padEnd(15)}${value}`] : []));
  return [...told, "Evidence:", ...run.steps.map(stepText)].join("\n");
}

function stepText({ name, attempt, startedAt, evidence }: RunView["steps"][number]): string {
  const which = attempt > 1 ? `${name} (${attempt})` : name;
  const seen = Object.entries(evidence).flatMap(([key, value]) =>
    value === null ? [] : [`${key} ${Array.isArray(value) ? value.join(", ") : String(value)}`],
  );
  return `  ${startedAt.slice(0, 19)}Z  ${[which, ...seen].join("; ")}`;
}
