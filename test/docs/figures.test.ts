import { describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import path from "node:path";
import { GRAPH_IDS_PER_QUERY, GRAPH_PAGE_ROWS, PATCHES_KEPT } from "../../src/azure/limits";
import { settingDocs } from "../../src/config";
import { DEFAULT_MAXIMUM_DURATION, SHORTEST_DURATION_MS } from "../../src/domain/install/options";
import { pages, readPage, ROOT } from "./pages";

const MINUTE_MS = 60_000;
const number = (text: string): number => Number(text.replaceAll(/[$,*]/g, ""));
const source = (file: string): string => readFileSync(path.join(ROOT, file), "utf8");

/** `2 GB × 30 s ÷ 10 = $6`: numbers, each with a word at most behind it. */
const SUM = /(\$?\d[\d,.]*(?: \p{L}+)?(?: [×÷] \$?\d[\d,.]*(?: \p{L}+)?)+) = (\**\$?\d[\d,.]*\d)/gu;

describe("sums that pages write out", () => {
  const sums = pages.flatMap(({ file, text }) =>
    [...text.matchAll(SUM)].map(([all, terms = "", result = ""]) => ({ file, all, terms, result: number(result) })),
  );

  it("are there", () => expect(sums.length).toBeGreaterThan(1));

  it.each(sums)("$file: $all", ({ terms, result }) => {
    const [first = "", ...rest] = terms.split(/ (?=[×÷])/);
    const value = (text: string): number => number(/\$?\d[\d,.]*/.exec(text)?.[0] ?? "");
    const product = rest.reduce(
      (so, term) => (term.startsWith("÷") ? so / value(term) : so * value(term)),
      value(first),
    );
    expect(result).toBeCloseTo(product, 2);
  });
});

describe("docs/limits.md", () => {
  const rows = readPage("docs/limits.md")
    .text.split("\n")
    .filter((line) => line.startsWith("| "));
  const longest = /and the longest installation add up to: ([\d.]+) hours/.exec(
    settingDocs.GOLDPATCH_RUN_DEADLINE_HOURS.meaning,
  );

  it.each([
    ["Resource Graph: about 15 queries", `at most ${GRAPH_IDS_PER_QUERY} VMs`],
    ["Resource Graph: 1,000 rows a page", `${GRAPH_PAGE_ROWS.toLocaleString("en-GB")} rows`],
    ["An installation takes at most", `\`${DEFAULT_MAXIMUM_DURATION}\` unless given`],
    ["An installation takes at most", `Windows needs ${SHORTEST_DURATION_MS.Windows / MINUTE_MS} minutes`],
    ["An installation takes at most", `Linux ${SHORTEST_DURATION_MS.Linux / MINUTE_MS}`],
    ["20 patches of an installation", `${PATCHES_KEPT} patches`],
    ["A run may take", `${longest?.[1] ?? "?"} hours`],
    [
      "1,000 VMs in one",
      number(/MOST_VMS = (\d+)/.exec(source("src/contracts/api/fields.ts"))?.[1] ?? "").toLocaleString("en-GB"),
    ],
    [
      "A sweep ends after",
      (
        GRAPH_PAGE_ROWS * number(/MAX_PAGES = (\d+)/.exec(source("src/orchestrators/sweep.ts"))?.[1] ?? "")
      ).toLocaleString("en-GB"),
    ],
  ])("has the figure of the sources: %s", (start, figure) => {
    expect(rows.find((row) => row.startsWith(`| ${start}`) && row.includes(figure))).toBeDefined();
  });

  it("has a source for every limit of Azure's", () => {
    const azures = rows.filter((row) => row.split("|").length === 5);
    expect(azures.length).toBeGreaterThan(10);
    for (const row of azures.slice(2)) expect(row.split("|").at(3)).toMatch(/https:\/\/|assumed|the same page/);
  });
});

it.each([
  ["docs/limits.md", "GOLDPATCH_MAX_ACTIVE_RUNS", "runs"],
  ["docs/limits.md", "GOLDPATCH_RUN_DEADLINE_HOURS", "hours"],
  ["docs/operations.md", "GOLDPATCH_RETENTION_DAYS", "days"],
  ["docs/operations.md", "GOLDPATCH_HISTORY_DAYS", "days"],
] as const)("%s tells the default of %s", (file, setting, unit) => {
  const rows = readPage(file)
    .text.split("\n")
    .filter((line) => line.startsWith("| ") && line.includes(`\`${setting}\``));
  expect(rows.join("\n")).toContain(` ${settingDocs[setting].default} ${unit} `);
});
