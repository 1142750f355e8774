import { expect, test } from "@jest/globals";
import { operationInProgress } from "../../../src/domain/machine/busy";
import type { PatchSummary } from "../../../src/domain/machine/view";
import { AZURE_NOW, machineView } from "./machine-views";

const HOUR_MS = 3_600_000;
const running = (activityId: string, ageMs = HOUR_MS): PatchSummary => ({
  status: "InProgress",
  activityId,
  startedAt: AZURE_NOW - ageMs,
  counts: {},
});
const ended: PatchSummary = { ...running("ended"), status: "Succeeded" };

test.each<[string, { assessment?: PatchSummary; installation?: PatchSummary }, string | undefined]>([
  ["without any operation", {}, undefined],
  ["after operations that ended", { assessment: ended, installation: ended }, undefined],
  ["with a status that Azure does not tell", { assessment: { counts: {} } }, undefined],
  ["while it assesses", { assessment: running("assess"), installation: ended }, "assess"],
  [
    "while it installs",
    { assessment: ended, installation: { ...running("install"), status: "INPROGRESS" } },
    "install",
  ],
  ["while it does both", { assessment: running("assess"), installation: running("install") }, "install"],
  ["just before a summary counts as forgotten", { installation: running("old", 6 * HOUR_MS - 1) }, "old"],
  ["once a summary counts as forgotten", { installation: running("old", 6 * HOUR_MS) }, undefined],
  [
    "with a forgotten installation beside an assessment",
    { installation: running("old", 6 * HOUR_MS), assessment: running("assess") },
    "assess",
  ],
  [
    "with a start that Azure does not tell",
    { assessment: { status: "InProgress", activityId: "timeless", counts: {} } },
    "timeless",
  ],
])("a machine %s", (_, summaries, activityId) => {
  expect(operationInProgress(machineView(summaries))?.activityId).toBe(activityId);
});
