import type { ArmError } from "../../azure/answers";
import type { AcceptedOperation, PostAnswer } from "../../azure/compute/operation-starter";
import type { ActivityResult } from "../../contracts/activities";
import type { Ending } from "../../contracts/run";
import { classifyRefusal, missingAction } from "../../domain/outcome/refusal";
import type { RunRecord } from "../../ledger/runs";
import { intentKey, requestIdsOf, type Accepted, type Intent } from "../../ledger/intent";
import { isoOf, noteStep, subjectOf, type RunDeps, type RunRef } from "./deps";
import { closedGate } from "./gates";
import { delayed, type Delay } from "./patience";
import { learnFrom } from "./rate";
import { startedResult, stepOf, unanswered } from "./started";

type StartResult = ActivityResult<"startOperation">;

/**
 * Sends the request of an intent that this delivery inserted, and keeps Azure's answer.
 * @param location the VM's region
 */
export async function send(deps: RunDeps, run: RunRecord, intent: Intent, location: string): Promise<StartResult> {
  const closed = await closedGate(deps, run, intent.operation, intent.epoch);
  if (closed) return close(deps, run, intent, "withheld", closed);

  const answer = await postInTime(deps, run, intent);
  const result = await keep(deps, run, intent, answer);
  if (answer.kind !== "notSent") await learnFrom(deps, run, location, answer);
  return result;
}

async function keep(deps: RunDeps, run: RunRecord, intent: Intent, answer: PostAnswer | NotSent): Promise<StartResult> {
  switch (answer.kind) {
    case "accepted":
      return accept(deps, run, intent, answer.operation);
    case "refused":
      return refuse(deps, run, intent, answer.error);
    case "unanswered":
      deps.logs.operationUnanswered({ ...namesOf(run, intent), reason: answer.reason });
      return unanswered(deps, intent);
    case "notSent":
      return putOff(deps, run, intent, "withheld", {
        code: "AzureUnavailable",
        afterMs: TOO_LATE_MS,
        detail: TOO_LATE,
      });
  }
}

interface NotSent {
  readonly kind: "notSent";
}

const TOO_LATE = "not sent: its time was over before it could leave";
const TOO_LATE_MS = 5_000;

/** The last look at the clock stands directly before the request, which is cut when its time is over. */
async function postInTime(deps: RunDeps, run: RunRecord, intent: Intent): Promise<PostAnswer | NotSent> {
  const { azure, clock } = deps;
  const { vmId } = subjectOf(deps, run);
  // Only an installation has a body.
  const operation = intent.request
    ? ({ kind: "install", request: intent.request } as const)
    : ({ kind: "assess" } as const);
  const cut = new AbortController();
  // Only this delivery could have sent it, so nothing did: no operation in Azure is taken for this one's.
  if (clock.now() >= intent.postNotAfter) return { kind: "notSent" };
  const cancel = clock.at(intent.postNotAfter, () => cut.abort());
  try {
    return await azure.postOperation(vmId, operation, requestIdsOf(intent), cut.signal);
  } finally {
    cancel();
  }
}

async function accept(
  deps: RunDeps,
  run: RunRecord,
  intent: Intent,
  operation: AcceptedOperation,
): Promise<StartResult> {
  // With neither an address of ARM's nor an id there is nothing to follow; the instance view will show it.
  if (operation.address !== "arm" && operation.activityId === undefined) return unanswered(deps, intent);
  const { pollerState, ...rest } = operation;
  const accepted: Accepted = {
    ...rest,
    acceptedAt: Number.isNaN(operation.acceptedAt) ? intent.baseline.azureTime : operation.acceptedAt,
    // A foreign address is never followed: the activity id is, through the instance view.
    ...(operation.address === "arm" && { pollerState }),
    adopted: false,
    knownSince: deps.clock.now(),
  };
  await keepAccepted(deps, run, intent, accepted);
  deps.logs.operationStarted({ ...namesOf(run, intent), activityId: accepted.activityId });
  return startedResult(deps, intent, accepted);
}

/** Keeps an operation that Azure has, and ends the run's patience so far. */
export async function keepAccepted(deps: RunDeps, ref: RunRef, intent: Intent, accepted: Accepted): Promise<void> {
  const { vm } = subjectOf(deps, ref);
  await vm.updateIntent(intentKey(intent), (known) =>
    known.accepted ? undefined : { ...known, state: "accepted", accepted },
  );
  await deps.runs.update(ref.runId, ({ delayedSince: _patience, ...rest }) => rest);
  await noteStep(deps, ref, {
    name: stepOf(intent.operation),
    attempt: intent.attempt,
    evidence: {
      activityId: accepted.activityId ?? null,
      acceptedAt: isoOf(accepted.acceptedAt),
      adopted: accepted.adopted,
      ...requestIdsOf(intent),
      ...accepted.ids,
    },
  });
}

async function refuse(deps: RunDeps, run: RunRecord, intent: Intent, error: ArmError): Promise<StartResult> {
  const refusal = classifyRefusal(error);
  const { status, code = "", message = "" } = error;
  if (refusal.kind === "unanswered") {
    deps.logs.operationUnanswered({ ...namesOf(run, intent), reason: `${status} ${code}` });
    return unanswered(deps, intent);
  }
  deps.logs.operationRefused({ ...namesOf(run, intent), status, code });
  const action = missingAction(message);
  const detail = action === undefined ? `${status} ${code}: ${message}` : `missing action ${action}`;
  const { ids: refusedIds = {} } = error;
  const refused = { ...intent, refusedIds };
  if (refusal.kind === "final") return close(deps, run, refused, "refused", { code: refusal.code, detail });

  return putOff(deps, run, refused, "refused", { code: refusal.code, afterMs: refusal.afterMs, detail });
}

/** Nothing was started, and another intent may follow at the time that this one's row tells to every delivery. */
async function putOff(
  deps: RunDeps,
  run: RunRecord,
  intent: Intent,
  state: "refused" | "withheld",
  delay: Delay,
): Promise<StartResult> {
  const later = await delayed(deps, run, delay);
  if (later.kind === "end") return close(deps, run, intent, state, later);
  const { vm } = subjectOf(deps, run);
  const retryAt = Date.parse(later.at);
  const { refusedIds } = intent;
  await vm.updateIntent(intentKey(intent), (known) =>
    known.state === "open" ? { ...known, state, retryAt, ...(refusedIds && { refusedIds }) } : undefined,
  );
  return later;
}

/** Ends the start for good; a late delivery of the same start reads this ending. */
async function close(
  deps: RunDeps,
  run: RunRecord,
  intent: Intent,
  state: "refused" | "withheld",
  { code, detail }: Ending,
): Promise<StartResult> {
  const ending: Ending = { code, ...(detail !== undefined && { detail }) };
  const { vm } = subjectOf(deps, run);
  const { refusedIds } = intent;
  await vm.updateIntent(intentKey(intent), (known) =>
    known.accepted ? undefined : { ...known, state, ending, ...(refusedIds && { refusedIds }) },
  );
  return { kind: "end", ...ending };
}

const namesOf = (run: RunRecord, { operation }: Intent) => ({ runId: run.runId, vmId: run.vmId, operation });
