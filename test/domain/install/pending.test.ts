import { expect, test } from "@jest/globals";
import type { InstallRequest } from "../../../src/domain/install/options";
import { nothingPending, type PendingCounts } from "../../../src/domain/install/pending";

const common = { rebootSetting: "Never", maximumDuration: "PT3H55M" } as const;
const windows = (windowsParameters: InstallRequest["windowsParameters"] = {}): InstallRequest => ({
  ...common,
  windowsParameters,
});
const linux = (linuxParameters: InstallRequest["linuxParameters"] = {}): InstallRequest => ({
  ...common,
  linuxParameters,
});
const criticalAndSecurity = { classificationsToInclude: ["Critical", "Security"] } as const;

test.each<[string, PendingCounts, InstallRequest, boolean]>([
  ["critical and security asked, none pending", { criticalAndSecurity: 0, other: 5 }, linux(criticalAndSecurity), true],
  [
    "critical and security asked, none pending",
    { criticalAndSecurity: 0, other: 5 },
    windows(criticalAndSecurity),
    true,
  ],
  ["critical and security asked, others not counted", { criticalAndSecurity: 0 }, linux(criticalAndSecurity), true],
  ["critical and security asked, one pending", { criticalAndSecurity: 1, other: 0 }, linux(criticalAndSecurity), false],
  ["critical and security asked, not counted", { other: 0 }, linux(criticalAndSecurity), false],
  [
    "other asked, other pending",
    { criticalAndSecurity: 0, other: 1 },
    linux({ classificationsToInclude: ["Other"] }),
    false,
  ],
  [
    "other asked, nothing pending",
    { criticalAndSecurity: 0, other: 0 },
    linux({ classificationsToInclude: ["Other"] }),
    true,
  ],
  [
    "other asked, not counted",
    { criticalAndSecurity: 0 },
    linux({ classificationsToInclude: ["Security", "Other"] }),
    false,
  ],
  [
    "update rollups asked, other pending",
    { criticalAndSecurity: 0, other: 1 },
    windows({ classificationsToInclude: ["UpdateRollUp"] }),
    false,
  ],
  [
    "packages named, other pending",
    { criticalAndSecurity: 0, other: 1 },
    linux({ packageNameMasksToInclude: ["vim*"] }),
    false,
  ],
  [
    "packages named, nothing pending",
    { criticalAndSecurity: 0, other: 0 },
    linux({ packageNameMasksToInclude: ["vim*"] }),
    true,
  ],
  [
    "KBs named, other pending",
    { criticalAndSecurity: 0, other: 1 },
    windows({ kbNumbersToInclude: ["KB4512508"] }),
    false,
  ],
  [
    "KBs named beside classifications, other pending",
    { criticalAndSecurity: 0, other: 1 },
    windows({ ...criticalAndSecurity, kbNumbersToInclude: ["KB4512508"] }),
    false,
  ],
  [
    "exclusions only narrow",
    { criticalAndSecurity: 0, other: 1 },
    windows({ ...criticalAndSecurity, kbNumbersToExclude: ["KB4512508"] }),
    true,
  ],
  ["nothing counted", {}, linux(criticalAndSecurity), false],
])("%s: %j", (_, counts, request, nothing) => {
  expect(nothingPending(counts, request)).toBe(nothing);
});
