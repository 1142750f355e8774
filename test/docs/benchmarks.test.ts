import { describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import path from "node:path";
import { readPage, ROOT, tableAfter } from "./pages";

interface Row {
  readonly makespanRatio: number;
  readonly tokenUse: number;
  readonly armCallsPerVm: number;
  readonly graphQueriesPerVm: number;
  readonly workItemsPerVm: number;
  readonly throttled: number;
  readonly peakRssMb: number;
}
interface Fleet {
  readonly vms: number;
  readonly contenders: Readonly<Record<string, Row>>;
  readonly goldpatchStaged?: Row;
}
interface BadPatch {
  readonly rates: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const saved = (file: string): unknown => JSON.parse(readFileSync(path.join(ROOT, "docs/bench", file), "utf8"));
const count = (value: number): string => value.toLocaleString("en-US");

/** A row of the table; loops have no work items. */
const rowOf = (name: string, vms: number, row: Row): string[] => [
  name,
  count(vms),
  String(row.makespanRatio),
  String(row.tokenUse),
  String(row.armCallsPerVm),
  String(row.graphQueriesPerVm),
  row.workItemsPerVm === 0 ? "–" : String(row.workItemsPerVm),
  count(row.throttled),
  count(row.peakRssMb),
];

describe("the README's figures of the benches", () => {
  const readme = readPage("README.md");

  it("are those of the fleets that were played", () => {
    const small = saved("fleet.json") as Fleet;
    const large = saved("fleet-10000.json") as Fleet;
    const rows = [
      ...Object.entries(small.contenders).map(([name, row]) => rowOf(name, small.vms, row)),
      ...(small.goldpatchStaged ? [rowOf("staged", small.vms, small.goldpatchStaged)] : []),
      ...Object.entries(large.contenders).map(([name, row]) => rowOf(name, large.vms, row)),
    ];
    expect(tableAfter(readme, "fleet bench")).toEqual(rows);
  });

  it("are those of the bad patches that were played, and goldpatch harms fewest", () => {
    const { rates } = saved("badpatch.json") as BadPatch;
    const byRate = Object.entries(rates).sort(([one], [other]) => Number(one) - Number(other));
    const rows = byRate.map(([rate, harmed]) => [
      `${Number(rate) * 100} %`,
      ...["goldpatch", "threshold", "naive"].map((name) => String(harmed[name])),
    ]);
    expect(tableAfter(readme, "bad patch bench")).toEqual(rows);
    for (const { goldpatch = Number.NaN, threshold = 0, naive = 0 } of Object.values(rates)) {
      expect(goldpatch).toBeLessThan(Math.min(threshold, naive));
    }
  });
});
