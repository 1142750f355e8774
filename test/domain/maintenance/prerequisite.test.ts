import { describe, expect, it } from "@jest/globals";
import {
  missingPrerequisites,
  prerequisitePatch,
  situationOf,
  situationTexts,
  type PatchSettings,
} from "../../../src/domain/maintenance/prerequisite";

describe("the eight situations of a VM and its schedule", () => {
  it.each([
    ["AutomaticByPlatform", true, true, "scheduleRuns"],
    ["automaticbyplatform", true, false, "readyWithoutSchedule"],
    ["AutomaticByPlatform", false, true, "bypassMissing"],
    ["AutomaticByPlatform", undefined, false, "platformPatches"],
    ["Manual", true, true, "modeMissingDespiteBypass"],
    ["Manual", true, false, "bypassAlone"],
    [undefined, undefined, true, "bothMissing"],
    ["ImageDefault", false, false, "nothingAsked"],
  ] as const)("mode %s, bypass %s, schedule %s: %s", (patchMode, bypass, hasSchedule, situation) => {
    const settings: PatchSettings = {
      osType: "Linux",
      ...(patchMode !== undefined && { patchMode }),
      ...(bypass !== undefined && { bypassPlatformSafetyChecksOnUserSchedule: bypass }),
    };
    expect(situationOf(settings, hasSchedule)).toBe(situation);
    expect(situationTexts[situation]).not.toBe("");
  });

  it("have words of their own each", () => {
    expect(new Set(Object.values(situationTexts)).size).toBe(8);
  });
});

describe("what a VM lacks for schedules", () => {
  it("is nothing when both are set", () => {
    const ready = { patchMode: "AutomaticByPlatform", bypassPlatformSafetyChecksOnUserSchedule: true };
    expect(missingPrerequisites({ osType: "Linux", ...ready })).toEqual([]);
    expect(missingPrerequisites({ osType: "Windows", ...ready })).toEqual([]);
  });

  it("is told field by field, with what the model says now", () => {
    expect(missingPrerequisites({ osType: "Windows", patchMode: "Manual", enableAutomaticUpdates: false })).toEqual([
      { path: "osProfile.windowsConfiguration.patchSettings.patchMode", from: "Manual", to: "AutomaticByPlatform" },
      {
        path: "osProfile.windowsConfiguration.patchSettings.automaticByPlatformSettings.bypassPlatformSafetyChecksOnUserSchedule",
        from: null,
        to: true,
      },
      { path: "osProfile.windowsConfiguration.enableAutomaticUpdates", from: false, to: true },
    ]);
    expect(missingPrerequisites({ osType: "Windows" }).map(({ from }) => from)).toEqual([null, null, null]);
    expect(
      missingPrerequisites({ osType: "Windows", patchMode: "AutomaticByOS", enableAutomaticUpdates: true }),
    ).toHaveLength(2);
    expect(
      missingPrerequisites({
        osType: "Linux",
        patchMode: "AutomaticByPlatform",
        bypassPlatformSafetyChecksOnUserSchedule: false,
      }),
    ).toEqual([
      {
        path: "osProfile.linuxConfiguration.patchSettings.automaticByPlatformSettings.bypassPlatformSafetyChecksOnUserSchedule",
        from: false,
        to: true,
      },
    ]);
  });

  it("is sent in one body, mode and bypass together", () => {
    const patchSettings = {
      patchMode: "AutomaticByPlatform",
      automaticByPlatformSettings: { bypassPlatformSafetyChecksOnUserSchedule: true },
    };
    expect(prerequisitePatch("Linux")).toEqual({
      properties: { osProfile: { linuxConfiguration: { provisionVMAgent: true, patchSettings } } },
    });
    expect(prerequisitePatch("Windows")).toEqual({
      properties: {
        osProfile: {
          windowsConfiguration: { provisionVMAgent: true, enableAutomaticUpdates: true, patchSettings },
        },
      },
    });
  });
});
