import type { ActivityInput, ActivityResult } from "../../contracts/activities";
import { intentKey, type Intent } from "../../ledger/intent";
import { confirmInstall } from "./confirm-install";
import { subjectOf, type RunDeps } from "./deps";
import { pollOperation } from "./poll-operation";
import { turnAhead } from "./rate";
import { readSupportState } from "./read-support-state";

type PollInput = ActivityInput<"pollOperation">;
type PollResult = ActivityResult<"pollOperation">;
type Ended = Extract<PollResult, { kind: "ended" }>;

/** One look at an operation. Is it over, then what follows is looked at as well: most of the time it is there already. */
export const pollAndGoOn =
  (deps: RunDeps) =>
  async (input: PollInput): Promise<PollResult> => {
    const polled = await pollOperation(deps)(input);
    if (polled.kind !== "ended") return polled;
    const intent = await subjectOf(deps, input).vm.intent(input.operationKey);
    if (!intent) return polled;
    return intent.operation === "assess" ? withSupport(deps, input, intent, polled) : withEnding(deps, input, polled);
  };

async function withSupport(deps: RunDeps, { runId, vmId }: PollInput, intent: Intent, ended: Ended): Promise<Ended> {
  if (Date.parse(ended.readAt) > deps.clock.now()) return ended;
  const { supportBy } = ended;
  const input = { runId, vmId, operationKey: intentKey(intent), supportBy, attempt: intent.attempt };
  const support = await readAndLineUp(deps)(input);
  return support.kind === "wait" ? { ...ended, readAt: support.at } : { ...ended, support };
}

async function withEnding(deps: RunDeps, input: PollInput, ended: Ended): Promise<Ended> {
  const confirmed = await confirmInstall(deps)(input);
  if (confirmed.kind === "wait") return { ...ended, readAt: confirmed.at };
  const { kind: _end, ...ending } = confirmed;
  return { ...ended, ending };
}

/** One look at Resource Graph. Is the VM supported, then a run that is to install takes its turn among all that wait to. */
export const readAndLineUp =
  (deps: RunDeps) =>
  async (input: ActivityInput<"readSupportState">): Promise<ActivityResult<"readSupportState">> => {
    const support = await readSupportState(deps)(input);
    if (support.kind !== "supported") return support;
    const run = await deps.runs.get(input.runId);
    const startAt = run?.mode === "patch" ? await turnAhead(deps, input, "install") : undefined;
    return { kind: "supported", ...(startAt !== undefined && { startAt }) };
  };
