import type { Policy } from "../../domain/policy/policy";
import { isHarm } from "../../domain/sweep/harm";
import type { KnownVerdict, Told } from "../../domain/sweep/image-trial";
import { GroupRoom } from "../../domain/sweep/groups";
import { lanesInReach, reachOf, stageToOpen } from "../../domain/sweep/lanes";
import type { LaneLeft, SweepState } from "../../domain/sweep/state";
import type { SweepSight, SweepVm, TickView } from "../../domain/sweep/tick";
import { isVerified } from "../../domain/sweep/verified";
import type { RunRecord } from "../../ledger/runs";
import { keyOf, type ActiveVmRow, type Lane, type SweepQueue, type SweepVmRow } from "../../ledger/sweep-queue";
import type { StoredRow } from "../../store/store";
import { holdOn } from "../hold";
import type { RunDeps } from "../run/deps";

export interface Looked {
  readonly sweepId: string;
  readonly state: SweepState;
  readonly policy: Policy;
  readonly now: number;
}

/** A run that nobody has claimed after two ticks of a minute is started again: its start may have been lost. */
const START_AGAIN_MS = 2 * 60_000;

export interface Sight {
  readonly view: TickView;
  /** Keys of VMs in flight whose run is to be started again. */
  readonly startAgain: readonly string[];
}

/** What a tick decides by. It reads what is in flight and the heads of lanes that may go, whatever else waits. */
export async function look(deps: RunDeps, { sweepId, state, policy, now }: Looked): Promise<Sight> {
  const { policySweeps } = deps;
  const control = await policySweeps.control(sweepId);
  const queue = policySweeps.queue(sweepId);
  const flying = await Promise.all((await queue.active()).map((row) => follow(deps, row)));
  const stage = stageToOpen({ state, control, inFlight: flying });
  const lanes = (await queue.lanes(stage)) ?? [];
  const opened = open(state, stage, lanes);
  const active = flying.filter(({ code }) => code === undefined);
  const sight: SweepSight = {
    now,
    policy,
    control,
    appHeld: (await holdOn(deps)) !== undefined,
    state: opened,
    lanes,
    active,
    ended: flying.flatMap(({ code, ...vm }) => (code === undefined ? [] : { ...vm, code })),
    known: await knownVerdicts(
      deps,
      lanesInReach(opened, active.length, new GroupRoom({ policy, lanes, active }, opened)).flatMap(
        ({ lane }) => lanes[lane]?.imageId ?? [],
      ),
    ),
    ...((policy.hooks.beforeStage ?? policy.hooks.afterStage) && {
      stageAnswers: await policySweeps.stageAnswers(sweepId),
    }),
  };
  const startAgain = flying
    .filter(({ begun, releasedAt }) => !begun && now - releasedAt >= START_AGAIN_MS)
    .map(({ key }) => key);
  return { view: { ...sight, ...(await readQueue(queue, sight, lanes)) }, startAgain };
}

function open(state: SweepState, stage: number, lanes: readonly Lane[]): SweepState {
  if (state.queue?.stage === stage) return state;
  return { ...state, queue: { stage, lanes: lanes.map(({ vms }) => ({ left: vms, from: 0 })) } };
}

async function readQueue(
  queue: SweepQueue,
  sight: SweepSight,
  lanes: readonly Lane[],
): Promise<Pick<TickView, "queued" | "state">> {
  const { state } = sight;
  if (!state.queue) return { queued: [], state };
  const { stage } = state.queue;
  const left: LaneLeft[] = [...state.queue.lanes];
  const queued: SweepVm[] = [];
  for (const { lane, most } of reachOf(sight)) {
    const before = left[lane] ?? { left: 0, from: 0 };
    const head = await queue.head({ stage, lane }, { vms: lanes[lane]?.vms ?? 0, from: before.from, most });
    queued.push(...head.rows.map(toVm));
    left[lane] = { ...before, from: head.from };
  }
  return { queued, state: { ...state, queue: { stage, lanes: left } } };
}

/** Verdicts name VMs as whoever asked wrote them. */
const toVm = (row: StoredRow<SweepVmRow>): SweepVm => ({
  key: keyOf(row),
  vmId: row.value.vmId.toLowerCase(),
  stage: row.value.stage,
  lane: row.value.lane,
  imageId: row.value.imageId,
});

async function follow({ runs }: RunDeps, row: StoredRow<ActiveVmRow>) {
  const run = await runs.get(row.value.runId);
  const told = run && toldBy(run);
  const code = run?.code ?? undefined;
  return {
    ...toVm(row),
    begun: run !== undefined,
    releasedAt: Date.parse(row.value.releasedAt),
    ...(told && { told }),
    waits: waitsForTurn(run),
    ...(code !== undefined && { code }),
    failed: code !== undefined && isHarm(code, run?.installPosts ?? 0),
    verified: code !== undefined && isVerified(code, run?.installPosts ?? 0),
  };
}

/** One whose VM is not ready yet, or that assesses already, is in nobody's way. */
function waitsForTurn(run: RunRecord | undefined): boolean {
  const steps = run?.steps ?? [];
  const isReady = steps.find(({ name }) => name === "checkProvisioning")?.endedAt !== null;
  return isReady && !steps.some(({ name }) => name === "assessPatches");
}

function toldBy({ code, supportState }: Pick<RunRecord, "code" | "supportState">): Told | undefined {
  if (code === "UnsupportedImage" || code === "PatchingRefused") return "unsupported";
  return supportState === "Supported" ? "supported" : undefined;
}

export async function knownVerdicts(
  { images }: Pick<RunDeps, "images">,
  imageIds: readonly string[],
): Promise<Map<string, KnownVerdict>> {
  const known = new Map<string, KnownVerdict>();
  for (const imageId of new Set(imageIds)) {
    const verdict = await images.get(imageId);
    const told =
      verdict && ({ Supported: "supported", Unsupported: "unsupported" } as const)[verdict.supportState as string];
    if (verdict && told) known.set(imageId, { told, vmId: verdict.vmId.toLowerCase(), at: Date.parse(verdict.seenAt) });
  }
  return known;
}
