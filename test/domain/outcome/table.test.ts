import { describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { renderOutcomeDocument } from "../../../src/domain/outcome/document";
import { outcomeCodes, outcomeNames, outcomeOf, outcomeTable } from "../../../src/domain/outcome/table";

describe("the outcome table", () => {
  const rows = Object.entries(outcomeTable);

  test("a run ends in one of eleven ways, and every one has a code", () => {
    expect(outcomeNames).toEqual([
      "patched",
      "patchedWithWarnings",
      "assessed",
      "upToDate",
      "unsupported",
      "undetermined",
      "notReady",
      "busy",
      "failed",
      "skipped",
      "cancelled",
    ]);
    expect([...new Set(rows.map(([, { outcome }]) => outcome))]).toEqual(outcomeNames);
  });

  test.each([
    ["Patched", "patched"],
    ["NotWellAfterInstall", "patchedWithWarnings"],
    ["Supported", "assessed"],
    ["NothingPending", "upToDate"],
    ["PatchingRefused", "unsupported"],
    ["IntentUnresolved", "undetermined"],
    ["VmNotFound", "notReady"],
    ["ProvisioningFailed", "notReady"],
    ["HeldByRun", "busy"],
    ["InstallStillRunning", "failed"],
    ["MarketplaceImage", "skipped"],
    ["ScaleSetMember", "skipped"],
    ["ManagedVm", "skipped"],
    ["NotNew", "skipped"],
    ["AlreadyHandled", "skipped"],
    ["CancelledBeforeInstall", "cancelled"],
  ] as const)("%s is %s", (code, outcome) => {
    expect(outcomeOf(code).outcome).toBe(outcome);
  });

  test("codes are PascalCase and in the table's order", () => {
    expect(outcomeCodes).toEqual(rows.map(([code]) => code));
    expect(outcomeCodes.filter((code) => !/^([A-Z][a-z]+)+$/.test(code))).toEqual([]);
  });

  test.each(rows)("%s tells meaning and next step in sentences that fit a table", (_, { meaning, nextStep }) => {
    expect(meaning).toMatch(/^[^|\n]+\.$/);
    expect(nextStep).toMatch(/^[A-Z][^|\n]*\.$/);
  });

  test("whoever needs no other run is told so, and nobody else", () => {
    const settled = rows.filter(([, { retry }]) => retry === "none").map(([, { outcome }]) => outcome);
    expect([...new Set(settled)]).toEqual(["patched", "assessed", "upToDate", "skipped", "cancelled"]);
  });
});

describe("docs/outcomes.md", () => {
  const document = renderOutcomeDocument();

  test("is up to date (node build/docs.mjs writes it)", () => {
    expect(readFileSync("docs/outcomes.md", "utf8")).toBe(document);
  });

  test("has a section for every outcome, and every code once, in its outcome's section", () => {
    const sections = document.split(/^## /m).slice(1);
    expect(sections.map((section) => section.slice(0, section.indexOf("\n")))).toEqual(outcomeNames);
    const codes = sections.map((section) => [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code));
    const expected = outcomeNames.map((name) => outcomeCodes.filter((code) => outcomeOf(code).outcome === name));
    expect(codes).toEqual(expected);
  });

  test("tells meaning, retry class and next step of a code in one row", () => {
    expect(document).toContain(
      "| `VmDeallocated` | The VM is deallocated. | permanent | Start the VM, then run again. |\n",
    );
  });
});
