import type { ActivityInput, ActivityResult } from "../../contracts/activities";
import { decideReadiness, isTaggedOff } from "../../domain/machine/readiness";
import type { MachineView } from "../../domain/machine/view";
import { classifyRefusal } from "../../domain/outcome/refusal";
import { sameText } from "../../domain/text";
import { isHeldBy } from "../../ledger/lease";
import { beginStep, noteStep, runOf, subjectOf, type RunDeps, type RunRef } from "./deps";
import { closedGate } from "./gates";
import { delayed } from "./patience";
import { sendPower } from "./power";

type StartResult = ActivityResult<"startVm">;

const LOOK_AGAIN_MS = 30_000;
const asItIs: StartResult = { kind: "asItIs" };

/**
 * Starts a VM that is deallocated, and waits until it runs: repeating it changes nothing. Only a VM that was seen
 * deallocated before anything was sent counts as started by the run, and only such a one is deallocated again. What
 * cannot be patched however it runs is not started.
 */
export const startVm =
  (deps: RunDeps) =>
  async (input: ActivityInput<"startVm">): Promise<StartResult> => {
    const { vmId, vm } = subjectOf(deps, input);
    const known = await vm.power(input.runId);
    if (known?.value.over) return asItIs;
    const look = await deps.azure.readMachine(vmId);
    if (look.kind === "notFound") return asItIs;
    if (look.kind === "forbidden") return later(deps, input, "PermissionMissing", look.message);
    if (look.kind === "unavailable") return later(deps, input, "AzureUnavailable", look.message, look.retryAfterMs);
    const { view } = look;
    if (!known && !mayStart(view)) return asItIs;

    await beginStep(deps, input, { name: "startVm" });
    const isOff = sameText(view.powerState, "deallocated");
    if (isOff) return start(deps, input, view);
    // It is on its way out, or up.
    if (!sameText(view.powerState, "running")) {
      return later(deps, input, "VmNotStarted", `power ${view.powerState ?? "unknown"}`);
    }
    await deps.runs.update(input.runId, ({ delayedSince: _patience, ...rest }) => rest);
    await noteStep(deps, input, { name: "startVm", ended: true, evidence: { started: known !== undefined } });
    return asItIs;
  };

function mayStart(view: MachineView): boolean {
  const isOff = ["deallocated", "deallocating"].some((state) => sameText(view.powerState, state));
  return isOff && !isTaggedOff(view.tags) && decideReadiness({ ...view, powerState: "running" }).kind !== "never";
}

async function start(deps: RunDeps, input: RunRef, view: MachineView): Promise<StartResult> {
  const { vm } = subjectOf(deps, input);
  const run = await runOf(deps, input);
  const closed = await closedGate(deps, run, "assess");
  if (closed) return { kind: "end", ...closed };
  if (run.vmGuid !== undefined && run.vmGuid !== view.vmGuid) return { kind: "end", code: "VmReplaced" };
  const lease = await vm.lease();
  if (!lease || !isHeldBy(lease.value, input.runId)) return { kind: "end", code: "LeaseLost" };
  const known = await vm.power(input.runId);
  const record = known?.value ?? { runId: input.runId, startFrom: deps.clock.now() };
  const sent = await sendPower(deps, input, { request: "start", location: view.location, lease, known, record });
  switch (sent.kind) {
    case "wait":
      return sent;
    case "accepted":
    case "notSent":
      return later(deps, input, "VmNotStarted", "it was asked to start");
    case "unanswered":
      return later(deps, input, "VmNotStarted", sent.reason);
    case "refused": {
      const { status, code = "", message = "" } = sent.error;
      const detail = `starting the VM: ${status} ${code}: ${message}`;
      const refusal = classifyRefusal(sent.error);
      deps.logs.operationRefused({ ...input, operation: "start", status, code });
      if (refusal.kind === "final") return { kind: "end", code: refusal.code, detail };
      return later(deps, input, "VmNotStarted", detail, refusal.kind === "later" ? refusal.afterMs : 0);
    }
  }
}

const later = (
  deps: RunDeps,
  input: RunRef,
  code: "AzureUnavailable" | "PermissionMissing" | "VmNotStarted",
  detail: string,
  atLeastMs = 0,
): Promise<StartResult> => delayed(deps, input, { code, afterMs: Math.max(LOOK_AGAIN_MS, atLeastMs), detail });
