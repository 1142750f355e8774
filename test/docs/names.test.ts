import { describe, expect, it } from "@jest/globals";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { settingDocs } from "../../src/config";
import { outcomeNames, outcomeTable } from "../../src/domain/outcome/table";
import { codeSpansOf, pages, proseOf, ROOT } from "./pages";

/** Words of Azure's in the form of our codes. */
const AZURE_WORDS = [
  "Always",
  "AutomaticByPlatform",
  "AzureCloud",
  "Connected",
  "CrashConsistent",
  "Day",
  "InGuestPatch",
  "Month",
  "Week",
  "CurrentOrOlder",
  "Disconnected",
  "Expired",
  "IfRequired",
  "Linux",
  "Never",
  "RoleDefinitionWithSameNameExists",
  "UnableToDetermine",
  "Unknown",
  "Unsupported",
  "Windows",
];

/** What speaks of Azure's own words: those are not ours to keep true. */
const OF_AZURE = ["docs/host-json.md", "docs/simulated-azure.md"];
/** Told once, when it was so. */
const HISTORY = ["CHANGELOG.md"];

const sources = globSync(["src/**/*.{ts,kql}", "infra/**/*.bicep", "host.json", "eslint.config.mjs"], { cwd: ROOT })
  .map((file) => readFileSync(path.join(ROOT, file), "utf8"))
  .join("\n");
const words = new Set(sources.match(/\w+/g));
/** Fields of Azure's that the sources have no use for. */
const AZURE_FIELDS = ["bypassPlatformSafetyChecksOnUserSchedule"];

describe.each(pages.filter(({ file }) => !HISTORY.includes(file)).map((page) => [page.file, page] as const))(
  "%s",
  (file, page) => {
    it("names settings that exist", () => {
      const named = page.text.match(/\bGOLDPATCH_[A-Z_]*[A-Z]\b/g) ?? [];
      expect(named.filter((name) => !Object.hasOwn(settingDocs, name))).toEqual([]);
    });

    it("names codes that exist", () => {
      if (OF_AZURE.includes(file)) return;
      const named = codeSpansOf(page).filter((word) => /^(?:[A-Z][a-z]+)+$/.test(word));
      expect(named.filter((word) => !Object.hasOwn(outcomeTable, word) && !AZURE_WORDS.includes(word))).toEqual([]);
    });

    it("names outcomes that exist", () => {
      const named = [...proseOf(page).matchAll(/\b(?:ends?|ended|outcome) (?:it |them )?(?:as )?`(\w+)`/g)];
      const unknown = named.map(([, word = ""]) => word).filter((word) => !/^[A-Z]/.test(word));
      expect(unknown.filter((word) => !outcomeNames.some((name) => name === word))).toEqual([]);
    });

    it("names fields, parameters and log events that the sources know", () => {
      if (OF_AZURE.includes(file)) return;
      const named = codeSpansOf(page).filter((word) => /^[a-z]+(?:[A-Z][a-z]+)+$/.test(word));
      expect(named.filter((word) => !words.has(word) && !AZURE_FIELDS.includes(word))).toEqual([]);
    });
  },
);
