import { expect, it } from "@jest/globals";
import { routes } from "../../src/functions/routes";
import { codeSpansOf, pages, readPage, tableAfter } from "./pages";

const REQUEST = /^(GET|POST|PUT|DELETE) \/api\/(\S+)$/;

/** `GET /api/runs[/{id}]` tells of two routes. */
const requestsIn = (spans: readonly string[]): string[] =>
  spans
    .filter((span) => REQUEST.test(span))
    .map((span) => span.replace(/\?.*$/, ""))
    .flatMap((span) => (span.includes("[") ? [span.replace(/\[.*\]/, ""), span.replace(/\[(.*)\]/, "$1")] : [span]))
    // Pages may name a parameter as they like, in braces or in capitals.
    .map((span) => span.replaceAll(/\{\*?\w+\}|\b[A-Z_]+_ID\b/g, "{}"));

const registered = Object.values(routes).map(
  ({ method, path }) => `${method} /api/${path.replaceAll(/\{\*?\w+\}/g, "{}")}`,
);

it("the README's table tells every route once, and no other", () => {
  const rows = tableAfter(readPage("README.md"), "routes");
  const spans = rows.flat().flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code));
  expect(requestsIn(spans).toSorted()).toEqual(registered.toSorted());
});

it.each(pages.map((page) => [page.file, page] as const))("%s names routes that exist", (_, page) => {
  expect(requestsIn(codeSpansOf(page)).filter((request) => !registered.includes(request))).toEqual([]);
});
