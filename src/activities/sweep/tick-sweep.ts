import type { ActivityInput, ActivityResult } from "../../contracts/activities";
import type { Policy } from "../../domain/policy/policy";
import { decideTick, type SweepVm, type TickView } from "../../domain/sweep/decide-tick";
import { isHarm } from "../../domain/sweep/harm";
import type { KnownVerdict, Told } from "../../domain/sweep/image-trial";
import type { SweepState } from "../../domain/sweep/state";
import { keyOf, type ActiveVmRow, type SweepHead, type SweepVmRow } from "../../ledger/policy-sweeps";
import type { RunRecord } from "../../ledger/runs";
import type { StoredRow } from "../../store/store";
import { isoOf, type Instances, type RunDeps } from "../run/deps";
import { carryOut } from "./carry-out";

type TickResult = ActivityResult<"tickSweep">;

/**
 * One tick: first what an interrupted tick left undone, then a decision, committed in one write, then its deeds.
 * Two deliveries of a tick: one commits, the other carries out what was committed; nothing is started twice.
 */
export const tickSweep =
  (deps: RunDeps) =>
  async ({ sweepId, tick }: ActivityInput<"tickSweep">, instances: Instances): Promise<TickResult> => {
    for (;;) {
      const row = await deps.policySweeps.head(sweepId);
      const policy = await deps.policySweeps.policy(sweepId);
      if (!row || !policy) return { kind: "over" };
      const head = row.value;
      await carryOut(deps, instances, head, policy);
      if (head.endedAt !== null) return { kind: "over" };
      if (head.tick >= tick) return ticked(head);
      const decided = await decide(deps, head, policy, tick);
      if (!(await deps.policySweeps.replaceHead(row, decided))) continue;
      const { decision, status } = decided;
      deps.logs.sweepTicked({
        sweepId,
        tick,
        released: decision.release.length,
        ended: decision.ended.length,
        status: status.kind,
      });
    }
  };

function ticked({ tick, nextLookAt: nextAt, status }: SweepHead): TickResult {
  const hook = status.kind === "waiting" ? status.hook : undefined;
  return { kind: "ticked", tick, nextAt, ...(hook && { hook }) };
}

async function decide(deps: RunDeps, head: SweepHead, policy: Policy, tick: number): Promise<SweepHead> {
  const { state, generation, sweepId } = head;
  if (!state || generation === undefined) throw new TypeError(`sweep ${sweepId} is not planned`);
  const now = deps.clock.now();
  const view = await look(deps, { sweepId, generation, state }, policy, now);
  const { release, finish, status, lookAt, state: next } = decideTick(view);
  return {
    ...head,
    tick,
    state: next,
    status,
    decision: { at: isoOf(now), release, finish, ended: view.ended.map(({ key, code }) => ({ key, code })) },
    nextLookAt: isoOf(lookAt),
    endedAt: status.kind === "over" ? isoOf(now) : null,
  };
}

interface Planned {
  readonly sweepId: string;
  readonly generation: string;
  readonly state: SweepState;
}

async function look(
  deps: RunDeps,
  { sweepId, generation, state }: Planned,
  policy: Policy,
  now: number,
): Promise<TickView> {
  const { policySweeps, switches, settings } = deps;
  const control = await policySweeps.control(sweepId);
  const stops = control.cancelled || state.stop !== undefined;
  const queued = (await policySweeps.queued(sweepId, generation, stops ? undefined : state.current)).map(toVm);
  const flying = await Promise.all((await policySweeps.active(sweepId, generation)).map((row) => follow(deps, row)));
  return {
    now,
    policy,
    control,
    appHeld: settings.GOLDPATCH_PAUSED || (await switches.isStopped()),
    state,
    queued,
    active: flying.filter(({ code }) => code === undefined),
    ended: flying.flatMap(({ code, ...vm }) => (code === undefined ? [] : { ...vm, code })),
    known: await knownVerdicts(deps, queued),
    ...((policy.hooks.beforeStage ?? policy.hooks.afterStage) && {
      stageAnswers: await policySweeps.stageAnswers(sweepId),
    }),
  };
}

/** Verdicts name VMs as whoever asked wrote them. */
const toVm = (row: StoredRow<SweepVmRow>): SweepVm => ({
  key: keyOf(row),
  vmId: row.value.vmId.toLowerCase(),
  stage: row.value.stage,
  imageId: row.value.imageId,
});

async function follow({ runs }: RunDeps, row: StoredRow<ActiveVmRow>) {
  const run = await runs.get(row.value.runId);
  const told = run && toldBy(run);
  const code = run?.code ?? undefined;
  return {
    ...toVm(row),
    ...(told && { told }),
    ...(code !== undefined && { code }),
    failed: code !== undefined && isHarm(code, run?.installPosts ?? 0),
  };
}

function toldBy({ code, supportState }: Pick<RunRecord, "code" | "supportState">): Told | undefined {
  if (code === "UnsupportedImage" || code === "PatchingRefused") return "unsupported";
  return supportState === "Supported" ? "supported" : undefined;
}

async function knownVerdicts({ images }: RunDeps, vms: readonly SweepVm[]): Promise<Map<string, KnownVerdict>> {
  const known = new Map<string, KnownVerdict>();
  for (const imageId of new Set(vms.flatMap((vm) => vm.imageId ?? []))) {
    const verdict = await images.get(imageId);
    const told =
      verdict && ({ Supported: "supported", Unsupported: "unsupported" } as const)[verdict.supportState as string];
    if (verdict && told) known.set(imageId, { told, vmId: verdict.vmId.toLowerCase(), at: Date.parse(verdict.seenAt) });
  }
  return known;
}
