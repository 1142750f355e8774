import type { ActivityInput, ActivityResult } from "../../contracts/activities";
import { isOurs } from "../../domain/operation/adopt";
import { intentKey, type Accepted, type Intent } from "../../ledger/intent";
import { subjectOf, type RunDeps } from "./deps";
import { delayed } from "./patience";
import { keepAccepted } from "./send-intent";
import { notBefore, resolvableAt, startedResult } from "./started";

type ResolveResult = ActivityResult<"resolveIntent">;

const LOOK_AGAIN_MS = 60_000;

/**
 * Read-only towards Azure: what became of an intent without answer.
 * An operation is adopted, running or finished, when it was not there before the intent and started after it.
 */
export const resolveIntent =
  (deps: RunDeps) =>
  async (input: ActivityInput<"resolveIntent">): Promise<ResolveResult> => {
    const { vm } = subjectOf(deps, input);
    const intent = (await vm.intentsOf(input.runId, input.operation, input.attempt)).at(-1);
    switch (intent?.state) {
      case undefined:
      case "refused":
      case "withheld":
        return { kind: "neverSent" };
      case "accepted":
        return intent.accepted ? startedResult(deps, intent, intent.accepted) : { kind: "noTrace" };
      case "untraced":
        return { kind: "noTrace" };
      case "open":
        return lookForTrace(deps, input, intent);
    }
  };

async function lookForTrace(
  deps: RunDeps,
  input: ActivityInput<"resolveIntent">,
  intent: Intent,
): Promise<ResolveResult> {
  const { clock, azure, logs } = deps;
  const { vmId, vm } = subjectOf(deps, input);
  const from = resolvableAt(deps, intent);
  if (clock.now() < from) return { kind: "wait", at: notBefore(from) };

  const look = await azure.readMachine(vmId);
  if (look.kind === "unavailable" || look.kind === "forbidden") {
    const afterMs = Math.max(LOOK_AGAIN_MS, (look.kind === "unavailable" && look.retryAfterMs) || 0);
    const delay = { code: "AzureUnavailable", afterMs, detail: look.message } as const;
    const later = await delayed(deps, input, delay);
    return later.kind === "wait" ? later : untraced(deps, intent, vm);
  }
  const summary =
    look.kind === "found" && (input.operation === "assess" ? look.view.assessment : look.view.installation);
  if (!summary || !isOurs(summary, intent.baseline)) return untraced(deps, intent, vm);

  const accepted: Accepted = {
    acceptedAt: summary.startedAt ?? intent.baseline.azureTime,
    address: "none",
    activityId: summary.activityId,
    adopted: true,
    knownSince: clock.now(),
  };
  await keepAccepted(deps, input, intent, accepted);
  const { runId, vmId: id, operation } = input;
  logs.operationAdopted({ runId, vmId: id, operation, activityId: summary.activityId });
  return startedResult(deps, intent, accepted);
}

async function untraced(deps: RunDeps, intent: Intent, vm: ReturnType<typeof subjectOf>["vm"]): Promise<ResolveResult> {
  const now = await vm.updateIntent(intentKey(intent), (known) =>
    known.state === "open" ? { ...known, state: "untraced" } : undefined,
  );
  return now?.accepted ? startedResult(deps, now, now.accepted) : { kind: "noTrace" };
}
