import { expect, test } from "@jest/globals";
import { parseDuration } from "../../../src/domain/install/duration";

const MINUTE_MS = 60_000;

test.each([
  ["PT3H55M", 235 * MINUTE_MS],
  ["PT4H", 240 * MINUTE_MS],
  ["PT25M", 25 * MINUTE_MS],
  ["PT235M", 235 * MINUTE_MS],
  ["PT0M", 0],
  ["PT12H0M", 720 * MINUTE_MS],
])("%s is %d ms", (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each([
  "",
  "PT",
  "4H",
  "PT4",
  "P1D",
  "PT30S",
  "PT1H30",
  "PT1.5H",
  "pt4h",
  "PT-1H",
  " PT4H",
  "PT4H ",
  "PT100H",
  "PT1000M",
  "PT5M1H",
])("%j is no duration in hours and minutes", (text) => {
  expect(parseDuration(text)).toBeUndefined();
});
