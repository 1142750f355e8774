import { globSync, readFileSync } from "node:fs";
import path from "node:path";

export const ROOT = path.resolve(__dirname, "../..");

/** A page for people, as it is written. */
export interface Page {
  /** From the root of the repository. */
  readonly file: string;
  readonly text: string;
}

export interface Fence {
  readonly language: string;
  /** What stands after the language, such as the terminal of a tutorial's step. */
  readonly info: string;
  readonly text: string;
}

export const readPage = (file: string): Page => ({ file, text: readFileSync(path.join(ROOT, file), "utf8") });

/** Every page for users and contributors, by name. */
export const pages: readonly Page[] = globSync(["*.md", "docs/**/*.md", "infra/**/*.md"], { cwd: ROOT })
  .toSorted()
  .map(readPage);

const FENCE = /^( *)```(\w*) ?([^\n]*)\n([^]*?)^\1```$/gm;

export const fencesOf = ({ text }: Page): Fence[] =>
  [...text.matchAll(FENCE)].map(([, indent = "", language = "", info = "", body = ""]) => ({
    language,
    info,
    text: body.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  }));

/** Without code blocks. */
export const proseOf = ({ text }: Page): string => text.replaceAll(FENCE, "");

/** What stands in backticks, outside of code blocks. */
export const codeSpansOf = (page: Page): string[] =>
  [...proseOf(page).matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);

/** Commands of a page's shell blocks, one a line: continued lines are joined, comments are left out. */
export const shellLinesOf = (page: Page): string[] =>
  fencesOf(page)
    .filter(({ language }) => language === "sh")
    .flatMap(({ text }) => text.replaceAll(/\\\n\s*/g, " ").split("\n"))
    .map((line) => line.replace(/(?:^|\s)#.*$/, "").trim())
    .filter((line) => line !== "");

/** The cells of the table after a marker `<!-- name -->`, without its head. @throws Error when there is none */
export function tableAfter(page: Page, marker: string): string[][] {
  const [, after] = page.text.split(`<!-- ${marker} -->\n`);
  const rows = after
    ?.trimStart()
    .split("\n\n")[0]
    ?.split("\n")
    .filter((line) => line.startsWith("|"));
  if (!rows || rows.length < 3) throw new Error(`${page.file} has no table after <!-- ${marker} -->`);
  return rows.slice(2).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
