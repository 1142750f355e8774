import { describe, expect, it } from "@jest/globals";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { settingDocs } from "../../src/config";
import { ROOT } from "./goldpatch";

const README = path.join(ROOT, "README.md");
const SECTION = /(?<=<!-- settings -->\n)[^]*(?=<!-- \/settings -->)/;

const code = (text: string): string => (text === "" ? "" : `\`${text}\``);
const rows = Object.entries(settingDocs).map(([name, { default: preset, meaning }]) => [
  code(name),
  code(preset),
  meaning,
]);

/** The cells of a Markdown table, without its head. */
const cellsOf = (table: string): string[][] =>
  table
    .trim()
    .split("\n")
    .slice(2)
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

describe("README", () => {
  it("lists each setting with its default and meaning (UPDATE_README=1 writes them; then run prettier)", () => {
    if (process.env["UPDATE_README"]) {
      const table = [["Setting", "Default", "Meaning"], ["---", "---", "---"], ...rows];
      const written = table.map((row) => `| ${row.join(" | ")} |`).join("\n");
      writeFileSync(
        README,
        readFileSync(README, "utf8").replace(SECTION, () => `\n${written}\n\n`),
      );
    }
    const [section = ""] = SECTION.exec(readFileSync(README, "utf8")) ?? [];
    expect(cellsOf(section)).toEqual(rows);
  });

  it("points to files that exist", () => {
    const targets = [...readFileSync(README, "utf8").matchAll(/\]\((?!https?:)([^)#]+)/g)].map(
      ([, target]) => target ?? "",
    );
    expect(targets.length).toBeGreaterThan(2);
    for (const target of targets) expect([target, existsSync(path.join(ROOT, target))]).toEqual([target, true]);
  });
});
