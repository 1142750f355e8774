import type { ActivityInput, ActivityResult, Settled } from "../contracts/activities";
import { CLAIM_CHILD } from "../contracts/names";
import type { Ending, RunRequest } from "../contracts/run";
import { MOST_STARTS } from "../domain/operation/operation";
import type { AroundStep } from "../domain/sweep/around";
import { askBefore, leaveVm, prepareVm } from "./around-vm";
import { askUntilSettled } from "./ask-until-settled";
import type { Durable, Story } from "./durable";
import { end, endingOf, go, ids, type Step } from "./step";

type Claimed = Extract<ActivityResult<"claimRun">, { kind: "claimed" }>;
type EndedOperation = Extract<ActivityResult<"pollOperation">, { kind: "ended" }>;
/** When the next operation may be asked for; at once if absent. */
interface Turn {
  readonly startAt?: string;
}
type Ready = Extract<ActivityResult<"checkProvisioning">, { kind: "ready" }>;
type StartedOperation = Extract<ActivityResult<"startOperation">, { kind: "started" }>;

/**
 * Brings one VM of a customized image to exactly one outcome.
 *
 * 1. Claim the run: nobody else works on this VM. With the claim comes the first look at it.
 * 2. Wait until the VM is provisioned and its agent is ready.
 * 3. Assess patches, and wait until Resource Graph tells the support state. Unclear answers are assessed again, a few times.
 * 4. Install patches if the VM is Supported and the run is meant to patch; confirm from a second source.
 * 5. Record the outcome, whatever happened.
 *
 * A policy may want more around that: its hook and a start of the VM after the claim, its hook and the VM's deallocation
 * before the outcome (around-vm.ts). Which policy selects a new VM only its second step tells, so the hook comes after it.
 */
export function* patchVm(durable: Durable, run: RunRequest): Story<Ending> {
  const wanted: Wanted = { around: run.sweep?.around ?? [] };
  const { ending, recorded } = yield* settled(durable, run, wanted);
  if (recorded) return ending;
  const left = yield* leaveVm(durable, run, wanted.around, ending);
  yield* recordOutcome(durable, run, left);
  return left;
}

/** What a policy wants around the run, as far as it is known: an activity that fails later takes nothing back. */
interface Wanted {
  around: readonly AroundStep[];
}

/** How the run ends, and whether an earlier orchestration of the same run has recorded it. */
interface RunEnd {
  readonly ending: Ending;
  readonly recorded: boolean;
}

/** A lost worker fails its activities instead of repeating them: then the rows tell how far the run came. */
function* settled(durable: Durable, run: RunRequest, wanted: Wanted): Story<RunEnd> {
  try {
    return yield* claimAndWork(durable, run, wanted);
  } catch (failure) {
    const input = { ...ids(run), failure: describe(failure) };
    const question = { activity: "settleAfterFailure", input, forgiving: true } as const;
    return { ending: endingOf(yield* askUntilSettled(durable, question, "settle")), recorded: false };
  }
}

function* claimAndWork(durable: Durable, run: RunRequest, wanted: Wanted): Story<RunEnd> {
  const claim = yield* askUntilSettled(durable, { activity: "claimRun", input: run, forgiving: true }, CLAIM_CHILD);
  switch (claim.kind) {
    case "alreadySettled":
      return { ending: { code: claim.code }, recorded: true };
    case "end":
      return { ending: endingOf(claim), recorded: false };
    case "claimed":
      return { ending: yield* work(durable, run, wanted, claim), recorded: false };
  }
}

function* work(durable: Durable, run: RunRequest, wanted: Wanted, { check, readyBy }: Claimed): Story<Ending> {
  const prepared = run.sweep?.around ? yield* prepareVm(durable, run, readyBy) : go(readyBy);
  if (prepared.kind === "end") return prepared.ending;

  const ready = yield* waitUntilReady(durable, run, prepared.value, check);
  if (ready.kind === "end") return ready.ending;
  const { around } = ready.value;
  if (around) {
    wanted.around = around;
    const agreed = yield* askBefore(durable, run, around);
    if (agreed.kind === "end") return agreed.ending;
  }

  const support = yield* findSupportState(durable, run, ready.value);
  if (support.kind === "end") return support.ending;
  if ((ready.value.mode ?? run.mode) === "assess") return { code: "Supported" };

  return yield* installAndConfirm(durable, run, support.value);
}

/**
 * With what is to be done, and what around it: a new VM itself tells which policy says so. The claim looked once already,
 * unless something was done with the VM since.
 */
function* waitUntilReady(
  durable: Durable,
  run: RunRequest,
  readyBy: string,
  check: Claimed["check"],
): Story<Step<Ready>> {
  if (check?.kind === "ready") return go(check);
  if (check?.kind === "end") return end(check);
  const input = { ...ids(run), readyBy };
  const question = { activity: "checkProvisioning", input, forgiving: true, ...(check && { at: check.at }) } as const;
  const seen = yield* askUntilSettled(durable, question, "ready");
  return seen.kind === "ready" ? go(seen) : end(seen);
}

function* findSupportState(durable: Durable, run: RunRequest, first: Turn): Story<Step<Turn>> {
  let turn = first;
  for (let attempt = 1; ; attempt++) {
    const started = yield* start(durable, run, "assess", attempt, turn);
    if (started.kind === "end") return started;
    const ended = yield* followOperation(durable, run, started.value, `assess-${attempt}`);
    if (ended.kind === "overdue") return end({ code: "AssessmentOverdue" });

    const support = ended.support ?? (yield* readSupportState(durable, run, started.value, attempt, ended));
    switch (support.kind) {
      case "supported":
        return go(support);
      case "end":
        return end(support);
      case "reassess":
        turn = { startAt: support.at };
    }
  }
}

function* readSupportState(
  durable: Durable,
  run: RunRequest,
  { operationKey }: StartedOperation,
  attempt: number,
  { readAt, supportBy }: EndedOperation,
) {
  const input = { ...ids(run), operationKey, supportBy, attempt };
  const question = { activity: "readSupportState", input, at: readAt, forgiving: true } as const;
  return yield* askUntilSettled(durable, question, `support-${attempt}`);
}

function* installAndConfirm(durable: Durable, run: RunRequest, turn: Turn): Story<Ending> {
  const started = yield* start(durable, run, "install", 1, turn);
  if (started.kind === "end") return started.ending;
  const { operationKey } = started.value;
  const ended = yield* followOperation(durable, run, started.value, "install");
  if (ended.kind === "overdue") return { code: "InstallStillRunning" };
  if (ended.ending) return ended.ending;

  const input = { ...ids(run), operationKey };
  const question = { activity: "confirmInstall", input, at: ended.readAt, forgiving: true } as const;
  return endingOf(yield* askUntilSettled(durable, question, "confirm"));
}

/** Azure may ask to come back later, and so may a gate: the wait is a durable timer, never an activity's. */
function* start(
  durable: Durable,
  run: RunRequest,
  operation: "assess" | "install",
  attempt: number,
  turn: Turn,
): Story<Step<StartedOperation>> {
  const input = { ...ids(run), operation, attempt };
  let at = turn.startAt;
  for (let starts = 1; starts <= MOST_STARTS; starts++) {
    const suffix = `${operation}-${attempt}-${starts}`;
    const answer = yield* post(durable, { input, ...(at !== undefined && { at }) }, suffix);
    at = undefined;
    if (answer.kind === "started") return go(answer);
    if (answer.kind === "end") return end(answer);

    const question = { activity: "resolveIntent", input, at: answer.resolveAt, forgiving: true } as const;
    const found = yield* askUntilSettled(durable, question, `resolve-${suffix}`);
    if (found.kind === "started") return go(found);
    // An assessment may be repeated; an installation never is.
    if (found.kind === "noTrace" && operation === "install") return end({ code: "IntentUnresolved" });
  }
  return end({ code: "InternalError", detail: `${operation} could not be started ${MOST_STARTS} times` });
}

/** Never repeated on a failure: the POST may have left before the worker died. */
function* post(
  durable: Durable,
  question: { readonly input: ActivityInput<"startOperation">; readonly at?: string },
  suffix: string,
): Story<Settled<"startOperation">> {
  try {
    return yield* askUntilSettled(durable, { activity: "startOperation", ...question }, `start-${suffix}`);
  } catch {
    return { kind: "unanswered", resolveAt: durable.now().toISOString() };
  }
}

function* followOperation(durable: Durable, run: RunRequest, operation: StartedOperation, childSuffix: string) {
  const input = { ...ids(run), operationKey: operation.operationKey };
  const question = { activity: "pollOperation", input, at: operation.pollAt, forgiving: true } as const;
  return yield* askUntilSettled(durable, question, childSuffix);
}

function* recordOutcome(durable: Durable, run: RunRequest, ending: Ending) {
  const input = { run, ending };
  yield* askUntilSettled(durable, { activity: "recordOutcome", input, forgiving: true }, "record");
}

const describe = (failure: unknown): string => (failure instanceof Error ? failure.message : String(failure));
