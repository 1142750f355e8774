import { describe, expect, test } from "@jest/globals";
import {
  installRequestFor,
  linuxClassifications,
  problemOnMachine,
  problemWithOptions,
  rebootSettings,
  windowsClassifications,
  type InstallOptions,
  type InstallSubject,
} from "../../../src/domain/install/options";

const NOW = Date.parse("2026-11-23T10:00:00Z");
const DAY_MS = 24 * 3_600_000;
const linux: InstallSubject = { osType: "Linux", now: NOW };
const windows: InstallSubject = { osType: "Windows", now: NOW };
const CRITICAL_AND_SECURITY = ["Critical", "Security"];

// The enums of the Compute API (Virtual Machines, Install Patches); the how-to pages spell some otherwise.
test.each([
  ["rebootSetting", rebootSettings, ["IfRequired", "Never", "Always"]],
  ["classifications on Linux", linuxClassifications, ["Critical", "Security", "Other"]],
  [
    "classifications on Windows",
    windowsClassifications,
    ["Critical", "Security", "UpdateRollUp", "FeaturePack", "ServicePack", "Definition", "Tools", "Updates"],
  ],
])("%s takes the words of the Compute API", (_, words, known) => {
  expect(words).toEqual(known);
});

describe("problemWithOptions", () => {
  test.each([
    [undefined, "Windows"],
    [undefined, "Linux"],
    ["PT25M", "Windows"],
    ["PT20M", "Linux"],
    ["PT3H55M", "Windows"],
    ["PT4H", "Windows"],
    ["PT4H", "Linux"],
    ["PT240M", "Linux"],
  ] as const)("maximumDuration %s suits %s", (maximumDuration, osType) => {
    expect(problemWithOptions(maximumDuration === undefined ? {} : { maximumDuration }, osType)).toBeUndefined();
  });

  test.each([
    [
      "PT24M",
      "Windows",
      'install.maximumDuration: "PT24M" is too short for Windows, which starts nothing below 25 minutes',
    ],
    [
      "PT20M",
      "Windows",
      'install.maximumDuration: "PT20M" is too short for Windows, which starts nothing below 25 minutes',
    ],
    [
      "PT19M",
      "Linux",
      'install.maximumDuration: "PT19M" is too short for Linux, which starts nothing below 20 minutes',
    ],
    ["PT0M", "Linux", 'install.maximumDuration: "PT0M" is too short for Linux, which starts nothing below 20 minutes'],
    [
      "PT4H1M",
      "Windows",
      'install.maximumDuration: "PT4H1M" is longer than PT4H, the longest that Azure is known to accept',
    ],
    [
      "PT241M",
      "Linux",
      'install.maximumDuration: "PT241M" is longer than PT4H, the longest that Azure is known to accept',
    ],
    ["4 hours", "Linux", 'install.maximumDuration: "4 hours" is no duration such as PT2H30M'],
    ["", "Windows", 'install.maximumDuration: "" is no duration such as PT2H30M'],
  ] as const)("maximumDuration %j does not suit %s", (maximumDuration, osType, problem) => {
    expect(problemWithOptions({ maximumDuration }, osType)).toBe(problem);
  });
});

describe("installRequestFor", () => {
  test("asks for critical and security patches without a reboot by default, in the block of the VM's own system", () => {
    expect(installRequestFor({}, windows)).toEqual({
      rebootSetting: "Never",
      maximumDuration: "PT3H55M",
      windowsParameters: { classificationsToInclude: CRITICAL_AND_SECURITY },
    });
    expect(installRequestFor({}, linux)).toEqual({
      rebootSetting: "Never",
      maximumDuration: "PT3H55M",
      linuxParameters: { classificationsToInclude: CRITICAL_AND_SECURITY },
    });
  });

  test.each([
    ["a VM of an unknown age", {}, "Never"],
    ["a VM created now", { createdAt: NOW }, "IfRequired"],
    ["a VM a moment younger than a day", { createdAt: NOW - DAY_MS + 1 }, "IfRequired"],
    ["a VM a day old", { createdAt: NOW - DAY_MS }, "Never"],
  ])("reboots by default %s: %j", (_, age, rebootSetting) => {
    expect(installRequestFor({}, { ...linux, ...age }).rebootSetting).toBe(rebootSetting);
  });

  test.each(["IfRequired", "Never", "Always"] as const)(
    "keeps rebootSetting %s whatever the VM's age",
    (rebootSetting) => {
      expect(installRequestFor({ rebootSetting }, { ...linux, createdAt: NOW }).rebootSetting).toBe(rebootSetting);
      expect(installRequestFor({ rebootSetting }, linux).rebootSetting).toBe(rebootSetting);
    },
  );

  test("keeps maximumDuration as given", () => {
    expect(installRequestFor({ maximumDuration: "PT1H" }, linux).maximumDuration).toBe("PT1H");
  });

  test.each<[string, InstallOptions["windows"], object]>([
    [
      "classifications alone",
      { classificationsToInclude: ["UpdateRollUp"] },
      { classificationsToInclude: ["UpdateRollUp"] },
    ],
    ["KB numbers alone", { kbNumbersToInclude: ["KB4512508"] }, { kbNumbersToInclude: ["KB4512508"] }],
    [
      "KB numbers in both spellings",
      { kbNumbersToInclude: ["4512508", "kb890830", "KB5122871"] },
      { kbNumbersToInclude: ["KB4512508", "KB890830", "KB5122871"] },
    ],
    [
      "exclusions beside the default classifications",
      { kbNumbersToExclude: ["5122871"], excludeKbsRequiringReboot: true },
      {
        classificationsToInclude: CRITICAL_AND_SECURITY,
        kbNumbersToExclude: ["KB5122871"],
        excludeKbsRequiringReboot: true,
      },
    ],
    [
      "empty lists, which name nothing",
      { classificationsToInclude: [] },
      { classificationsToInclude: CRITICAL_AND_SECURITY },
    ],
  ])("Windows: %s", (_, options, windowsParameters) => {
    const request = installRequestFor(
      { ...(options && { windows: options }), linux: { packageNameMasksToInclude: ["x"] } },
      windows,
    );
    expect(request).toEqual({ rebootSetting: "Never", maximumDuration: "PT3H55M", windowsParameters });
  });

  test.each<[string, InstallOptions["linux"], object]>([
    ["classifications alone", { classificationsToInclude: ["Other"] }, { classificationsToInclude: ["Other"] }],
    ["masks alone", { packageNameMasksToInclude: ["openssl*"] }, { packageNameMasksToInclude: ["openssl*"] }],
    [
      "exclusions beside the default classifications",
      { packageNameMasksToExclude: ["kernel*"] },
      { classificationsToInclude: CRITICAL_AND_SECURITY, packageNameMasksToExclude: ["kernel*"] },
    ],
  ])("Linux: %s", (_, options, linuxParameters) => {
    const request = installRequestFor(
      { ...(options && { linux: options }), windows: { kbNumbersToInclude: ["4512508"] } },
      linux,
    );
    expect(request).toEqual({ rebootSetting: "Never", maximumDuration: "PT3H55M", linuxParameters });
  });
});

describe("problemOnMachine", () => {
  const both: InstallOptions = { windows: {}, linux: {} };

  test.each<[string, InstallOptions, "Windows" | "Linux", string | undefined]>([
    [
      "the other system's alone",
      { linux: {} },
      "Windows",
      "install.linux: the machine runs Windows: use install.windows",
    ],
    [
      "the other system's alone",
      { windows: {} },
      "Linux",
      "install.windows: the machine runs Linux: use install.linux",
    ],
    ["those of both", both, "Windows", undefined],
    ["those of both", both, "Linux", undefined],
    ["its own", { windows: {} }, "Windows", undefined],
    ["none", {}, "Linux", undefined],
    [
      "what no system takes",
      { maximumDuration: "soon" },
      "Linux",
      'install.maximumDuration: "soon" is no duration such as PT2H30M',
    ],
  ])("%s: %j on %s", (_, options, osType, problem) => {
    expect(problemOnMachine(options, osType)).toBe(problem);
  });
});
