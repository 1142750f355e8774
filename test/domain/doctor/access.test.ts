import { describe, expect, test } from "@jest/globals";
import { isGranted, type Grant } from "../../../src/domain/doctor/access";

const INSTALL = "Microsoft.Compute/virtualMachines/installPatches/action";
const grant = (actions: readonly string[], notActions: readonly string[] = []): Grant => ({ actions, notActions });

describe("isGranted", () => {
  test.each<[string, readonly Grant[]]>([
    ["the action itself, in another case", [grant([INSTALL.toUpperCase()])]],
    ["everything", [grant(["*"])]],
    ["all of the provider", [grant(["Microsoft.Compute/*"])]],
    ["all actions of any resource", [grant(["*/action"])]],
    ["one assignment that has it, beside one that takes it back", [grant(["*"], [INSTALL]), grant([INSTALL])]],
  ])("grants by %s", (_, grants) => {
    expect(isGranted(grants, INSTALL)).toBe(true);
  });

  test.each<[string, readonly Grant[]]>([
    ["nothing at all", []],
    ["reads only", [grant(["*/read"])]],
    ["a part of its name", [grant(["Microsoft.Compute/virtualMachines/install"])]],
    ["a dot that stands for any character", [grant([INSTALL.replace(".", "x")])]],
    ["everything without it", [grant(["*"], ["microsoft.compute/virtualmachines/installpatches/*"])]],
    ["two that each take it back", [grant(["*"], [INSTALL]), grant([INSTALL], ["*/action"])]],
  ])("does not grant by %s", (_, grants) => {
    expect(isGranted(grants, INSTALL)).toBe(false);
  });
});
