import type { PostAnswer } from "../../azure/compute/operation-starter";
import {
  ARM_READS,
  ARM_WRITES,
  PATCH_OPERATIONS_OF_REGION,
  PATCH_OPERATIONS_OF_VM,
  VM_DEALLOCATIONS_OF_REGION,
  VM_STARTS_OF_REGION,
} from "../../azure/limits";
import type { PowerRequest } from "../../azure/compute/power";
import type { VmId } from "../../domain/machine/vm-id";
import type { OperationKind } from "../../domain/operation/operation";
import { classifyRefusal } from "../../domain/outcome/refusal";
import type { Answer, Draw } from "../../domain/rate/book";
import { closed, drawn, earliest, FULL, paceOf, told, type Bucket } from "../../domain/rate/bucket";
import { spreadOf } from "../../ledger/keys";
import type { BookRef } from "../../ledger/rates";
import type { RunRecord } from "../../ledger/runs";
import { intentKey } from "../../ledger/intent";
import type { Lease } from "../../ledger/lease";
import { MINUTE_MS, subjectOf, type RunDeps, type RunRef } from "./deps";
import { sendsSurely } from "./install-request";
import { notBefore } from "./started";

interface Wait {
  readonly kind: "wait";
  readonly at: string;
}

const VM_PACE = paceOf(PATCH_OPERATIONS_OF_VM);
/** A quarter for single runs: half a minute's worth, which is as far ahead as a sweep is granted calls. */
export const REGION_PACE = paceOf(PATCH_OPERATIONS_OF_REGION, { reserve: 100 });
/** Few at once: what others drew before shows in the first answers, and only these calls may be refused by then. */
const WRITES_PACE = paceOf(ARM_WRITES, { burst: 20, reserve: 5 });
/** The rest is for the looks directly before POSTs, which come at the pace of writes, and for steps that read twice. */
const READS_PACE = paceOf({ ...ARM_READS, refill: ARM_READS.refill - ARM_WRITES.refill }, { burst: 100 });

const WRITES: Draw = { bucket: "writes", pace: WRITES_PACE };
const READS: Draw = { bucket: "reads", pace: READS_PACE };
/** Arc has a region's bucket of its own: its operations are not Compute's. */
const ofRegion = (location: string, { kind }: VmId): Draw => ({
  bucket: `${kind === "arc" ? "arc " : ""}region ${location.toLowerCase()}`,
  pace: REGION_PACE,
});

const bookOf = ({ subscriptionId }: VmId, calls: BookRef["calls"]): BookRef => ({ subscriptionId, calls });

/** A POST of assess or install that is about to get its intent. */
export interface PlannedPost {
  readonly run: RunRecord;
  readonly intentKey: string;
  readonly location: string;
  readonly lease: Lease;
}

/** Undefined when all buckets allow the POST now; the region's and the subscription's keep their tokens for it then. */
export async function waitForTurn(deps: RunDeps, post: PlannedPost): Promise<Wait | undefined> {
  const { run, intentKey, location, lease } = post;
  const now = deps.clock.now();
  const vmAt = earliest(lease.operations ?? FULL, VM_PACE, "single", now);
  if (vmAt > now) return { kind: "wait", at: notBefore(vmAt) };
  const { vmId } = subjectOf(deps, run);
  const ask = {
    key: intentKey,
    asker: run.trigger === "sweep" ? "sweep" : "single",
    draws: drawsIn(location, vmId),
    repeatable: false,
    spread: spreadOf(run.runId),
    ...(run.turn?.intentKey === intentKey && { turnAt: run.turn.at }),
  } as const;
  const answer = await deps.rates.ask(bookOf(vmId, "patchOperations"), ask, now);
  if (answer.kind === "askAgain" && answer.turnAt !== undefined && answer.turnAt !== ask.turnAt) {
    const turn = { intentKey, at: answer.turnAt };
    await deps.runs.update(run.runId, (known) => ({ ...known, turn }));
  }
  return waitFor(answer, now);
}

const POWER_PACES = { start: paceOf(VM_STARTS_OF_REGION), deallocate: paceOf(VM_DEALLOCATIONS_OF_REGION) };

/** The same for a request to start or deallocate a VM, which may be repeated. */
export async function waitForPowerTurn(
  deps: RunDeps,
  run: RunRef,
  request: PowerRequest,
  location: string,
): Promise<Wait | undefined> {
  const now = deps.clock.now();
  const ofPower: Draw = { bucket: `${request} ${location.toLowerCase()}`, pace: POWER_PACES[request] };
  const ask = {
    key: `${request}:${run.runId}`,
    asker: "sweep",
    draws: [ofPower, WRITES],
    repeatable: true,
    spread: spreadOf(run.runId),
  } as const;
  const { vmId } = subjectOf(deps, run);
  return waitFor(await deps.rates.ask(bookOf(vmId, "patchOperations"), ask, now), now);
}

const drawsIn = (location: string, vmId: VmId): readonly Draw[] => [ofRegion(location, vmId), WRITES];

const waitFor = ({ kind, at }: Answer, now: number): Wait | undefined =>
  kind === "askAgain" || at > now ? { kind: "wait", at: notBefore(at) } : undefined;

/** A POST that had its turn and is not sent: others may be. */
export async function giveTurnBack(deps: RunDeps, { run, intentKey, location }: PlannedPost): Promise<void> {
  const { vmId } = subjectOf(deps, run);
  await deps.rates.giveBack(bookOf(vmId, "patchOperations"), drawsIn(location, vmId), intentKey);
}

/**
 * The turn of a run's next POST, taken as soon as it is known that there will be one: who has to wait for it begins
 * to wait at once. Undefined when it may leave now.
 */
export async function turnAhead(deps: RunDeps, ref: RunRef, operation: OperationKind): Promise<string | undefined> {
  const run = await deps.runs.get(ref.runId);
  const lease = await subjectOf(deps, ref).vm.lease();
  if (run?.location === undefined || !lease || !sendsSurely(run, operation, deps.clock.now())) return undefined;
  const { runId, location } = run;
  const key = intentKey({ runId, operation, attempt: 1, sequence: 1 });
  return (await waitForTurn(deps, { run, intentKey: key, location, lease: lease.value }))?.at;
}

/** The VM's own bucket with one more call: it changes together with the lease, under which nobody else posts. */
export const operationsAfterPost = (lease: Lease, now: number): Bucket =>
  drawn(lease.operations ?? FULL, VM_PACE, now, now);

/** The longest time that Compute's documents show in a refusal (troubleshooting throttling errors). Then one asks again. */
const LONGEST_CLOSED_MS = 20 * MINUTE_MS;

/** Resource Manager's own code; Compute refuses with another (azure-addenda A8). */
const ARM_THROTTLED = "SubscriptionRequestsThrottled";

/** Passes on what Azure's answer to a POST tells about the buckets: others draw on them too. */
export async function learnFrom(deps: RunDeps, run: RunRef, location: string, answer: PostAnswer): Promise<void> {
  if (answer.kind === "unanswered") return;
  const now = deps.clock.now();
  const { vmId, vm } = subjectOf(deps, run);
  const book = bookOf(vmId, "patchOperations");
  const { remaining } = answer;

  if (answer.kind === "refused" && answer.error.status === 429) {
    const refusal = classifyRefusal(answer.error);
    const until = now + (refusal.kind === "later" ? Math.min(refusal.afterMs, LONGEST_CLOSED_MS) : 0);
    if (answer.error.code === ARM_THROTTLED) return deps.rates.close(book, WRITES, until, now);
    if (remaining.ofVm === 0 && remaining.ofRegion !== 0) {
      return vm.correctOperations((known) => closed(known, VM_PACE, until, 0));
    }
    return deps.rates.close(book, ofRegion(location, vmId), until, now);
  }
  // With a burst's worth and more there is nothing to correct.
  const { ofVm: vmTokens = VM_PACE.burst, ofRegion: regionTokens = REGION_PACE.burst } = remaining;
  if (regionTokens < REGION_PACE.burst) await deps.rates.tell(book, ofRegion(location, vmId), regionTokens, now);
  if (vmTokens < VM_PACE.burst) await vm.correctOperations((known) => told(known, VM_PACE, vmTokens, 0, now));
}

/**
 * So many runs at a time read less than Resource Manager allows, whatever they do: two reads each at once, and then one
 * in 16 seconds.
 */
const UNPACED_RUNS = 100;

/** Undefined when Resource Manager lets this run read now, at the pace of all runs. */
async function waitToRead(deps: RunDeps, name: string, run: RunRef): Promise<Wait | undefined> {
  if (deps.settings.GOLDPATCH_MAX_ACTIVE_RUNS <= UNPACED_RUNS) return undefined;
  const now = deps.clock.now();
  const spread = spreadOf(run.runId);
  const ask = { key: `${name}:${run.runId}`, asker: "single", draws: [READS], repeatable: true, spread } as const;
  const { vmId } = subjectOf(deps, run);
  return waitFor(await deps.rates.ask(bookOf(vmId, "reads"), ask, now), now);
}

/** An activity that begins with a read. */
export const paced =
  <I extends RunRef, R>(deps: RunDeps, name: string, activity: (input: I) => Promise<R>) =>
  async (input: I): Promise<R | Wait> =>
    (await waitToRead(deps, name, input)) ?? activity(input);

/** The look at the VM before its POST. One whose turn has come does not queue a second time, or it would miss it. */
export async function waitToLook(deps: RunDeps, run: RunRef, intentKey: string): Promise<Wait | undefined> {
  if (deps.settings.GOLDPATCH_MAX_ACTIVE_RUNS <= UNPACED_RUNS) return undefined;
  const { vmId } = subjectOf(deps, run);
  const hasTurn = await deps.rates.knows(bookOf(vmId, "patchOperations"), intentKey, deps.clock.now());
  return hasTurn ? undefined : waitToRead(deps, "startOperation", run);
}
