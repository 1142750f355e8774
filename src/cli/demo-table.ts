import type { RunView } from "../contracts/api/runs";
import type { DemoResult } from "../local/demo/main-job";
import { shortImage, vmName } from "./short-names";

/** Names told in one row; a fleet may have thousands. */
const NAMES_TOLD = 4;

const COLUMNS = ["Outcome", "Why", "Machines", "What to do next"];

/** By image version: its verdict, and what became of its VMs, alike ones in one row. */
export function demoTable({ runs, verdicts }: DemoResult): string {
  const tellingRuns = [...Map.groupBy(runs, ({ vmId }) => vmId.toLowerCase()).values()].flatMap(tellingRun);
  const blocks = [...Map.groupBy(tellingRuns, imageOf)]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([image, ofImage]) => ({ head: headOf(image, ofImage, verdicts), rows: rowsOf(ofImage) }));
  const allRows = [COLUMNS, ...blocks.flatMap(({ rows }) => rows)];
  const widths = COLUMNS.map((_, column) => Math.max(...allRows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd();
  return [line(COLUMNS), ...blocks.map(({ head, rows }) => [head, ...rows.map(line)].join("\n"))].join("\n\n");
}

/** The image version, or what there is in its place. */
function imageOf({ imageId, imageKind, osType }: RunView): string {
  if (imageId !== null) return shortImage(imageId);
  const system = osType ?? "unknown system";
  return imageKind === "none" ? `(Arc-enabled servers, ${system})` : `(${imageKind ?? "never read"}, ${system})`;
}

/** A VM may have several runs: the one that patched it tells its story, otherwise the last one that was more than a look. */
function tellingRun(runs: readonly RunView[]): readonly RunView[] {
  const best = Math.max(...runs.map(weightOf));
  return runs.filter((run) => weightOf(run) === best).slice(-1);
}

const weightOf = (run: RunView): number => (isPatched(run) ? 2 : Number(run.outcome !== "skipped"));

function headOf(image: string, runs: readonly RunView[], verdicts: DemoResult["verdicts"]): string {
  const [first] = runs;
  const seen = [...new Set(runs.flatMap(({ supportState }) => supportState ?? []))].join(" or ");
  const verdict = verdicts.get(first?.imageId ?? "") ?? (seen || "no verdict");
  const patched = runs.filter(isPatched).length;
  const system = first?.imageId ? first.osType : undefined;
  return [image, system, verdict, `${patched} of ${runs.length} patched`].filter(Boolean).join(" | ");
}

function rowsOf(runs: readonly RunView[]): string[][] {
  const alike = Map.groupBy(runs, ({ outcome, code }) => `${outcome ?? ""} ${code ?? ""}`);
  return [...alike.values()]
    .toSorted((a, b) => Number(b.some(isPatched)) - Number(a.some(isPatched)))
    .flatMap((group) =>
      group
        .slice(0, 1)
        .map(({ outcome, code, nextStep }) => [outcome ?? "", code ?? "", namesOf(group), nextStep ?? ""]),
    );
}

const isPatched = ({ installedPatchCount }: RunView): boolean => installedPatchCount > 0;

function namesOf(runs: readonly RunView[]): string {
  const names = runs.map(({ vmId }) => vmName(vmId)).toSorted();
  const more = names.length - NAMES_TOLD;
  return names.slice(0, NAMES_TOLD).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
