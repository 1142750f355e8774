import { describe, expect, test } from "@jest/globals";
import {
  decideSupport,
  parseSupportState,
  type SupportDecision,
  type SupportObservation,
  type SupportRow,
} from "../../../src/domain/support/decide";

const ACCEPTED = Date.parse("2026-11-23T10:00:00Z");
const OURS = "aaaaaaaa-0000-4000-8000-000000000000";
const OTHER = "bbbbbbbb-0000-4000-8000-000000000000";

const row = (changes: Partial<SupportRow> = {}): SupportRow => ({
  activityIds: [OURS, "latest"],
  modifiedAt: ACCEPTED + 300_000,
  status: "Succeeded",
  readiness: "Supported",
  ...changes,
});
const { readiness: _, ...withoutReadiness } = row();

const observed = (seen: SupportRow | undefined, changes: Partial<SupportObservation> = {}): SupportObservation => ({
  machineKind: "azureVm",
  assessment: { activityId: OURS, acceptedAt: ACCEPTED, failed: false },
  ...(seen && { row: seen }),
  pastDeadline: false,
  ...changes,
});
const failedAssessment = { activityId: OURS, acceptedAt: ACCEPTED, failed: true };

const supported: SupportDecision = { kind: "supported", evidence: "readiness" };

describe("which row is fresh", () => {
  const stale: SupportDecision = { kind: "wait", why: "staleRow" };
  const { modifiedAt: __, ...timeless } = row();
  const withoutId = { acceptedAt: ACCEPTED, failed: false };

  test.each<[string, SupportDecision, SupportObservation]>([
    ["ours, by its activity id, though its time is old", supported, observed(row({ modifiedAt: ACCEPTED - 1 }))],
    [
      "ours, by its activity id in another case",
      supported,
      observed(row({ activityIds: [OURS.toUpperCase()], modifiedAt: 0 })),
    ],
    ["ours, by its name", supported, observed(row({ activityIds: ["", OURS], modifiedAt: 0 }))],
    ["ours, by its activity id, without a time", supported, observed(timeless)],
    ["of a newer assessment by the platform", supported, observed(row({ activityIds: [OTHER] }))],
    [
      "written exactly when ours was accepted",
      supported,
      observed(row({ activityIds: [OTHER], modifiedAt: ACCEPTED })),
    ],
    ["written a moment before", stale, observed(row({ activityIds: [OTHER], modifiedAt: ACCEPTED - 1 }))],
    ["of another assessment, without a time", stale, observed({ ...timeless, activityIds: [OTHER] })],
    ["without an activity id, old", stale, observed(row({ activityIds: [], modifiedAt: ACCEPTED - 1 }))],
    ["new, when our activity id is unknown", supported, observed(row(), { assessment: withoutId })],
    [
      "old, when our activity id is unknown",
      stale,
      observed(row({ modifiedAt: ACCEPTED - 1 }), { assessment: withoutId }),
    ],
  ])("a row %s", (_, decision, seen) => {
    expect(decideSupport(seen)).toEqual(decision);
  });
});

describe("what a fresh row says", () => {
  const reassess = (code: string) => ({ kind: "reassess", code });
  const undetermined = { kind: "undetermined", code: "NoReadiness" };

  test.each([
    ["Succeeded", "Supported", supported],
    ["Succeeded", "SUPPORTED", supported],
    ["CompletedWithWarnings", "Supported", supported],
    ["Succeeded", "Unsupported", { kind: "unsupported" }],
    ["Succeeded", "UnableToDetermine", reassess("SupportUnableToDetermine")],
    ["Succeeded", "Unknown", reassess("SupportUnknown")],
    ["Succeeded", "Perhaps", reassess("SupportUnknown")],
    ["Succeeded", "", undetermined],
    ["Failed", "Unsupported", { kind: "unsupported" }],
    ["failed", "Supported", reassess("AssessmentFailed")],
    ["Failed", "UnableToDetermine", reassess("SupportUnableToDetermine")],
    ["Failed", "Unknown", reassess("SupportUnknown")],
    ["Failed", "", reassess("AssessmentFailed")],
    ["InProgress", "Supported", { kind: "wait", why: "inProgress" }],
    ["inprogress", "Unsupported", { kind: "wait", why: "inProgress" }],
    ["NotStarted", "", { kind: "wait", why: "inProgress" }],
  ])("%s with readiness %j", (status, readiness, decision) => {
    expect(decideSupport(observed(row({ status, readiness })))).toEqual(decision);
  });

  test.each([
    ["an absent readiness says as little as an empty one", observed(withoutReadiness), undetermined],
    ["a fresh row decides after the deadline too", observed(row(), { pastDeadline: true }), supported],
    ["a failed operation does not undo a fresh row", observed(row(), { assessment: failedAssessment }), supported],
  ])("%s", (_, seen, decision) => {
    expect(decideSupport(seen)).toEqual(decision);
  });
});

describe("an Arc machine, whose rows carry no readiness", () => {
  test.each([
    ["Succeeded", { kind: "supported", evidence: "assessmentSucceeded" }],
    ["SUCCEEDED", { kind: "supported", evidence: "assessmentSucceeded" }],
    ["CompletedWithWarnings", { kind: "supported", evidence: "assessmentSucceeded" }],
    ["Failed", { kind: "reassess", code: "AssessmentFailed" }],
    ["InProgress", { kind: "wait", why: "inProgress" }],
    ["Unknown", { kind: "undetermined", code: "NoReadiness" }],
    ["", { kind: "undetermined", code: "NoReadiness" }],
  ])("an assessment that ended %j", (status, decision) => {
    expect(decideSupport(observed({ ...withoutReadiness, status }, { machineKind: "arc" }))).toEqual(decision);
  });

  test("an old assessment that succeeded proves nothing", () => {
    const old = { ...withoutReadiness, activityIds: [OTHER], modifiedAt: ACCEPTED - 1 };
    expect(decideSupport(observed(old, { machineKind: "arc" }))).toEqual({ kind: "wait", why: "staleRow" });
  });
});

describe("until a fresh row shows", () => {
  const old = row({ activityIds: [OTHER], modifiedAt: ACCEPTED - 1 });
  const running = row({ status: "InProgress" });

  test.each([
    ["noRow", undefined],
    ["staleRow", old],
    ["inProgress", running],
  ])("%s: waits until the deadline", (why, seen) => {
    expect(decideSupport(observed(seen))).toEqual({ kind: "wait", why });
    expect(decideSupport(observed(seen, { assessment: failedAssessment }))).toEqual({ kind: "wait", why });
    const late = { kind: "undetermined", code: "SupportStateLate" };
    expect(decideSupport(observed(seen, { pastDeadline: true }))).toEqual(late);
  });

  test.each([
    ["no row", undefined],
    ["an old row", old],
  ])("%s at the deadline of an assessment that failed: assess again", (_, seen) => {
    const decision = decideSupport(observed(seen, { pastDeadline: true, assessment: failedAssessment }));
    expect(decision).toEqual({ kind: "reassess", code: "AssessmentFailed" });
  });
});

test.each([
  ["Supported", "Supported"],
  ["unsupported", "Unsupported"],
  ["UNABLETODETERMINE", "UnableToDetermine"],
  ["Unknown", "Unknown"],
  ["SomethingNew", "Unknown"],
  ["", null],
  [undefined, null],
])("detectedVMGuestPatchSupportState %j is %j", (readiness, state) => {
  expect(parseSupportState(readiness)).toBe(state);
});
