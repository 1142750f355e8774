import { describe, expect, test } from "@jest/globals";
import { examineSupport } from "../../../src/domain/doctor/support";
import type { SupportRow } from "../../../src/domain/support/decide";

const row = (readiness?: string): SupportRow => ({
  activityIds: ["a-1"],
  status: "Succeeded",
  ...(readiness !== undefined && { readiness }),
});
const shown = (status: string) => ({ status, activityId: "a-1", counts: {} });
const codes = (...seen: Parameters<typeof examineSupport>) =>
  examineSupport(...seen).map(({ code, weight }) => `${weight} ${code}`);

describe("examineSupport", () => {
  test.each([
    ["Unsupported", "blocks UnsupportedImage"],
    ["unabletodetermine", "warns SupportUnableToDetermine"],
    ["Unknown", "warns SupportUnknown"],
  ])("takes %s for %s", (readiness, found) => {
    expect(codes(row(readiness), undefined)).toEqual([found]);
  });

  test("finds nothing in Supported, in no state, and where nothing was assessed yet", () => {
    expect([codes(row("Supported"), shown("Succeeded")), codes(row(), undefined), codes(undefined, undefined)]).toEqual(
      [[], [], []],
    );
  });

  test("misses the row of an assessment that ended, not of one that runs", () => {
    expect(codes(undefined, shown("Succeeded"))).toEqual(["warns AssessmentRowHidden"]);
    expect(codes(undefined, shown("InProgress"))).toEqual([]);
  });
});
