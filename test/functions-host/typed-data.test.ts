import { expect, test } from "@jest/globals";
import type { TypedData } from "../../src/local/functions-host/core/contract";
import { textData } from "../../src/local/functions-host/core/typed-data";

/** As `@azure/functions` 4.16.5 reads it. */
function read({ string, json }: TypedData): unknown {
  if (string === undefined) return JSON.parse(json ?? "");
  try {
    return JSON.parse(string);
  } catch {
    return string;
  }
}

test.each([
  ["sweep-0f", "sweep-0f"],
  ["0f00", "0f00"],
  ["123", 123],
  ["-1", -1],
  ["true", true],
  ["false", false],
  ["null", null],
  ["none", "none"],
  ['{"a":1}', { a: 1 }],
  ["[1]", [1]],
  ['"quoted"', "quoted"],
  [" 1", 1],
  ["Ünder", "Ünder"],
  ['say "x"', 'say "x"'],
])("the worker reads %j as %j", (text, value) => {
  expect(read(textData(text))).toEqual(value);
  expect(read({ string: text })).toEqual(value);
});
