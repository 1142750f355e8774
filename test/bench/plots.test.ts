import { describe, expect, it, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Report } from "./badpatch/report";
import { barsSvg } from "./plots/bars";
import { badPatchPlot, fleetPlot, type FleetReport } from "./plots/plots";

const lengths = (svg: string): number[] =>
  [...svg.matchAll(/<rect class="(?:bar|ours)"[^>]* width="([\d.]+)"/g)].map(([, width]) => Number(width));

describe("a plot", () => {
  const plot = (values: readonly number[]) =>
    barsSvg({
      title: "one < two",
      subtitle: "& more",
      highlight: "b0",
      panels: [{ title: "panel", bars: values.map((value, at) => ({ label: `b${at}`, value, text: `${value}` })) }],
    });

  it("draws bars as long as their numbers, from zero", () => {
    const [one = 0, two, three] = lengths(plot([10, 20, 40]));
    expect([two, three]).toEqual([2 * one, 4 * one]);
  });

  it("shows a bar of nothing, also beside nothing", () => {
    expect(lengths(plot([0, 5]))[0]).toBe(2);
    expect(lengths(plot([0, 0]))).toEqual([2, 2]);
  });

  it("says all numbers in words, and escapes what it is told", () => {
    const svg = plot([1, 3]);
    expect(svg).toContain('<desc id="desc">panel: b0 1, b1 3</desc>');
    expect(svg).toContain("one &lt; two");
    expect(svg).toContain("&amp; more");
  });

  it("lets one label stand out, and can be read in the dark", () => {
    const svg = plot([1, 3]);
    expect(svg.match(/<rect class="ours"/g)).toHaveLength(1);
    expect(svg).toContain("prefers-color-scheme: dark");
  });
});

describe("docs/bench", () => {
  const read = (name: string): string => readFileSync(path.resolve(__dirname, "../../docs/bench", name), "utf8");
  const numbers = (name: string): unknown => JSON.parse(read(name));

  test("fleet.svg is drawn from fleet.json (npm run bench:plots)", () => {
    expect(read("fleet.svg")).toBe(fleetPlot(numbers("fleet.json") as FleetReport));
  });

  test("badpatch.svg is drawn from badpatch.json (npm run bench:plots)", () => {
    expect(read("badpatch.svg")).toBe(badPatchPlot(numbers("badpatch.json") as Report));
  });
});
