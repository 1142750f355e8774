import { pagesOf } from "../../azure/resource-graph/pages";
import type { Policy } from "../../domain/policy/policy";
import { callsOf, rebootsOf, type Bounds, type PlannedCalls } from "../../domain/sweep/forecast/calls";
import { FEWEST_LEARNED } from "../../domain/sweep/forecast/durations";
import { forecast, type SweepForecast } from "../../domain/sweep/forecast/forecast";
import { laneName, layOut } from "../../domain/sweep/layout";
import { sleepUntil } from "../../clock";
import { spreadOf } from "../../ledger/keys";
import type { FoundVm } from "../../ledger/sweep-discovery";
import type { RunDeps } from "../run/deps";
import { lanesInOrder } from "./fill-queue";
import { plannedSweep } from "./forecast-sweep";
import { whyTooMany } from "./plan-sweep";
import { readScope, type LeftOutVm } from "./read-scope";

/** Resource Graph takes 15 queries in 5 seconds of an identity (azure/limits.ts); pages are read slower than that. */
const BETWEEN_PAGES_MS = 400;
/** Ids of a stage's VMs that are told; the number of all is told too. */
const MOST_IDS = 100;

export interface DryLane {
  readonly imageId: string | null;
  readonly osType: string | null;
  readonly vms: number;
  /** 0: nobody knows. */
  readonly expectedMs: number;
}

export interface DryRun {
  readonly kind: "planned";
  readonly found: number;
  readonly leftOut: Readonly<Record<string, number>>;
  /** In the order in which they go, as far as one waits for another. */
  readonly stages: readonly { readonly lanes: readonly DryLane[]; readonly vmIds: readonly string[] }[];
  readonly forecast: SweepForecast;
  readonly calls: PlannedCalls;
  readonly reboots: Bounds;
  /** Whether some durations had to be assumed. */
  readonly assumed: boolean;
}

export type DryRunAnswer =
  | DryRun
  | { readonly kind: "tooMany"; readonly message: string }
  | { readonly kind: "trouble"; readonly message: string; readonly retryAfterMs?: number; readonly final: boolean };

/** What a sweep by the policy would do now. It only reads: Resource Graph, and what earlier runs left in the store. */
export async function dryRunSweep(deps: RunDeps, policy: Policy, policyHash: string): Promise<DryRunAnswer> {
  const scope = await readAll(deps, policy);
  if (scope.kind === "trouble") return scope;
  const tooMany = whyTooMany(scope.vms);
  if (tooMany !== undefined) return { kind: "tooMany", message: tooMany };
  const layouts = layOut(policy.stages, scope.vms);
  const lanes = await Promise.all(layouts.map((ofStage) => lanesInOrder(deps, policy, ofStage)));
  const planned = await plannedSweep(deps, policy, lanes);
  const told = forecast(planned, Math.floor(spreadOf(policyHash) * 2 ** 32));
  const found = new Set(scope.vms.map(({ vmId }) => vmId.toLowerCase()));
  const placed = told.stages.reduce((sum, { vms }) => sum + vms, 0);
  return {
    kind: "planned",
    found: found.size,
    leftOut: { ...counted(scope.leftOut, found), ...(placed < found.size && { noStage: found.size - placed }) },
    stages: lanes.map((ofStage, stage) => {
      const byName = new Map(layouts[stage]?.map((layout) => [laneName(layout), layout.vms]));
      const vms = ofStage.flatMap((lane) => byName.get(laneName(lane)) ?? []);
      return {
        lanes: ofStage.map(({ imageId, osType, vms: count, expectedMs }) => ({
          imageId,
          osType,
          vms: count,
          expectedMs,
        })),
        vmIds: vms.slice(0, MOST_IDS).map(({ vmId }) => vmId),
      };
    }),
    forecast: told,
    calls: callsOf(policy, told, scope.pages),
    reboots: rebootsOf(policy, told),
    assumed: planned.stages
      .flat()
      .some(
        ({ learned }) =>
          Math.min(learned.assess.length, policy.mode === "patch" ? learned.install.length : FEWEST_LEARNED) <
          FEWEST_LEARNED,
      ),
  };
}

type Scope =
  | {
      readonly kind: "read";
      readonly vms: readonly FoundVm[];
      readonly leftOut: readonly LeftOutVm[];
      readonly pages: number;
    }
  | Extract<DryRunAnswer, { kind: "trouble" }>;

async function readAll(deps: RunDeps, policy: Policy): Promise<Scope> {
  const vms: FoundVm[] = [];
  const leftOut: LeftOutVm[] = [];
  let pages = 0;
  const read = async (skipToken: string | undefined) => {
    if (skipToken !== undefined) await sleepUntil(deps.clock, deps.clock.now() + BETWEEN_PAGES_MS);
    return readScope(deps, policy, skipToken);
  };
  for await (const page of pagesOf(read)) {
    if (page.kind === "trouble") return page;
    vms.push(...page.vms);
    leftOut.push(...page.leftOut);
    pages++;
  }
  return { kind: "read", vms, leftOut, pages };
}

/** How many for each reason. A VM that several places hold counts once, and not when one of them brings it in. */
function counted(leftOut: readonly LeftOutVm[], found: ReadonlySet<string>): Record<string, number> {
  const reasons = new Map(leftOut.map(({ vmId, reason }) => [vmId.toLowerCase(), reason]));
  const counts: Record<string, number> = {};
  for (const [vmId, reason] of reasons) if (!found.has(vmId)) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
