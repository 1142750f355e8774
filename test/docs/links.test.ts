import { describe, expect, it } from "@jest/globals";
import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { pages, proseOf, readPage, ROOT, type Page } from "./pages";

/** Hosts whose pages may be pointed to. They are not asked: a test needs no network. */
const HOSTS = [
  "azure.microsoft.com",
  "cyclonedx.org",
  "docs.npmjs.com",
  "github.com",
  "keepachangelog.com",
  "learn.microsoft.com",
  "modal.com",
  "semver.org",
];

/** Addresses that stand for a reader's own, not pages. */
const EXAMPLES = /^http:\/\/127\.0\.0\.1\b|^https:\/\/(?:management\.azure\.com|ACCOUNT\.)/;

const targetsOf = (page: Page): string[] => {
  const prose = proseOf(page).replaceAll(/`[^`\n]+`/g, "");
  const written = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  return [...written, ...(prose.match(/https?:\/\/[^\s)>|]+/g) ?? [])];
};

const isExternal = (target: string): boolean => /^[a-z]+:/i.test(target);

/** The anchors that GitHub gives a page's headings. */
function anchorsOf(page: Page): string[] {
  const seen = new Map<string, number>();
  return [...proseOf(page).matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, heading = ""]) => {
    const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll(/[`*]/g, "");
    const anchor = words
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-");
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return times === 0 ? anchor : `${anchor}-${times}`;
  });
}

describe.each(pages.map((page) => [page.file, page] as const))("%s", (_, page) => {
  it("points to files and headings that exist", () => {
    const broken = targetsOf(page)
      .filter((target) => !isExternal(target))
      .filter((target) => {
        const [relative = "", anchor] = target.split("#");
        const file = relative === "" ? page.file : path.join(path.dirname(page.file), relative);
        if (!existsSync(path.join(ROOT, file))) return true;
        return anchor !== undefined && !anchorsOf(readPage(file)).includes(anchor);
      });
    expect(broken).toEqual([]);
  });

  it("points to nothing outside but https pages of known hosts", () => {
    const strange = targetsOf(page)
      .filter((target) => isExternal(target) && !EXAMPLES.test(target))
      .filter((target) => {
        const { protocol, hostname } = new URL(target);
        return protocol !== "https:" || !HOSTS.includes(hostname);
      });
    expect(strange).toEqual([]);
  });
});

it("every page of docs/ can be reached from the README", () => {
  const reached = new Set(["README.md"]);
  for (const file of reached) {
    for (const target of targetsOf(readPage(file)).filter((link) => !isExternal(link))) {
      const next = path.join(path.dirname(file), target.split("#")[0] ?? "");
      if (next.endsWith(".md")) reached.add(next);
    }
  }
  const docs = pages.map(({ file }) => file).filter((file) => file.startsWith("docs/"));
  expect(docs.filter((file) => !reached.has(file))).toEqual([]);
});

it("source files that pages name exist", () => {
  const named = pages.flatMap((page) =>
    [...page.text.matchAll(/`((?:src|test|infra|build|docs|\.ci|\.github)\/[\w./-]+)`/g)].map(
      ([, file = ""]) => [page.file, file] as const,
    ),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(([, file]) => !existsSync(path.join(ROOT, file)))).toEqual([]);
});

it("the workflow runs what proves a fresh clone", () => {
  const workflows = globSync(".github/workflows/*.yml", { cwd: ROOT });
  expect(
    workflows.map((file) => /^\s*(?:- )?run: \.ci\/run$/m.test(readFileSync(path.join(ROOT, file), "utf8"))),
  ).toEqual([true]);
});
