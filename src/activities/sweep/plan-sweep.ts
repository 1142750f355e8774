import { ENDLESS, MOST_PAGES } from "../../azure/resource-graph/pages";
import type { ActivityInput, ActivityResult } from "../../contracts/activities";
import type { Policy } from "../../domain/policy/policy";
import { laneName } from "../../domain/sweep/layout";
import { plannedState, type SweepStop } from "../../domain/sweep/state";
import type { SweepHead } from "../../ledger/policy-sweeps";
import type { FoundPage, FoundVm } from "../../ledger/sweep-discovery";
import type { StoredRow } from "../../store/store";
import { isoOf, type RunDeps } from "../run/deps";
import { fillQueue } from "./fill-queue";
import { forecastSweep } from "./forecast-sweep";
import { readScope } from "./read-scope";

/** As many as a sweep was tested with; their ids are held in memory while they are put into stages. */
const MOST_VMS = 100_000;
/** Each has a verdict of its own, in the one row that every tick writes (a row holds 480,000 characters). */
const MOST_IMAGES = 500;
const UNAVAILABLE_WAIT_MS = 60_000;
/** A sweep that cannot read its scope for so long is given up. */
const PATIENCE_MS = 2 * 3_600_000;

type PlanResult = ActivityResult<"planSweep">;
const planned: PlanResult = { kind: "planned" };

interface Plan {
  readonly deps: RunDeps;
  readonly row: StoredRow<SweepHead>;
  readonly policy: Policy;
}

/**
 * Finds the sweep's VMs and puts them into stages, a part at a time: "wait" asks for the next part.
 *
 * 1. Reads Azure's pages, one a turn, and keeps of each what the policy selects.
 * 2. Writes the queue: the same rows whoever writes them, each once.
 * 3. Writes the head with the stages' sizes: the sweep is planned by that, and whoever comes later changes nothing.
 */
export const planSweep =
  (deps: RunDeps) =>
  async ({ sweepId }: ActivityInput<"planSweep">): Promise<PlanResult> => {
    const row = await deps.policySweeps.head(sweepId);
    const policy = await deps.policySweeps.policy(sweepId);
    if (!row || !policy || row.value.state || row.value.endedAt !== null) return planned;
    const plan: Plan = { deps, row, policy };
    const discovery = deps.policySweeps.discovery(sweepId);
    let pages = await discovery.pages();
    if (!isComplete(pages)) {
      const page = await readScope(deps, policy, pages.at(-1)?.skipToken);
      if (page.kind === "trouble") return later(plan, page);
      await discovery.keep(pages.length, page.vms, page.skipToken);
      pages = await discovery.pages();
      if (!isComplete(pages)) return pages.length < MOST_PAGES ? nextPart(plan) : giveUp(plan, ENDLESS);
    }
    const vms = await discovery.vms(pages);
    return vms ? queueUp(plan, vms) : planned;
  };

const isComplete = (pages: readonly FoundPage[]): boolean => pages.length > 0 && pages.at(-1)?.skipToken === undefined;

const nextPart = ({ deps }: Plan): PlanResult => ({ kind: "wait", at: isoOf(deps.clock.now()) });

function later(
  plan: Plan,
  {
    message,
    retryAfterMs,
    final,
  }: { readonly message: string; readonly retryAfterMs?: number; readonly final: boolean },
): Promise<PlanResult> | PlanResult {
  const { deps, row } = plan;
  const now = deps.clock.now();
  if (final || now - Date.parse(row.value.requestedAt) > PATIENCE_MS) return giveUp(plan, message);
  deps.logs.azureUnavailable({ runId: row.value.sweepId, vmId: "", reason: message });
  return { kind: "wait", at: isoOf(now + Math.max(UNAVAILABLE_WAIT_MS, retryAfterMs ?? 0)) };
}

async function queueUp(plan: Plan, vms: readonly FoundVm[]): Promise<PlanResult> {
  const { deps, row, policy } = plan;
  const { sweepId } = row.value;
  const { clock, policySweeps, logs } = deps;
  const tooMany = whyTooMany(vms);
  if (tooMany !== undefined) return giveUp(plan, tooMany);
  const sizes = await fillQueue(deps, policySweeps.queue(sweepId), policy, vms);
  if (!sizes) return nextPart(plan);
  const now = clock.now();
  await policySweeps.keepForecast(
    sweepId,
    await forecastSweep(deps, policy, await lanesOf(deps, sweepId, policy), sweepId),
  );
  const head: SweepHead = { ...row.value, state: plannedState(sizes, now), nextLookAt: isoOf(now) };
  if (await policySweeps.replaceHead(row, head)) {
    logs.sweepPlanned({ sweepId, vms: sizes.reduce((sum, size) => sum + size, 0) });
    await policySweeps.discovery(sweepId).forgetVms();
  }
  return planned;
}

/** As they were laid out, stage by stage. */
const lanesOf = ({ policySweeps }: RunDeps, sweepId: string, { stages }: Policy) =>
  Promise.all(stages.map(async (_, stage) => (await policySweeps.queue(sweepId).lanes(stage)) ?? []));

/** Lanes of a stage stand in one row, which holds 480,000 characters; each has some besides its name. */
const [MOST_LANE_CHARACTERS, LANE_CHARACTERS] = [450_000, 80];

export function whyTooMany(vms: readonly FoundVm[]): string | undefined {
  const images = new Set(vms.flatMap(({ imageId }) => imageId ?? []));
  const remedy = "name smaller places in scope, or fewer images";
  if (vms.length > MOST_VMS) return `${vms.length} VMs, more than the ${MOST_VMS} that a sweep takes: ${remedy}`;
  const lanes = new Set(vms.map(laneName));
  const characters = [...lanes].reduce((sum, name) => sum + name.length + LANE_CHARACTERS, 0);
  if (images.size <= MOST_IMAGES && characters > MOST_LANE_CHARACTERS) {
    return `VMs of ${lanes.size} groups and image versions, more than a sweep takes: name smaller places in scope, or fewer groups`;
  }
  if (images.size <= MOST_IMAGES) return undefined;
  return `VMs of ${images.size} image versions, more than the ${MOST_IMAGES} that a sweep takes: ${remedy}`;
}

async function giveUp({ deps, row }: Plan, detail: string): Promise<PlanResult> {
  const { clock, policySweeps, logs } = deps;
  const { sweepId } = row.value;
  const failure: SweepStop = { reason: "discovery", detail, at: clock.now() };
  const at = isoOf(clock.now());
  await policySweeps.replaceHead(row, { ...row.value, failure, status: { kind: "over" }, endedAt: at });
  logs.sweepGivenUp({ sweepId, reason: detail });
  return planned;
}
