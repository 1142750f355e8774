import type { ActivityInput, ActivityResult } from "../../contracts/activities";
import { problemOnMachine } from "../../domain/install/options";
import { sourceOf } from "../../domain/machine/image";
import {
  decideReadiness,
  isTaggedOff,
  stateInWords,
  warningsFor,
  type Readiness,
} from "../../domain/machine/readiness";
import type { MachineView } from "../../domain/machine/view";
import type { OutcomeCode } from "../../domain/outcome/table";
import { spreadOf } from "../../ledger/keys";
import type { RunRecord } from "../../ledger/runs";
import { choosePolicy } from "./choose-policy";
import { beginStep, isoOf, noteStep, runOf, subjectOf, type RunDeps } from "./deps";

type CheckResult = ActivityResult<"checkProvisioning">;

const LOOK_EVERY_MS = 30_000;
const SPREAD_MS = 10_000;

/** One look at the VM. What passes by itself is waited for until `readyBy`. */
export const checkProvisioning =
  (deps: RunDeps) =>
  async (input: ActivityInput<"checkProvisioning">): Promise<CheckResult> => {
    await beginStep(deps, input, { name: "checkProvisioning" });
    if (await deps.switches.isCancelled(input.runId)) return end("CancelledBeforeInstall");

    const { vmId, vm } = subjectOf(deps, input);
    const look = await deps.azure.readMachine(vmId);
    if (look.kind === "notFound") return end("VmNotFound");
    if (look.kind === "forbidden") return end("PermissionMissing", look.message);
    if (look.kind === "unavailable") {
      deps.logs.azureUnavailable({ runId: input.runId, vmId: input.vmId, reason: look.message });
      return laterOr(deps, input, "AzureUnavailable", look.message, look.retryAfterMs);
    }
    const { view } = look;
    const run = await noteFacts(deps, input, view);
    const skipped = await whySkipped(deps, run, view);
    if (skipped) return skipped;
    const choice = await choosePolicy(deps, run, view);
    if (choice.kind === "unknown") return laterOr(deps, input, "AzureUnavailable", choice.message, choice.retryAfterMs);
    if (choice.kind === "ignore") return end("LeftByPolicy", `policy ${choice.name}`);

    const readiness = decideReadiness(view);
    if (readiness.kind === "wait") return laterOr(deps, input, readiness.code, stateInWords(view));
    await noteStep(deps, input, { name: "checkProvisioning", ended: true, evidence: evidenceOf(view, readiness) });
    if (readiness.kind === "never") return end(readiness.code, stateInWords(view));
    // Before anything is sent: an assessment for options that cannot be meant would be for nothing.
    const problem = asksByHand(run) ? problemOnMachine(run.install ?? {}, readiness.osType) : undefined;
    if (problem !== undefined) return end("RequestRefused", problem);
    if (run.trigger === "event" && view.vmGuid !== undefined) await vm.markHandled(view.vmGuid, run.runId);
    if (choice.kind === "none") return { kind: "ready" };
    return { kind: "ready", mode: choice.mode, ...(choice.around && { around: choice.around }) };
  };

/** A sweep's policy has options for whatever it finds. */
const asksByHand = ({ trigger, mode }: RunRecord): boolean => trigger === "http" && mode === "patch";

async function noteFacts(deps: RunDeps, input: { runId: string; vmId: string }, view: MachineView): Promise<RunRecord> {
  const source = sourceOf(view);
  const osType = ["Windows", "Linux"].find((os): os is "Windows" | "Linux" => os === view.osType);
  await deps.runs.update(input.runId, (run) => ({
    ...run,
    imageId: source.imageId,
    imageKind: source.kind,
    osType: osType ?? null,
    location: view.location,
    ...(view.vmGuid !== undefined && { vmGuid: view.vmGuid }),
    ...(view.createdAt !== undefined && { createdAt: isoOf(view.createdAt) }),
    warnings: warningsFor(view),
  }));
  return runOf(deps, input);
}

/** VM writes also fire on tag edits of old machines, and names are reused: only the GET tells which machine this is. */
async function whySkipped(deps: RunDeps, run: RunRecord, view: MachineView): Promise<CheckResult | undefined> {
  if (run.trigger !== "http" && isTaggedOff(view.tags)) return end("TaggedOff");
  if (run.trigger !== "event") return undefined;
  const age = view.createdAt === undefined ? 0 : Date.parse(run.requestedAt) - view.createdAt;
  if (age > deps.settings.GOLDPATCH_NEW_VM_HOURS * 3_600_000) {
    return end("NotNew", `created ${isoOf(Date.parse(run.requestedAt) - age)}`);
  }
  if (view.vmGuid === undefined) return undefined;
  const handledBy = await subjectOf(deps, run).vm.handledBy(view.vmGuid);
  return handledBy !== undefined && handledBy !== run.runId ? end("AlreadyHandled", `by run ${handledBy}`) : undefined;
}

function laterOr(
  deps: RunDeps,
  input: ActivityInput<"checkProvisioning">,
  code: OutcomeCode,
  detail: string,
  atLeastMs = 0,
): CheckResult {
  const next = deps.clock.now() + Math.max(LOOK_EVERY_MS, atLeastMs) + Math.floor(spreadOf(input.runId) * SPREAD_MS);
  return next > Date.parse(input.readyBy) ? end(code, detail) : { kind: "wait", at: isoOf(next) };
}

function evidenceOf(view: MachineView, readiness: Readiness) {
  return {
    readiness: readiness.kind,
    provisioningState: view.provisioningState ?? null,
    powerState: view.powerState ?? null,
    agent: view.agent?.displayStatus ?? null,
    patchMode: view.patchMode ?? null,
    ...(view.arc && { status: view.arc.status ?? null, agentVersion: view.arc.agentVersion ?? null }),
    azureTime: isoOf(view.azureTime),
  };
}

const end = (code: OutcomeCode, detail?: string): CheckResult => ({
  kind: "end",
  code,
  ...(detail !== undefined && { detail }),
});
