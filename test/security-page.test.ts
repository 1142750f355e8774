import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "@jest/globals";
import { LARGEST_BODY_BYTES } from "../src/triggers/http/body";

const ROOT = path.join(__dirname, "..");
const page = readFileSync(path.join(ROOT, "SECURITY.md"), "utf8");
const source = (file: string): string => readFileSync(path.join(ROOT, file), "utf8");

it("names tests that exist", () => {
  const files = [...page.matchAll(/`(test\/[^`]+)`/g)].map(([, file = ""]) => file);

  expect(files.length).toBeGreaterThan(12);
  expect(files.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
});

it("has a test for each promise", () => {
  const [, promises = ""] = page.split("| Promise ");
  const [table = ""] = promises.split("\n\n");
  const rows = table.split("\n").slice(2);

  for (const row of rows) expect(row).toMatch(/^\| [A-Z`].+\| `test\/[\w/.-]+\.test\.ts` +\|$/);
});

it.each([
  ["Body of a request to the API", `${LARGEST_BODY_BYTES / 1024 / 1024} MiB`],
  ["VM ids in a request", /MOST_VMS = (\d+)/.exec(source("src/contracts/api/fields.ts"))?.[1]],
  [
    "A policy in a request",
    /LONGEST_POLICY = (\d+_\d+)/.exec(source("src/contracts/api/policies.ts"))?.[1]?.replace("_", ""),
  ],
  ["Entries of a list, of a mask", `${/MOST_ENTRIES = (\d+)/.exec(source("src/contracts/run.ts"))?.[1]} entries`],
  ["Entries of a list, of a mask", `${/LONGEST_MASK = (\d+)/.exec(source("src/contracts/run.ts"))?.[1]} characters`],
  ["Events in a delivery", /MOST_EVENTS = (\d+)/.exec(source("src/local/functions-host/http/event-grid.ts"))?.[1]],
  ["Principal in a header", `${/LONGEST_PRINCIPAL = (\d+) \*/.exec(source("src/triggers/http/access.ts"))?.[1]} KiB`],
  ["A text of Azure's that is kept", /LONGEST_MESSAGE = (\d+)/.exec(source("src/azure/answers.ts"))?.[1]],
])("tells the bound of: %s", (what, bound) => {
  const row = page.split("\n").find((line) => line.startsWith(`| ${what} `) && line.includes(String(bound)));
  expect(row).toBeDefined();
});
