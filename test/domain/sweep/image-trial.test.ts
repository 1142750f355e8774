import { describe, expect, test } from "@jest/globals";
import { heard, newTrial, trialState } from "../../../src/domain/sweep/image-trial";

const rules = { tries: 3, deadline: "PT2H", agreeing: 2, expiresAfterDays: 30 };
const DAY = 86_400_000;
const NOW = 100 * DAY;
const trial = newTrial(NOW);
const silent = (count: number) =>
  Array.from({ length: count }, (_, index) => `silent-${index}`).reduce(
    (so, vm) => heard(so, vm, undefined, true),
    trial,
  );

describe("what a VM tells", () => {
  test("nothing while it runs", () => expect(heard(trial, "a", undefined, false)).toBe(trial));
  test("nothing when it ended without", () => expect(heard(trial, "a", undefined, true).silent).toEqual(["a"]));
  test("supported", () => expect(heard(trial, "a", "supported", false).supported).toBe(true));
  test("unsupported, once however often it is heard", () =>
    expect(heard(heard(trial, "a", "unsupported", false), "a", "unsupported", true).against).toEqual(["a"]));
});

describe("what the other VMs of its image version may do", () => {
  const known = (told: "supported" | "unsupported", days: number, vmId = "old") => ({
    told,
    vmId,
    at: NOW - days * DAY,
  });

  test.each([
    ["nobody knows anything: one goes first", undefined, undefined, false, "try"],
    ["one is on its way", undefined, trial, true, "wait"],
    ["it ended without telling", undefined, silent(1), false, "try"],
    ["three did not tell", undefined, silent(3), false, "holdBack"],
    ["supported in this sweep", undefined, heard(trial, "a", "supported", true), true, "go"],
    ["one is unsupported: another must agree", undefined, heard(trial, "a", "unsupported", true), false, "try"],
    [
      "two are unsupported",
      undefined,
      heard(heard(trial, "a", "unsupported", true), "b", "unsupported", true),
      false,
      "holdBack",
    ],
    ["supported of old", known("supported", 29), undefined, false, "go"],
    ["supported too long ago", known("supported", 30), undefined, false, "try"],
    ["unsupported of old counts as one", known("unsupported", 1), undefined, false, "try"],
    [
      "and agrees with one of this sweep",
      known("unsupported", 1),
      heard(trial, "a", "unsupported", true),
      false,
      "holdBack",
    ],
    ["but not with itself", known("unsupported", 0, "a"), heard(trial, "a", "unsupported", true), false, "try"],
  ] as const)("%s", (_what, verdict, so, underWay, kind) => {
    expect(trialState(rules, NOW, verdict, so, underWay).kind).toBe(kind);
  });

  test("nobody waits longer than the deadline", () => {
    expect(trialState(rules, NOW + 2 * 3_600_000 - 1, undefined, trial, true)).toEqual({ kind: "wait" });
    expect(trialState(rules, NOW + 2 * 3_600_000, undefined, trial, true)).toEqual({
      kind: "holdBack",
      detail: "no verdict on its image version within PT2H",
    });
  });

  test("a deadline that is none holds for no time", () => {
    expect(trialState({ ...rules, deadline: "soon" }, NOW, undefined, trial, true).kind).toBe("holdBack");
  });
});
