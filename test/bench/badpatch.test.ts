import { describe, expect, it } from "@jest/globals";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { parseFleet } from "../../src/local/simulated-azure";
import { badPatchFleet, RATES } from "./badpatch/fleet";
import { goesTooWrong } from "./badpatch/loops";
import { missesOf, reportOf, tableOf, type Report } from "./badpatch/report";

describe("the fleet", () => {
  const broken = (vms: number, rate: number, seed: number) => {
    const { file, breakable } = badPatchFleet(vms, rate, seed);
    const fleet = parseFleet(file);
    const breaking = fleet.vms.filter(
      ({ pending }) => Array.isArray(pending) && pending.some(({ afterReboot }) => afterReboot === "agentLost"),
    );
    expect(breaking).toHaveLength(breakable);
    return { fleet, breaking };
  };

  it.each(RATES.map((rate) => [rate, Math.round(250 * rate)]))(
    "of four images with as many VMs has one of which %d break: %d VMs",
    (rate, count) => {
      const { fleet, breaking } = broken(1000, rate, 7);
      expect(fleet.images.map(({ name }) => fleet.vms.filter(({ image }) => image === name).length)).toEqual([
        250, 250, 250, 250,
      ]);
      expect(breaking).toHaveLength(count);
      expect(new Set(breaking.map(({ image }) => image)).size).toBe(1);
    },
  );

  it("is the same for the same seed; another seed hits other machines, of each image in turn", () => {
    expect(badPatchFleet(40, 0.3, 3)).toEqual(badPatchFleet(40, 0.3, 3));
    const hits = Array.from({ length: 20 }, (_, seed) => broken(40, 0.3, seed).breaking);
    expect(new Set(hits.map((vms) => JSON.stringify(vms.map(({ name }) => name)))).size).toBe(20);
    expect(new Set(hits.map(([vm]) => vm?.image)).size).toBe(4);
  });
});

describe("the threshold", () => {
  it.each([
    [0, 1, false],
    [1, 1, true],
    [1, 10, false],
    [2, 15, true],
    [100, 1000, false],
    [101, 1000, true],
  ])("%d failures of %d", (failures, ended, stops) => expect(goesTooWrong(failures, ended)).toBe(stops));
});

describe("the verdict", () => {
  const report = (rates: Report["rates"]): Report => ({ vms: 1000, seeds: 20, rates });
  const won = { goldpatch: 1, threshold: 2, naive: 3 };

  it("takes the mean of all seeds", () => {
    const harmed = { goldpatch: 0, threshold: 10, naive: 100 };
    expect(reportOf(40, 3, [0.1, 1], ({ rate, seed, contender }) => harmed[contender] + rate * seed)).toEqual({
      vms: 40,
      seeds: 3,
      rates: {
        "0.1": { goldpatch: 0.2, threshold: 10.2, naive: 100.2 },
        "1": { goldpatch: 2, threshold: 12, naive: 102 },
      },
    });
  });

  it("misses nothing when goldpatch harms fewer than both at each rate", () => {
    expect(missesOf(report({ "0.1": won, "0.3": won, "1": won }))).toEqual([]);
  });

  it.each([
    ["as many as naive", { goldpatch: 3, threshold: 4, naive: 3 }, ["rate 0.3: goldpatch harms 3 VMs, naive 3"]],
    [
      "as many as threshold",
      { goldpatch: 2, threshold: 2, naive: 3 },
      ["rate 0.3: goldpatch harms 2 VMs, threshold 2"],
    ],
    [
      "more than both",
      { goldpatch: 9, threshold: 2, naive: 3 },
      ["rate 0.3: goldpatch harms 9 VMs, threshold 2", "rate 0.3: goldpatch harms 9 VMs, naive 3"],
    ],
    [
      "nobody knows how many",
      { goldpatch: Number.NaN, threshold: 2, naive: 3 },
      ["rate 0.3: goldpatch harms NaN VMs, threshold 2", "rate 0.3: goldpatch harms NaN VMs, naive 3"],
    ],
  ])("misses when goldpatch harms %s", (_what, harm, misses) => {
    expect(missesOf(report({ "0.1": won, "0.3": harm, "1": won }))).toEqual(misses);
  });

  it("has a table, by rate", () => {
    expect(tableOf(report({ "1": won, "0.1": { ...won, naive: 250 } }))).toBe(
      [
        "Harmed of 1000 VMs, mean of 20 seeds",
        "    breaks goldpatch threshold     naive",
        "      10 %      1.00      2.00    250.00",
        "     100 %      1.00      2.00      3.00",
        "",
      ].join("\n"),
    );
  });
});

describe("npm run bench:badpatch", () => {
  const bench = (...args: string[]) =>
    spawnSync(process.execPath, ["build/program.mjs", "test/bench/badpatch/main.ts", ...args], {
      cwd: path.resolve(__dirname, "../.."),
      encoding: "utf8",
    });

  it("tells the harm of each contender at each rate, goldpatch's the least", () => {
    const { status, stdout, stderr } = bench("--vms", "62", "--seeds", "1", "--json");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const report = JSON.parse(stdout) as Report;
    expect(report).toEqual({
      vms: 62,
      seeds: 1,
      rates: {
        "0.1": { goldpatch: expect.any(Number), threshold: expect.any(Number), naive: 2 },
        "0.3": { goldpatch: expect.any(Number), threshold: expect.any(Number), naive: 5 },
        "1": { goldpatch: expect.any(Number), threshold: expect.any(Number), naive: 15 },
      },
    });
    expect(missesOf(report)).toEqual([]);
  });

  it("ends with 1 when goldpatch does not harm fewer: of four VMs each contender harms the one", () => {
    const { status, stdout, stderr } = bench("--vms", "4", "--seeds", "1");
    expect({ status, stdout: stdout.split("\n")[0] }).toEqual({
      status: 1,
      stdout: "Harmed of 4 VMs, mean of 1 seeds",
    });
    expect(stderr).toContain("missed: rate 1: goldpatch harms 1 VMs, naive 1");
  });

  it.each([
    [["--vms", "many"], '--vms: "many": give a whole number from 4 to 10000\n'],
    [["--seeds", "0"], '--seeds: "0": give a whole number from 1 to 1000\n'],
  ])("refuses %j", (args, told) => {
    const { status, stderr } = bench(...args);
    expect({ status, stderr }).toEqual({ status: 2, stderr: told });
  });

  it("tells what it takes", () => {
    const { status, stdout } = bench("--help");
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining("--seeds N") });
    expect(bench("--unknown")).toMatchObject({ status: 2, stderr: expect.stringContaining("--vms N") });
  });
});
