import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "@jest/globals";
import { operationNames, operations } from "../support/operations";
import { readPage, ROOT, tableAfter } from "./pages";

const PROOF = "test/scenarios/operations.test.ts";

describe("the table of operations", () => {
  it("is what the scenarios play, cell by cell", () => {
    const rows = operationNames.map((operation) => {
      const { name, command, route, cells } = operations[operation];
      return [name, command, route, cells.windows, cells.linux, cells.arc];
    });
    expect(tableAfter(readPage("README.md"), "operations")).toEqual(rows);
  });

  it.each(operationNames)("names for %s the tests that prove it", (operation) => {
    const files = [PROOF, ...operations[operation].tests];
    expect(files.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
  });
});
