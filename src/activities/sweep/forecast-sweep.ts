import type { Policy } from "../../domain/policy/policy";
import { FEWEST_LEARNED } from "../../domain/sweep/forecast/durations";
import { forecast, type SweepForecast } from "../../domain/sweep/forecast/forecast";
import type { PlannedLane, PlannedSweep } from "../../domain/sweep/forecast/plan";
import { spreadOf } from "../../ledger/keys";
import type { Lane } from "../../ledger/sweep-queue";
import { REGION_PACE } from "../run/rate";
import type { RunDeps } from "../run/deps";
import { knownVerdicts } from "./look";

/** A sweep as it was laid out, with all that is known of its VMs' image versions and operating systems. */
export async function plannedSweep(
  deps: RunDeps,
  policy: Policy,
  stages: readonly (readonly Lane[])[],
): Promise<PlannedSweep> {
  const { clock, durations, settings } = deps;
  const learned = new Map<string, PlannedLane["learned"]>();
  const planned: PlannedLane[][] = [];
  for (const lanes of stages) {
    const ofStage: PlannedLane[] = [];
    for (const { imageId, osType, groups, vms } of lanes) {
      const kind = { imageId, osType };
      const name = JSON.stringify(kind);
      const known = learned.get(name) ?? {
        assess: await durations.of({ operation: "assess", ...kind }, FEWEST_LEARNED),
        install: await durations.of({ operation: "install", ...kind }, FEWEST_LEARNED),
      };
      learned.set(name, known);
      ofStage.push({ imageId, osType, ...(groups && { groups }), vms, learned: known });
    }
    planned.push(ofStage);
  }
  return {
    now: clock.now(),
    policy,
    stages: planned,
    known: await knownVerdicts(
      deps,
      stages.flat().flatMap(({ imageId }) => imageId ?? []),
    ),
    mostActive: settings.GOLDPATCH_MAX_ACTIVE_RUNS,
    pace: REGION_PACE,
  };
}

/** @param name by which its generator is seeded: the same sweep is forecast the same */
export const forecastSweep = async (
  deps: RunDeps,
  policy: Policy,
  stages: readonly (readonly Lane[])[],
  name: string,
): Promise<SweepForecast> => forecast(await plannedSweep(deps, policy, stages), Math.floor(spreadOf(name) * 2 ** 32));
