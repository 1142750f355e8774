import { setTimeout as sleep } from "node:timers/promises";
import type { RunView } from "../../src/contracts/api/runs";

const ASK_EVERY_MS = 500;

/** Asks for one patch run over HTTP and follows it to its end. Core Tools asks for no key on a developer's machine. */
export async function patchOverHttp(url: string, vmId: string, patienceMs: number): Promise<RunView> {
  const body = JSON.stringify({ mode: "patch", vmIds: [vmId], install: { rebootSetting: "IfRequired" } });
  const headers = { "content-type": "application/json" };
  const asked = await fetch(`${url}/api/runs`, { method: "POST", headers, body });
  if (asked.status !== 202) throw new Error(`POST /api/runs answered ${asked.status}: ${await asked.text()}`);
  const { runs } = (await asked.json()) as { runs: { runId: string }[] };
  const runId = runs[0]?.runId ?? "";
  for (const began = performance.now(); performance.now() - began < patienceMs; await sleep(ASK_EVERY_MS)) {
    const answer = await fetch(`${url}/api/runs/${runId}`);
    // Until its first activity has run, the host knows of it but its store does not.
    const run = answer.status === 200 ? ((await answer.json()) as RunView) : undefined;
    if (run && run.outcome !== null) return run;
  }
  throw new Error(`run ${runId} had no outcome after ${Math.round(patienceMs / 1000)} s`);
}

/** One line a step, with seconds since the run began. */
export function timelineOf(run: RunView): string[] {
  const since = (instant: string | null) =>
    instant === null ? "…" : `${((Date.parse(instant) - Date.parse(run.startedAt)) / 1000).toFixed(1)} s`;
  return [
    ...run.steps.map(
      ({ name, startedAt, endedAt }) => `${since(startedAt).padStart(9)}  ${name}, until ${since(endedAt)}`,
    ),
    `${since(run.endedAt).padStart(9)}  ${String(run.outcome)} (${String(run.code)}), ${run.installedPatchCount} patches installed`,
  ];
}
