import { expect, test } from "@jest/globals";
import type { PatchSummary } from "../../../src/domain/machine/view";
import { isOurs, type Baseline } from "../../../src/domain/operation/adopt";

const BASELINE_READ = Date.parse("2026-11-23T10:00:00Z");
const BEFORE = "aaaaaaaa-0000-4000-8000-000000000000";
const SINCE = "bbbbbbbb-0000-4000-8000-000000000000";
const baseline: Baseline = { azureTime: BASELINE_READ, activityId: BEFORE };
const firstEver: Baseline = { azureTime: BASELINE_READ };
const summary = (changes: Partial<PatchSummary> = {}): PatchSummary => ({
  status: "InProgress",
  activityId: SINCE,
  startedAt: BASELINE_READ + 2_000,
  counts: {},
  ...changes,
});

test.each<[string, boolean, PatchSummary | undefined, Baseline]>([
  ["it runs and began after the baseline", true, summary(), baseline],
  ["it finished already", true, summary({ status: "Succeeded" }), baseline],
  ["it failed already", true, summary({ status: "Failed" }), baseline],
  ["nothing had ever run before", true, summary(), firstEver],
  ["it began in the very second of the baseline", true, summary({ startedAt: BASELINE_READ }), baseline],
  [
    "it began in the second of a baseline that was told more finely than seconds",
    true,
    summary({ startedAt: BASELINE_READ }),
    { ...baseline, azureTime: BASELINE_READ + 999 },
  ],
  ["it began the second before", false, summary({ startedAt: BASELINE_READ - 1_000 }), baseline],
  ["it began a moment before", false, summary({ startedAt: BASELINE_READ - 1 }), baseline],
  ["it is the one seen before", false, summary({ activityId: BEFORE }), baseline],
  [
    "it is the one seen before, written in another case",
    false,
    summary({ activityId: BEFORE.toUpperCase() }),
    baseline,
  ],
  ["its activity id is not told", false, { status: "InProgress", startedAt: BASELINE_READ, counts: {} }, baseline],
  ["its activity id is empty", false, summary({ activityId: "" }), baseline],
  ["its start is not told", false, { status: "InProgress", activityId: SINCE, counts: {} }, baseline],
  ["the platform or a schedule began it", false, summary({ startedBySystem: true }), baseline],
  ["there is none", false, undefined, baseline],
])("an operation is ours if %s: %s", (_, ours, seen, before) => {
  expect(isOurs(seen, before)).toBe(ours);
});
