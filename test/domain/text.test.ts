import { expect, test } from "@jest/globals";
import { firstLine, sameText } from "../../src/domain/text";

test.each([
  ["Succeeded", "Succeeded", true],
  ["SUCCEEDED", "succeeded", true],
  ["succeeded", "SUCCEEDED", true],
  ["Succeeded ", "Succeeded", false],
  ["", "", true],
  [undefined, "", false],
  [undefined, "undefined", false],
])("%j and %j are the same word: %s", (a, b, same) => {
  expect(sameText(a, b)).toBe(same);
});

test.each([
  ["boom", "boom"],
  ["boom\n  at line 1\n  at line 2", "boom"],
  ["\nboom", ""],
  ["", ""],
  ["x".repeat(301), "x".repeat(300)],
])("of the failure %j only %j is told", (failure, line) => {
  expect(firstLine(failure)).toBe(line);
});
