import { expect, test } from "@jest/globals";
import { excerpt, firstLine, printable, sameText } from "../../src/domain/text";

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
  ["boom ?code=abcdefgh1234\n  at line 1", "boom ?code=[redacted]"],
])("of the failure %j only %j is told", (failure, line) => {
  expect(firstLine(failure)).toBe(line);
});

test("a secret across the cut leaves nothing of itself", () => {
  expect(excerpt(`${"x".repeat(20)} AccountKey=abcdefghijklmnop`, 40)).toBe(`${"x".repeat(20)} AccountKey=[redacte`);
});

test("of a text that never ends only the beginning is looked at", () => {
  expect(excerpt("y".repeat(50_000_000), 10)).toBe("y".repeat(10));
});

test.each([
  ["plain, täxt 日本", "plain, täxt 日本"],
  ["two\nlines\ttab", "two\\u000alines\\u0009tab"],
  ["\u001b[31mred", "\\u001b[31mred"],
  ["\u007f\u0085\u2028\u202eback\u2066", "\\u007f\\u0085\\u2028\\u202eback\\u2066"],
])("of %j a terminal is shown %j", (text, shown) => {
  expect(printable(text)).toBe(shown);
});
