import { describe, expect, it } from "@jest/globals";
import { isPeriodic, periodicAssessmentPatch } from "../../../src/domain/maintenance/periodic-assessment";

describe("periodic assessment", () => {
  it.each<[string | undefined, boolean]>([
    ["AutomaticByPlatform", true],
    ["automaticbyplatform", true],
    ["ImageDefault", false],
    [undefined, false],
  ])("with assessmentMode %s is %s", (assessmentMode, on) => {
    expect(isPeriodic({ osType: "Linux", ...(assessmentMode !== undefined && { assessmentMode }) })).toBe(on);
  });

  it("is turned on and off by one field of the system's own block", () => {
    expect(periodicAssessmentPatch("Windows", true)).toEqual({
      properties: {
        osProfile: { windowsConfiguration: { patchSettings: { assessmentMode: "AutomaticByPlatform" } } },
      },
    });
    expect(periodicAssessmentPatch("Linux", false)).toEqual({
      properties: { osProfile: { linuxConfiguration: { patchSettings: { assessmentMode: "ImageDefault" } } } },
    });
  });
});
