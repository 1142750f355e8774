import type { ActivityInput, ActivityResult } from "../../contracts/activities";
import type { OperationLook } from "../../azure/operations/operation-reader";
import type { PatchSummary } from "../../domain/machine/view";
import { isOurs } from "../../domain/operation/adopt";
import { operationState } from "../../domain/operation/operation";
import { sameText } from "../../domain/text";
import { intentKey, type Accepted, type EndedOperation, type Intent } from "../../ledger/intent";
import { isoOf, MINUTE_MS, noteStep, runOf, subjectOf, type RunDeps } from "./deps";
import { assessRulesOf } from "./policy-of-run";
import { rowMayShowAt } from "./graph-tick";
import { lookAfter, stepOf, timingOfIntent } from "./started";
import { resultOfSummary } from "./summary-result";

type PollInput = ActivityInput<"pollOperation">;
type PollResult = ActivityResult<"pollOperation">;

/** After an assessment that failed a row still may come, Unsupported above all; but not for long. */
const SUPPORT_AFTER_FAILURE_MS = 5 * MINUTE_MS;

/** One look at an operation: at its address while Azure knows it, else through the instance view by its activity id. */
export const pollOperation =
  (deps: RunDeps) =>
  async (input: PollInput): Promise<PollResult> => {
    const { vm } = subjectOf(deps, input);
    const intent = await vm.intent(input.operationKey);
    if (!intent?.accepted) throw new TypeError(`${input.operationKey} is no accepted operation`);
    if (intent.accepted.ended) return ended(deps, input, intent, intent.accepted.ended, intent.accepted.ended.at);

    const look = await lookAt(deps, input, intent, intent.accepted);
    if (look.kind === "ended") {
      const answer = await keepEnd(deps, input, intent, look.ended, look.durationMs);
      if (look.durationMs !== undefined) await learn(deps, input, intent, look.durationMs);
      return answer;
    }

    const { overdueAfterMs, pollEveryMs } = timingOfIntent(intent);
    const now = deps.clock.now();
    if (now - intent.accepted.knownSince > overdueAfterMs) {
      // An address may answer InProgress for ever; the machine itself may know better.
      const machine = await throughInstanceView(deps, input, intent, intent.accepted);
      if (machine.kind === "ended") return keepEnd(deps, input, intent, machine.ended);
      await noteStep(deps, input, {
        name: stepOf(intent.operation),
        attempt: intent.attempt,
        ended: true,
        evidence: { overdue: true },
      });
      return { kind: "overdue" };
    }
    return { kind: "wait", at: lookAfter(now, intent, intent.accepted, pollEveryMs, look.retryAfterMs) };
  };

type Look =
  | { readonly kind: "ended"; readonly ended: Omit<EndedOperation, "at">; readonly durationMs?: number }
  | { readonly kind: "later"; readonly retryAfterMs?: number };

async function lookAt(deps: RunDeps, input: PollInput, intent: Intent, accepted: Accepted): Promise<Look> {
  const { vmId, vm } = subjectOf(deps, input);
  if (accepted.pollerState === undefined) return throughInstanceView(deps, input, intent, accepted);
  const look = await deps.azure.readOperation(vmId.subscriptionId, accepted.pollerState);
  switch (look.kind) {
    case "gone":
    case "forbidden": {
      // The operation goes on without its address; from now on only the instance view is asked.
      await vm.updateIntent(input.operationKey, (known) => ({
        ...known,
        accepted: withoutAddress(known.accepted ?? accepted),
      }));
      await noteStep(deps, input, {
        name: stepOf(intent.operation),
        attempt: intent.attempt,
        evidence: { address: look.kind === "gone" ? "Azure no longer knows it" : look.message },
      });
      return throughInstanceView(deps, input, intent, accepted);
    }
    case "refused":
      // Perhaps it failed, perhaps Azure is in trouble: the machine knows.
      deps.logs.azureUnavailable({ runId: input.runId, vmId: input.vmId, reason: look.message });
      return { ...laterAfter(look.retryAfterMs), ...(await throughInstanceView(deps, input, intent, accepted)) };
    case "unavailable":
      deps.logs.azureUnavailable({ runId: input.runId, vmId: input.vmId, reason: look.message });
      return laterAfter(look.retryAfterMs);
    case "running":
      return laterAfter(look.retryAfterMs);
    case "ended":
      return {
        kind: "ended",
        ended: { ...endOf(look), source: "operation" },
        ...(look.durationMs !== undefined && { durationMs: look.durationMs }),
      };
  }
}

/** What later operations of this kind are looked at by. */
async function learn(deps: RunDeps, input: PollInput, { operation }: Intent, durationMs: number): Promise<void> {
  const { imageId, osType } = await runOf(deps, input);
  await deps.durations.note({ operation, imageId, osType }, durationMs);
}

const laterAfter = (retryAfterMs: number | undefined): Look => ({
  kind: "later",
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});

/** The address is signed and of several kilobytes: it is kept for as long as it is asked. */
const withoutAddress = ({ pollerState: _gone, ...rest }: Accepted): Accepted => rest;

function endOf({ state, result, errorCode, errorMessage }: Extract<OperationLook, { kind: "ended" }>) {
  return {
    state,
    ...(result && { result }),
    ...(errorCode !== undefined && { errorCode }),
    ...(errorMessage !== undefined && { errorMessage }),
  };
}

async function throughInstanceView(deps: RunDeps, input: PollInput, intent: Intent, accepted: Accepted): Promise<Look> {
  const look = await deps.azure.readMachine(subjectOf(deps, input).vmId);
  if (look.kind === "notFound") {
    return { kind: "ended", ended: { state: "unknown", source: "instanceView", errorCode: "VMNotFound" } };
  }
  if (look.kind === "unavailable") return laterAfter(look.retryAfterMs);
  if (look.kind === "forbidden") return { kind: "later" };
  const summary = intent.operation === "assess" ? look.view.assessment : look.view.installation;
  if (!summary) return { kind: "later" };
  // Without an id of its own it is known as one whose answer was lost is: the run holds the machine meanwhile.
  const ours =
    accepted.activityId === undefined
      ? isOurs(summary, intent.baseline)
      : sameText(summary.activityId, accepted.activityId);
  if (!ours) {
    // A later operation took its place, so ours is over and its numbers are lost.
    return accepted.activityId !== undefined && (summary.startedAt ?? 0) > accepted.acceptedAt
      ? { kind: "ended", ended: { state: "succeeded", source: "instanceView" } }
      : { kind: "later" };
  }
  const state = operationState(summary.status);
  return state === "running" ? { kind: "later" } : { kind: "ended", ended: fromSummary(state, summary) };
}

function fromSummary(state: "succeeded" | "failed", summary: PatchSummary): Omit<EndedOperation, "at"> {
  return {
    state,
    source: "instanceView",
    result: resultOfSummary(summary, state),
    ...(summary.errorCode !== undefined && { errorCode: summary.errorCode }),
    ...(summary.errorMessage !== undefined && { errorMessage: summary.errorMessage }),
  };
}

async function keepEnd(
  deps: RunDeps,
  input: PollInput,
  intent: Intent,
  end: Omit<EndedOperation, "at">,
  durationMs?: number,
): Promise<PollResult> {
  const { vm } = subjectOf(deps, input);
  const kept = await vm.updateIntent(intentKey(intent), (known) =>
    known.accepted && !known.accepted.ended
      ? {
          ...known,
          accepted: { ...idOf(end), ...withoutAddress(known.accepted), ended: { ...end, at: deps.clock.now() } },
        }
      : undefined,
  );
  await noteStep(deps, input, {
    name: stepOf(intent.operation),
    attempt: intent.attempt,
    ended: true,
    evidence: {
      state: end.state,
      resultStatus: end.result?.status ?? null,
      source: end.source,
      ...(intent.accepted?.activityId === undefined && idOf(end)),
      ...end.result?.counts,
      ...(end.result?.rebootStatus !== undefined && { rebootStatus: end.result.rebootStatus }),
      ...(end.result?.unfinishedPatches.length && { unfinishedPatches: end.result.unfinishedPatches }),
      ...(end.errorCode !== undefined && { errorCode: end.errorCode }),
      ...(end.errorMessage !== undefined && { errorMessage: end.errorMessage }),
    },
  });
  const now = deps.clock.now();
  const overSince = Math.min(now, (intent.accepted?.knownSince ?? now) + (durationMs ?? Number.POSITIVE_INFINITY));
  return ended(deps, input, intent, kept?.accepted?.ended ?? { ...end, at: now }, overSince);
}

/** The id that the result tells; the one that was known at the start stands. */
const idOf = ({ result }: Pick<EndedOperation, "result">) =>
  result?.activityId === undefined ? {} : { activityId: result.activityId };

/** @param overSince our clock, at the latest when it was seen */
async function ended(
  deps: RunDeps,
  input: PollInput,
  { operation }: Intent,
  { state, at }: EndedOperation,
  overSince: number,
): Promise<PollResult> {
  // After an installation nobody waits for a row: no policy is read for it.
  const deadline =
    operation === "assess"
      ? (await assessRulesOf(deps, input)).deadlineMs
      : deps.settings.GOLDPATCH_SUPPORT_DEADLINE_MINUTES * MINUTE_MS;
  const wait = state !== "succeeded" ? Math.min(deadline, SUPPORT_AFTER_FAILURE_MS) : deadline;
  return { kind: "ended", readAt: rowMayShowAt(overSince), supportBy: isoOf(at + wait) };
}
