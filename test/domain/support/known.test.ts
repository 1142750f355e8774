import { describe, expect, test } from "@jest/globals";
import type { PatchSummary } from "../../../src/domain/machine/view";
import type { SupportRow } from "../../../src/domain/support/decide";
import { knownSupport } from "../../../src/domain/support/known";

const AT = Date.parse("2026-11-23T10:00:00Z");
const ACTIVITY = "aaaaaaaa-0000-4000-8000-000000000000";

const row: SupportRow = { activityIds: [ACTIVITY], modifiedAt: AT, status: "Succeeded", readiness: "Supported" };
const shown = (changes: Partial<PatchSummary> = {}): PatchSummary => ({
  ...{ status: "Succeeded", activityId: ACTIVITY, startedAt: AT - 60_000, counts: {} },
  ...changes,
});
const byRow = { source: "resourceGraph", state: "Supported", assessmentStatus: "Succeeded", seenAt: AT };

describe("what is known of the support state", () => {
  test.each([
    ["the instance view shows no assessment", undefined],
    ["it shows the row's own", shown({ startedAt: AT + 60_000 })],
    ["it shows an older one", shown({ activityId: "another" })],
  ])("is the row's when %s", (_, assessment) => {
    expect(knownSupport(row, assessment)).toEqual(byRow);
  });

  test("is the row's, without its age when the row has no instant", () => {
    const { modifiedAt: _, ...timeless } = row;
    expect(knownSupport(timeless, undefined)).toEqual({
      ...{ source: "resourceGraph", state: "Supported", assessmentStatus: "Succeeded" },
    });
  });

  test.each([
    ["there is no row", undefined, shown()],
    ["the row is older", row, shown({ activityId: "another", startedAt: AT + 1 })],
  ])("is not told by the instance view, whose assessment counts when %s", (_, seen, assessment) => {
    expect(knownSupport(seen, assessment)).toEqual({
      ...{ source: "instanceView", state: null, assessmentStatus: "Succeeded", seenAt: assessment.startedAt },
    });
  });

  test("an assessment that tells nothing of itself is newer than a row of another", () => {
    expect(knownSupport(row, { counts: {} })).toEqual({ source: "instanceView", state: null });
  });

  test("is nothing without either", () => {
    expect(knownSupport(undefined, undefined)).toEqual({ source: "none", state: null });
  });

  test.each([
    ["succeeded", "Succeeded", undefined, { state: "Supported", evidence: "assessmentSucceeded" }],
    ["failed", "Failed", undefined, { state: null }],
    ["told more than it should", "Succeeded", "Unsupported", { state: "Unsupported" }],
  ])("of a server is its assessment, which %s", (_, status, readiness, known) => {
    const { readiness: _told, ...untold } = row;
    const seen = { ...untold, status, ...(readiness !== undefined && { readiness }) };
    expect(knownSupport(seen, undefined, "arc")).toEqual({
      ...{ source: "resourceGraph", assessmentStatus: status, seenAt: AT },
      ...known,
    });
  });
});
