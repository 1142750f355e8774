import type { Ending } from "../../contracts/run";
import {
  installRequestFor,
  problemWithOptions,
  type InstallOptions,
  type InstallRequest,
} from "../../domain/install/options";
import { nothingPending, type PendingCounts } from "../../domain/install/pending";
import { decideReadiness } from "../../domain/machine/readiness";
import type { MachineView } from "../../domain/machine/view";
import type { OperationKind } from "../../domain/operation/operation";
import type { OutcomeCode } from "../../domain/outcome/table";
import type { RunRecord } from "../../ledger/runs";

export type InstallDecision =
  | { readonly kind: "send"; readonly request: InstallRequest }
  | { readonly kind: "later"; readonly code: OutcomeCode; readonly detail: string }
  | { readonly kind: "end"; readonly ending: Ending };

/** What was asked for, and what the assessment counted. */
export interface InstallWish {
  readonly install?: InstallOptions;
  readonly pending?: PendingCounts;
}

/** The body to send for this machine, or why none is sent. It was ready before the assessment; its owner may have stopped it since. */
export function decideInstallRequest(run: InstallWish, view: MachineView, now: number): InstallDecision {
  const readiness = decideReadiness(view);
  if (readiness.kind === "wait") return { kind: "later", code: readiness.code, detail: "after the assessment" };
  if (readiness.kind === "never") return end({ code: readiness.code });
  const options = run.install ?? {};
  const problem = problemWithOptions(options, readiness.osType);
  if (problem !== undefined) return end({ code: "RequestRefused", detail: problem });
  const request = installRequestFor(options, {
    osType: readiness.osType,
    now,
    ...(view.createdAt !== undefined && { createdAt: view.createdAt }),
  });
  return nothingPending(run.pending ?? {}, request) ? end({ code: "NothingPending" }) : { kind: "send", request };
}

/** Whether the run's next step sends something, as far as it is known before the machine is looked at again. */
export function sendsSurely(run: RunRecord, operation: OperationKind, now: number): boolean {
  if (operation === "assess" || run.osType === null) return operation === "assess";
  const createdAt = run.createdAt === undefined ? undefined : Date.parse(run.createdAt);
  const facts = { osType: run.osType, now, ...(createdAt !== undefined && { createdAt }) };
  return !nothingPending(run.pending ?? {}, installRequestFor(run.install ?? {}, facts));
}

const end = (ending: Ending): InstallDecision => ({ kind: "end", ending });
