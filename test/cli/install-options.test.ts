import { describe, expect, it } from "@jest/globals";
import { installFlags, installOf, onlySystemOf, requireSystem } from "../../src/cli/install-options";
import { nothing } from "../../src/cli/argument";
import { readArguments } from "../../src/cli/options";
import { goldpatch } from "./goldpatch";

const install = (...args: string[]) => installOf(readArguments(installFlags, nothing, args, "--help").given);

describe("install options of the command line", () => {
  it.each<[string, string[], object]>([
    ["nothing", [], {}],
    [
      "reboot and duration",
      ["--reboot", "never", "--duration", "PT2H"],
      { rebootSetting: "Never", maximumDuration: "PT2H" },
    ],
    [
      "words of both systems",
      ["--classifications", "critical, Security"],
      {
        windows: { classificationsToInclude: ["Critical", "Security"] },
        linux: { classificationsToInclude: ["Critical", "Security"] },
      },
    ],
    [
      "a word of Linux",
      ["--classifications", "Security,Other"],
      { linux: { classificationsToInclude: ["Security", "Other"] } },
    ],
    [
      "a word of Windows",
      ["--classifications", "Definition"],
      { windows: { classificationsToInclude: ["Definition"] } },
    ],
    [
      "KBs",
      ["--include-kbs", "KB5034441,5034439", "--exclude-kbs", "kb890830", "--exclude-kbs-requiring-reboot"],
      {
        windows: {
          kbNumbersToInclude: ["KB5034441", "5034439"],
          kbNumbersToExclude: ["kb890830"],
          excludeKbsRequiringReboot: true,
        },
      },
    ],
    [
      "a day, which means all of it",
      ["--published-until", "2026-11-01"],
      { windows: { maxPatchPublishDate: "2026-11-01T23:59:59Z" } },
    ],
    [
      "packages, and words beside them",
      ["--include-packages", "openssl*,curl", "--exclude-packages", "kernel*", "--classifications", "Security"],
      {
        linux: {
          classificationsToInclude: ["Security"],
          packageNameMasksToInclude: ["openssl*", "curl"],
          packageNameMasksToExclude: ["kernel*"],
        },
      },
    ],
  ])("take %s", (_, args, options) => {
    expect(install(...args)).toEqual(options);
  });

  it.each<[string, string[], RegExp]>([
    ["a KB with letters", ["--include-kbs", "12AB34"], /^--include-kbs "12AB34": a KB id has 6 or 7 digits/],
    ["a KB that is too short", ["--exclude-kbs", "KB123"], /^--exclude-kbs "KB123": a KB id has 6 or 7 digits/],
    ["an empty mask", ["--include-packages", "curl,,x"], /^--include-packages "curl,,x": a value is empty/],
    ["a mask that is none", ["--exclude-packages", "a b"], /^--exclude-packages "a b": a mask is a name/],
    [
      "both systems' options",
      ["--include-kbs", "5034441", "--exclude-packages", "x"],
      /^--include-kbs and --exclude-packages: the one is for Windows/,
    ],
    [
      "words that no system has together",
      ["--classifications", "Other,Definition"],
      /^--classifications "Other,Definition": no system has all of them; Windows has/,
    ],
    [
      "a word of the other system beside KBs",
      ["--classifications", "Other", "--exclude-kbs", "5034441"],
      /no system has all of them and KBs/,
    ],
    ["a misspelling of the documents", ["--classifications", "Others"], /^--classifications "Others": .*use "Other"/],
    ["a word that nobody knows", ["--classifications", "Nice"], /^--classifications "Nice": .*use one of Critical/],
    [
      "a date that is none",
      ["--published-until", "2026-13-01"],
      /^--published-until "2026-13-01": is no instant such as/,
    ],
    ["a duration that is none", ["--duration", "2 hours"], /^--duration "2 hours" is no duration such as PT2H30M/],
    [
      "a window that is too short for Windows",
      ["--include-kbs", "5034441", "--duration", "PT22M"],
      /^--duration "PT22M" is too short for Windows/,
    ],
  ])("refuse %s", (_, args, message) => {
    expect(() => install(...args)).toThrow(message);
  });

  it("are for one system, or for any", () => {
    expect(onlySystemOf(install("--include-kbs", "5034441"))).toBe("Windows");
    expect(onlySystemOf(install("--classifications", "Other"))).toBe("Linux");
    expect(onlySystemOf(install("--classifications", "Security"))).toBeUndefined();
    expect(onlySystemOf(install("--duration", "PT3H"))).toBeUndefined();
  });

  it("for one system are refused for a machine of the other", () => {
    const of = (osType: string | null) => ({ vmId: "/virtualMachines/web-01", osType });
    expect(() => requireSystem("Windows", of("Linux"))).toThrow(
      /^the options are for Windows \(--include-kbs, .+\), and web-01 runs Linux/,
    );
    expect(() => requireSystem("Linux", of("Windows"))).toThrow(/for Linux \(--include-packages/);
    for (const osType of ["Windows", null]) expect(() => requireSystem("Windows", of(osType))).not.toThrow();
    expect(() => requireSystem(undefined, of("Linux"))).not.toThrow();
  });

  it("are refused before anything is looked for, in one line", async () => {
    const vm =
      "/subscriptions/5b1d3a52-7c0e-4d8f-9a41-0c6e2f97b310/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web";
    const { code, stdout, stderr } = await goldpatch(["patch", vm, "--azure", "--include-kbs", "KB123"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe(
      'goldpatch: --include-kbs "KB123": a KB id has 6 or 7 digits, with or without KB before them\n',
    );
  });
});
