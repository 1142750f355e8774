import type { ActivityInput, ActivityResult } from "../../contracts/activities";
import { isInScope, parseScopeEntry, type ScopeEntry } from "../../domain/machine/scope";
import { canonicalVmId, formatVmId } from "../../domain/machine/vm-id";
import type { Policy } from "../../domain/policy/policy";
import { whyNotSelected, type Candidate } from "../../domain/policy/selection";
import { vmsOfStages } from "../../domain/policy/stages";
import { plannedState, type SweepStop } from "../../domain/sweep/state";
import type { SweepHead } from "../../ledger/policy-sweeps";
import type { StoredRow } from "../../store/store";
import { isoOf, type RunDeps } from "../run/deps";

/** Of a thousand VMs each: more than one sweep's queue is meant for (assumed). */
const MOST_PAGES = 20;
const UNAVAILABLE_WAIT_MS = 60_000;
/** A sweep that cannot read its scope for so long is given up. */
const PATIENCE_MS = 2 * 3_600_000;

type PlanResult = ActivityResult<"planSweep">;
const planned: PlanResult = { kind: "planned" };

/** Finds the sweep's VMs, page by page, and puts them into stages. One write makes it so; whoever comes second changes nothing. */
export const planSweep =
  (deps: RunDeps) =>
  async ({ sweepId }: ActivityInput<"planSweep">): Promise<PlanResult> => {
    const { clock, policySweeps, logs } = deps;
    const row = await policySweeps.head(sweepId);
    const policy = await policySweeps.policy(sweepId);
    if (!row || !policy || row.value.state || row.value.endedAt !== null) return planned;
    const found = await findVms(deps, policy);
    const now = clock.now();
    if (found.kind === "trouble") {
      const { message, retryAfterMs, final } = found;
      if (final || now - Date.parse(row.value.requestedAt) > PATIENCE_MS) return giveUp(deps, row, message);
      logs.azureUnavailable({ runId: sweepId, vmId: "", reason: message });
      return { kind: "wait", at: isoOf(now + Math.max(UNAVAILABLE_WAIT_MS, retryAfterMs ?? 0)) };
    }
    const stages = vmsOfStages(policy.stages, found.vms).map((vms, stage) =>
      vms.map(({ vmId, image }) => ({ vmId: formatVmId(vmId), imageId: image.imageId, stage })),
    );
    const generation = await policySweeps.fillQueue(sweepId, stages);
    const state = plannedState(
      stages.map(({ length }) => length),
      now,
    );
    const head: SweepHead = { ...row.value, generation, state, nextLookAt: isoOf(now) };
    if (await policySweeps.replaceHead(row, head)) logs.sweepPlanned({ sweepId, vms: found.vms.length });
    else await policySweeps.forgetQueue(sweepId, generation);
    return planned;
  };

type Found =
  | { readonly kind: "found"; readonly vms: readonly Candidate[] }
  | { readonly kind: "trouble"; readonly message: string; readonly retryAfterMs?: number; readonly final: boolean };

async function findVms({ azure, settings }: RunDeps, policy: Policy): Promise<Found> {
  const places = placesOf(policy);
  const vms = new Map<string, Candidate>();
  let skipToken: string | undefined;
  for (let pages = 1; pages <= MOST_PAGES; pages++) {
    const page = await azure.readSweepVms(
      { scope: places, managementGroups: policy.scope.managementGroups },
      skipToken,
    );
    if (page.kind !== "read") {
      const retryAfterMs = page.kind === "unavailable" ? page.retryAfterMs : undefined;
      const final = page.kind === "forbidden";
      return { kind: "trouble", message: page.message, final, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    }
    for (const vm of page.vms) {
      const isOurs = isInScope(settings.GOLDPATCH_SCOPE, vm.vmId) && whyNotSelected(policy.scope, vm) === undefined;
      if (isOurs) vms.set(canonicalVmId(vm.vmId), vm);
    }
    skipToken = page.skipToken;
    if (skipToken === undefined) {
      const inOrder = [...vms].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, vm]) => vm);
      return { kind: "found", vms: inOrder };
    }
  }
  const message = `more than ${MOST_PAGES * 1000} VMs from customized images: name smaller places in scope`;
  return { kind: "trouble", message, final: true };
}

const placesOf = ({ scope }: Policy): ScopeEntry[] => [
  ...scope.subscriptions.map((subscriptionId) => ({ subscriptionId })),
  ...scope.resourceGroups.flatMap((place) => parseScopeEntry(place) ?? []),
];

async function giveUp(
  { clock, policySweeps, logs }: RunDeps,
  row: StoredRow<SweepHead>,
  detail: string,
): Promise<PlanResult> {
  const { sweepId } = row.value;
  const failure: SweepStop = { reason: "discovery", detail, at: clock.now() };
  const at = isoOf(clock.now());
  await policySweeps.replaceHead(row, { ...row.value, failure, status: { kind: "over" }, endedAt: at });
  logs.sweepGivenUp({ sweepId, reason: detail });
  return planned;
}
