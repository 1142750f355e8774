import type { DryRun } from "../activities/sweep/dry-run";
import type { ExpectedView, SweepPlan } from "../contracts/api/sweeps";
import { ASSUMED } from "../domain/sweep/forecast/durations";
import type { Expected } from "../domain/sweep/forecast/forecast";
import type { Policy } from "../domain/policy/policy";

const iso = (instant: number): string => new Date(instant).toISOString();

export const expectedView = (expected: Expected | null): ExpectedView | null =>
  expected && {
    at: iso(expected.at),
    within50: [iso(expected.within50[0]), iso(expected.within50[1])],
    within90: [iso(expected.within90[0]), iso(expected.within90[1])],
  };

/** What a dry run answers. */
export function toPlan(policy: Policy, policyHash: string, dry: DryRun): SweepPlan {
  const { forecast, found, leftOut, calls, reboots } = dry;
  return {
    dryRun: true,
    policy: policy.name,
    policyHash,
    mode: policy.mode,
    madeAt: iso(forecast.madeAt),
    counts: { found, leftOut },
    stages: forecast.stages.map(({ vms, heldBack, begins, ends }, index) => ({
      name: policy.stages[index]?.name ?? String(index),
      vms,
      heldBack,
      order: (dry.stages[index]?.lanes ?? []).map(({ imageId, osType, vms: count, expectedMs }) => ({
        imageId,
        osType,
        vms: count,
        expectedMinutes: expectedMs === 0 ? null : Math.round(expectedMs / 60_000),
      })),
      vmIds: dry.stages[index]?.vmIds ?? [],
      begins: expectedView(begins),
      ends: expectedView(ends),
    })),
    ends: expectedView(forecast.ends),
    calls,
    reboots: { rebootSetting: policy.mode === "patch" ? (policy.install.rebootSetting ?? null) : "Never", ...reboots },
    plays: forecast.plays,
    assumptions: assumptionsOf(policy, dry.assumed),
  };
}

function assumptionsOf({ stages, hooks, power }: Policy, assumed: boolean): string[] {
  const minutes = ({ least, most }: { readonly least: number; readonly most: number }) =>
    `${least / 60_000} to ${most / 60_000} minutes`;
  return [
    "no VM fails, and every image version without a verdict is Supported",
    "nobody pauses, and no other run holds a VM or takes the rate: all VMs are in one subscription and region",
    ...(assumed
      ? [
          `where earlier runs taught nothing an assessment takes ${minutes(ASSUMED.assess)}, an installation ${minutes(ASSUMED.install)}`,
        ]
      : []),
    ...(stages.some(({ gate }) => gate) ? ["approvals are given at once"] : []),
    ...(Object.keys(hooks).length > 0 ? ["hooks agree at once"] : []),
    ...(power === "startAndStop" ? ["VMs run already"] : []),
  ];
}
