import { describe, expect, it } from "@jest/globals";
import { nearestName } from "../../src/domain/nearest";

const names = ["schedule", "scope", "stages", "at", "on", "failureBudget", "windows"];

describe("the name that was meant", () => {
  it.each([
    ["a letter too few", "schdule", "schedule"],
    ["a letter too many", "scopes", "scope"],
    ["another letter", "stagez", "stages"],
    ["two letters swapped", "shcedule", "schedule"],
    ["two slips", "failurbudgets", "failureBudget"],
    ["another case", "failurebudget", "failureBudget"],
    ["a short name", "ta", "at"],
    ["the nearest of several", "stage", "stages"],
  ])("by %s", (_, word, name) => expect(nearestName(word, names)).toBe(name));

  it.each([
    ["another word", "colour"],
    ["three slips", "shceduless"],
    ["two slips in a short name", "xy"],
    ["nothing", ""],
    ["a very long word", "w".repeat(100_000)],
  ])("is none by %s", (_, word) => expect(nearestName(word, ["schedule", "windows", "at"])).toBeUndefined());
});
