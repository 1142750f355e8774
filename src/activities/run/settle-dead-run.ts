import type { Ending, RunRequest } from "../../contracts/run";
import { whyOver } from "../../domain/run/life";
import { intentKey } from "../../ledger/intent";
import type { VmLedger } from "../../ledger/vms";
import { askHook } from "./ask-hook";
import { confirmInstall } from "./confirm-install";
import { isoOf, subjectOf, type RunDeps } from "./deps";
import { pollOperation } from "./poll-operation";
import { recordOutcome } from "./record-outcome";
import { resolveIntent } from "./resolve-intent";
import { endingByRows } from "./settle-after-failure";
import { settledBy } from "./started";
import { stopVm } from "./stop-vm";

export type Settlement =
  | { readonly kind: "settled"; readonly code: Ending["code"] }
  /** Ask again at this time; it waits for the run's last request, for Azure to answer, or for an operation to end. */
  | { readonly kind: "wait"; readonly at: string; readonly for: "request" | "Azure" | "operation" };

/** The reason to settle a run whose orchestration is over. */
export const endedBy = (orchestration: Parameters<typeof whyOver>[0]): Ending => ({
  code: "OrchestrationEnded",
  detail: whyOver(orchestration),
});

/**
 * Brings a run that no orchestration follows any more to its true outcome. Repeating it changes nothing.
 *
 * 1. Fence it: a termination reaches neither children nor activities, and one of them may be about to send.
 * 2. Wait until what it may have sent has had time to show.
 * 3. Find out what became of its requests, and wait for its operations to end.
 * 4. Ask the hook after the VM, and deallocate the VM if the run started it: as its policy wants.
 * 5. Record the outcome: its installation's, or the given one when there was none.
 */
export async function settleDeadRun(deps: RunDeps, run: RunRequest, reason: Ending): Promise<Settlement> {
  const { vm } = subjectOf(deps, run);
  const { why, quietFrom } = await fence(deps, vm, run, reason);
  if (deps.clock.now() < quietFrom) return { kind: "wait", at: isoOf(quietFrom), for: "request" };

  const open = (await resolveOpenIntents(deps, vm, run)) ?? (await awaitOperations(deps, vm, run));
  if (open) return open;
  const found = await endingOf(deps, vm, run, why);
  if ("kind" in found) return found;
  const ending = await leaveVm(deps, run, found);
  if ("kind" in ending) return ending;
  const { code } = await recordOutcome(deps)({ run, ending });
  return { kind: "settled", code };
}

/** What the run's policy wants at the end of it, whoever sees to that. */
async function leaveVm(
  deps: RunDeps,
  { runId, vmId }: RunRequest,
  ending: Ending,
): Promise<Ending | Extract<Settlement, { kind: "wait" }>> {
  // A run that never held its VM has no row, and left nothing behind.
  const run = await deps.runs.get(runId);
  if (!(run?.sweep ?? run?.policy)?.around) return ending;
  const told = await askHook(deps)({ runId, vmId, moment: "afterVm", ending });
  if (told.kind === "wait") return { kind: "wait", at: told.at, for: "operation" };
  const known =
    told.kind === "end" ? { code: told.code, ...(told.detail !== undefined && { detail: told.detail }) } : ending;
  const left = await stopVm(deps)({ runId, vmId, ending: known });
  if (left.kind === "wait") return { kind: "wait", at: left.at, for: "operation" };
  return left.kind === "end" ? { code: left.code, ...(left.detail !== undefined && { detail: left.detail }) } : known;
}

/** The first reason stands: it is what was seen before anything was done about it. */
async function fence(deps: RunDeps, vm: VmLedger, { runId }: RunRequest, reason: Ending) {
  for (;;) {
    const lease = await vm.lease();
    // A run that does not hold its VM can send nothing.
    if (!lease?.value.held || lease.value.runId !== runId) return { why: reason, quietFrom: 0 };
    const { fenced, postNotAfter } = lease.value;
    if (fenced) return { why: fenced, quietFrom: settledBy(deps, postNotAfter) };
    if (!(await vm.fence(lease, reason))) continue;
    // Whatever the run was put off for, asking Azure about its end has a patience of its own.
    await deps.runs.update(runId, ({ delayedSince: _patience, ...rest }) => rest);
  }
}

async function resolveOpenIntents(deps: RunDeps, vm: VmLedger, run: RunRequest): Promise<Settlement | undefined> {
  const { runId, vmId } = run;
  for (const { state, operation, attempt } of await vm.intentsOfRun(runId)) {
    if (state !== "open") continue;
    const found = await resolveIntent(deps)({ runId, vmId, operation, attempt });
    if (found.kind === "wait") return { ...found, for: "Azure" };
  }
  return undefined;
}

/** One that is overdue is no longer waited for. */
async function awaitOperations(deps: RunDeps, vm: VmLedger, run: RunRequest): Promise<Settlement | undefined> {
  const { runId, vmId } = run;
  for (const intent of await vm.intentsOfRun(runId)) {
    if (!intent.accepted || intent.accepted.ended) continue;
    const look = await pollOperation(deps)({ runId, vmId, operationKey: intentKey(intent) });
    if (look.kind === "wait") return { ...look, for: "operation" };
  }
  return undefined;
}

async function endingOf(
  deps: RunDeps,
  vm: VmLedger,
  { runId, vmId }: RunRequest,
  why: Ending,
): Promise<Ending | Extract<Settlement, { kind: "wait" }>> {
  const install = (await vm.intentsOfRun(runId)).filter(({ operation }) => operation === "install").at(-1);
  if (install?.accepted && !install.accepted.ended) return because({ code: "InstallStillRunning" }, why);
  if (install?.accepted) {
    const { kind, ...rest } = await confirmInstall(deps)({ runId, vmId, operationKey: intentKey(install) });
    return "at" in rest ? { kind: "wait", at: rest.at, for: "operation" } : because(rest, why);
  }
  if (!install && (await deps.switches.isCancelled(runId))) return because({ code: "CancelledBeforeInstall" }, why);
  const ending = await endingByRows(vm, runId, why);
  return ending.detail === why.detail ? ending : because(ending, why);
}

/** How the installation ended, and why nobody followed it. */
const because = ({ code, detail }: Ending, why: Ending): Ending => ({
  code,
  detail: [detail, why.detail].filter(Boolean).join("; "),
});
