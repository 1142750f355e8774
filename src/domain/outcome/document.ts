import { outcomeNames, outcomeTable, type OutcomeName, type RetryClass } from "./table";

export const outcomeMeanings: Readonly<Record<OutcomeName, string>> = {
  patched: "The VM is patched and well.",
  patchedWithWarnings: "The installation ended, and something is left to look at.",
  assessed: "The VM was assessed, as asked; nothing was installed.",
  upToDate: "There was nothing to install.",
  unsupported: "Azure cannot patch this image.",
  undetermined: "Azure did not tell what must be known to go on.",
  notReady: "The VM was in no state to be patched.",
  busy: "Somebody else works on the VM.",
  failed: "The run could not do what was asked.",
  skipped: "The run had no business with this VM, or a gate was closed.",
  cancelled: "The run was cancelled as asked.",
};

export const retryMeanings: Readonly<Record<RetryClass, string>> = {
  none: "another run would end the same way",
  transient: "another run can end better at once",
  wait: "another run can end better after a while, or once its cause is mended",
  permanent: "another run ends the same way until somebody acts",
};

/** docs/outcomes.md, in Markdown: every way in which a run ends, grouped by outcome, in the table's order. */
export function renderOutcomeDocument(): string {
  const retries = Object.entries(retryMeanings).map(([retry, meaning]) => `- **${retry}**: ${meaning}.`);
  return [
    "# Outcomes",
    "Generated from `src/domain/outcome/table.ts` by `node build/docs.mjs`; change the table, not this page.",
    "Every run ends with exactly one outcome. Its code says what was observed, and what to do next.",
    "What a retry can bring:",
    retries.join("\n"),
    ...outcomeNames.flatMap(renderOutcome),
  ]
    .join("\n\n")
    .concat("\n");
}

function renderOutcome(name: OutcomeName): string[] {
  const rows = Object.entries(outcomeTable)
    .filter(([, { outcome }]) => outcome === name)
    .map(([code, { meaning, retry, nextStep }]) => tableRow([`\`${code}\``, meaning, retry, nextStep]));
  const header = [tableRow(["Code", "Meaning", "Retry", "Next step"]), tableRow(["---", "---", "---", "---"])];
  return [`## ${name}`, outcomeMeanings[name], [...header, ...rows].join("\n")];
}

const tableRow = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
