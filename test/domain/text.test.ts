import { expect, test } from "@jest/globals";
import { sameText } from "../../src/domain/text";

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
