import type { ActivityInput, ActivityResult } from "../../contracts/activities";
import { leftRunning } from "../../domain/hook/ending";
import { operationInProgress } from "../../domain/machine/busy";
import type { MachineView } from "../../domain/machine/view";
import { sameText } from "../../domain/text";
import type { PowerRecord } from "../../ledger/power-record";
import type { StoredRow } from "../../store/store";
import { beginStep, isoOf, MINUTE_MS, noteStep, subjectOf, type RunDeps } from "./deps";
import { sendPower } from "./power";
import { notBefore, settledBy } from "./started";

type StopInput = ActivityInput<"stopVm">;
type StopResult = ActivityResult<"stopVm">;

const LOOK_AGAIN_MS = 30_000;
const asItWas: StopResult = { kind: "asItWas" };

/**
 * Deallocates the VM that this run started; repeating it changes nothing. Windows, pause and the stop switch do not hold
 * it back, for it ends what the run began; an operation that still runs on the VM does.
 */
export const stopVm =
  (deps: RunDeps) =>
  async (input: StopInput): Promise<StopResult> => {
    const { vm, vmId } = subjectOf(deps, input);
    const known = await vm.power(input.runId);
    if (!known || known.value.over) return asItWas;
    await beginStep(deps, input, { name: "stopVm" });
    const now = deps.clock.now();
    const since = known.value.stopFrom ?? now;
    if (known.value.stopFrom === undefined) {
      await vm.updatePower(input.runId, (power) => ({ ...power, stopFrom: power.stopFrom ?? now }));
    }
    const look = await deps.azure.readMachine(vmId);
    if (look.kind === "notFound") return over(deps, input, "the VM is gone");
    const view = look.kind === "found" ? look.view : undefined;
    // A request that left late could still start the VM, or deallocate it under whoever comes next.
    const quietFrom = settledBy(deps, known.value.postNotAfter);
    if (sameText(view?.powerState, "deallocated")) {
      return now < quietFrom ? { kind: "wait", at: notBefore(quietFrom) } : over(deps, input, "deallocated");
    }
    // Nothing more is sent once patience is over, so that what was sent has time to show.
    if (now < since + deps.settings.GOLDPATCH_READY_DEADLINE_MINUTES * MINUTE_MS) {
      const trouble = view ? await deallocate(deps, input, view) : "message" in look ? look.message : "";
      await vm.updatePower(input.runId, (power) => (power.trouble === trouble ? undefined : { ...power, trouble }));
      return { kind: "wait", at: isoOf(now + LOOK_AGAIN_MS) };
    }
    if (now < quietFrom) return { kind: "wait", at: notBefore(quietFrom) };
    const reason = known.value.trouble ?? "";
    deps.logs.vmLeftRunning({ runId: input.runId, vmId: input.vmId, reason });
    await over(deps, input, `left running: ${reason}`);
    return { kind: "end", ...leftRunning(input.ending, reason) };
  };

/** Why it is not deallocated yet, in words. */
async function deallocate(deps: RunDeps, input: StopInput, view: MachineView): Promise<string> {
  const { vm } = subjectOf(deps, input);
  const running = operationInProgress(view);
  if (running) return `operation ${running.activityId ?? "without id"} is in progress`;
  if (sameText(view.powerState, "deallocating")) return "it is being deallocated";
  const [known, lease] = [await vm.power(input.runId), await vm.lease()];
  if (!known || !lease?.value.held || lease.value.runId !== input.runId) return "another run holds the VM";
  const record: StoredRow<PowerRecord>["value"] = known.value;
  const sent = await sendPower(deps, input, { request: "deallocate", location: view.location, lease, known, record });
  switch (sent.kind) {
    case "wait":
    case "notSent":
      return "its request waits";
    case "accepted":
      return "it was asked to";
    case "unanswered":
      return sent.reason;
    case "refused": {
      const { status, code = "", message = "" } = sent.error;
      deps.logs.operationRefused({ runId: input.runId, vmId: input.vmId, operation: "deallocate", status, code });
      return `${status} ${code}: ${message}`;
    }
  }
}

async function over(deps: RunDeps, input: StopInput, end: string): Promise<StopResult> {
  const { vm } = subjectOf(deps, input);
  await vm.updatePower(input.runId, (power) => ({ ...power, over: true }));
  await noteStep(deps, input, { name: "stopVm", ended: true, evidence: { end } });
  return asItWas;
}
