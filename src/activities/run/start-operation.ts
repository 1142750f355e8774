import type { ActivityInput, ActivityResult } from "../../contracts/activities";
import type { Ending } from "../../contracts/run";
import type { MachineView } from "../../domain/machine/view";
import { LONGEST_DURATION_MS } from "../../domain/install/options";
import { FEWEST, growingLooks, plannedLooks } from "../../domain/operation/looks";
import { POST_WITHIN_MS, TIMER_EARLY_MS, timingOf, type OperationKind } from "../../domain/operation/operation";
import { spreadOf } from "../../ledger/keys";
import type { RunRecord } from "../../ledger/runs";
import { intentKey, type Intent } from "../../ledger/intent";
import { isHeldBy } from "../../ledger/lease";
import { beginStep, isoOf, runOf, subjectOf, type RunDeps } from "./deps";
import { closedGate } from "./gates";
import { sendsSurely } from "./install-request";
import { lookBeforePost } from "./look-before-post";
import { delayed, type Delay, type Delayed } from "./patience";
import { giveTurnBack, operationsAfterPost, waitForTurn, waitToLook, type PlannedPost } from "./rate";
import { send } from "./send-intent";
import { startedResult, stepOf, unanswered } from "./started";

type StartInput = ActivityInput<"startOperation">;
type StartResult = ActivityResult<"startOperation">;

/** Another delivery of this activity was faster; by then it has decided. */
const OTHER_DELIVERY_MS = 5_000;

/**
 * Evaluates every gate, waits for its turn by the rate limits, writes the intent, posts at most once.
 *
 * Only the delivery that inserts an intent posts it. Whoever finds one that is open never posts: the answer may be on
 * its way or lost, and resolveIntent finds out. A decision to send nothing is a row in the intent's place, so that a
 * late delivery cannot decide otherwise.
 */
export const startOperation =
  (deps: RunDeps) =>
  async (input: StartInput): Promise<StartResult> => {
    const { vm } = subjectOf(deps, input);
    const last = (await vm.intentsOf(input.runId, input.operation, input.attempt)).at(-1);
    if (last?.accepted) return startedResult(deps, last, last.accepted);
    if (last?.ending) return { kind: "end", ...last.ending };
    if (last?.state === "open") return unanswered(deps, last);
    // Timers fire up to a second early.
    if (last?.retryAt !== undefined && deps.clock.now() + TIMER_EARLY_MS < last.retryAt) {
      return { kind: "wait", at: isoOf(last.retryAt) };
    }
    if (last?.state === "untraced" && input.operation === "install") return { kind: "end", code: "IntentUnresolved" };

    await beginStep(deps, input, { name: stepOf(input.operation), attempt: input.attempt });
    const run = await runOf(deps, input);
    return decide(deps, run, input, last ? last.sequence + 1 : 1);
  };

async function decide(deps: RunDeps, run: RunRecord, input: StartInput, sequence: number): Promise<StartResult> {
  const { clock } = deps;
  const { vm } = subjectOf(deps, input);
  const blank: Blank = { ...input, sequence };

  const closed = await closedGate(deps, run, input.operation);
  if (closed) return withhold(deps, blank, closed);
  const lease = await vm.lease();
  if (!lease || !isHeldBy(lease.value, run.runId)) return withhold(deps, blank, { code: "LeaseLost" });

  // Who waits for its turn reads nothing; but whether and where one is needed, sometimes only the look tells.
  const post = { run, intentKey: intentKey(blank), lease: lease.value };
  const { location } = run;
  const planned =
    location !== undefined && sendsSurely(run, input.operation, clock.now()) ? { ...post, location } : undefined;
  const queued = await (planned ? waitToPost(deps, planned, input.operation) : waitToLook(deps, run, post.intentKey));
  if (queued) return queued;

  const looks = await looksFor(deps, run, input.operation);
  const look = await lookBeforePost(deps, run, input.operation);
  if (look.kind !== "send") {
    // With an intent in its place the turn is another delivery's.
    if (planned && !(await vm.intent(post.intentKey))) await giveTurnBack(deps, planned);
    return look.kind === "never" ? withhold(deps, blank, look.ending) : putOff(deps, blank, look.delay);
  }
  const { view, request } = look;
  const turn = planned ? undefined : await waitToPost(deps, { ...post, location: view.location }, input.operation);
  if (turn) return turn;

  const now = clock.now();
  const intent: Intent = {
    ...rowOf(blank),
    state: "open",
    epoch: lease.value.epoch,
    baseline: baselineOf(input, view),
    postNotAfter: now + POST_WITHIN_MS,
    ...(request && { request }),
    ...(looks.length > 0 && { looks }),
  };
  const operations = operationsAfterPost(lease.value, now);
  if (!(await vm.insertIntent(intent, lease, operations))) return otherDelivery(deps);
  return send(deps, run, intent, view.location);
}

async function waitToPost(deps: RunDeps, post: PlannedPost, operation: OperationKind) {
  const { runId, vmId } = post.run;
  const turn = await waitForTurn(deps, post);
  if (turn) deps.logs.operationWaits({ runId, vmId, operation, until: turn.at });
  return turn;
}

type Blank = StartInput & { readonly sequence: number };

const rowOf = ({ runId, operation, attempt, sequence }: Blank) => ({ runId, operation, attempt, sequence });

/** Read before the intent is written: nothing may stand between Azure's answer and its being kept. */
async function looksFor({ durations }: RunDeps, run: RunRecord, operation: OperationKind): Promise<number[]> {
  const { imageId, osType, runId, trigger } = run;
  const known = await durations.of({ operation, imageId, osType }, FEWEST);
  const timing = timingOf(operation, LONGEST_DURATION_MS);
  const planned = plannedLooks(known, timing, spreadOf(runId));
  return planned.length === 0 && trigger === "sweep" ? growingLooks(timing, spreadOf(runId)) : planned;
}

function baselineOf({ operation }: StartInput, view: MachineView): Intent["baseline"] {
  const activityId = (operation === "assess" ? view.assessment : view.installation)?.activityId;
  return { azureTime: view.azureTime, ...(activityId !== undefined && { activityId }) };
}

async function withhold(deps: RunDeps, blank: Blank, ending: Ending): Promise<StartResult> {
  const { vm } = subjectOf(deps, blank);
  const row: Intent = {
    ...rowOf(blank),
    state: "withheld",
    epoch: 0,
    baseline: { azureTime: 0 },
    postNotAfter: 0,
    ending,
  };
  return (await vm.withhold(row)) ? { kind: "end", ...ending } : otherDelivery(deps);
}

async function putOff(deps: RunDeps, blank: Blank, delay: Delay): Promise<StartResult> {
  const answer: Delayed = await delayed(deps, blank, delay);
  return answer.kind === "wait" ? answer : withhold(deps, blank, answer);
}

const otherDelivery = ({ clock }: RunDeps): StartResult => ({
  kind: "wait",
  at: isoOf(clock.now() + OTHER_DELIVERY_MS),
});
