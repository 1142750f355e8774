import type { RunView } from "../contracts/api/runs";

/** What `demo --json` prints; a change of its fields is a change of this number. */
const SCHEMA_VERSION = 1;

/** The one document of `demo --json`. Runs come by start, then by VM. */
export const demoDocument = (seed: number, runs: readonly RunView[]) => ({
  schemaVersion: SCHEMA_VERSION,
  seed,
  runs: runs.map((run) => ({
    runId: run.runId,
    trigger: run.trigger,
    vmId: run.vmId,
    imageId: run.imageId,
    osType: run.osType,
    supportState: run.supportState,
    outcome: run.outcome,
    code: run.code,
    nextStep: run.nextStep,
    installedPatchCount: run.installedPatchCount,
    failedPatchCount: run.failedPatchCount,
    installPosts: run.installPosts,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    steps: run.steps.map(({ name, startedAt, endedAt, evidence }) => ({ name, startedAt, endedAt, evidence })),
  })),
  outcomes: countsOf(runs.map(({ outcome }) => outcome ?? "none")),
});

function countsOf(outcomes: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes.toSorted()) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
