import type { Ending } from "../../contracts/run";
import { operationInProgress } from "../../domain/machine/busy";
import type { MachineView } from "../../domain/machine/view";
import type { InstallRequest } from "../../domain/install/options";
import type { OperationKind } from "../../domain/operation/operation";
import type { RunRecord } from "../../ledger/runs";
import { subjectOf, type RunDeps } from "./deps";
import { decideInstallRequest } from "./install-request";
import type { Delay } from "./patience";

export type LastLook =
  | { readonly kind: "send"; readonly view: MachineView; readonly request?: InstallRequest }
  | { readonly kind: "later"; readonly delay: Delay }
  | { readonly kind: "never"; readonly ending: Ending };

const LOOK_AGAIN_MS = 60_000;

/** The look at the VM directly before a POST: whether it may be sent, what to send, and what was there before it. */
export async function lookBeforePost(deps: RunDeps, run: RunRecord, operation: OperationKind): Promise<LastLook> {
  const { azure, clock } = deps;
  const look = await azure.readMachine(subjectOf(deps, run).vmId);
  if (look.kind === "notFound") return never({ code: "VmNotFound" });
  if (look.kind === "forbidden") return never({ code: "PermissionMissing", detail: look.message });
  if (look.kind === "unavailable") {
    const afterMs = Math.max(LOOK_AGAIN_MS, look.retryAfterMs ?? 0);
    return later({ code: "AzureUnavailable", afterMs, detail: look.message });
  }
  const { view } = look;
  if (run.vmGuid !== undefined && view.vmGuid !== run.vmGuid) return never({ code: "VmReplaced" });

  const running = operationInProgress(view);
  if (running) {
    const detail = `operation ${running.activityId ?? "without id"} is in progress`;
    return later({ code: "OperationInProgress", afterMs: LOOK_AGAIN_MS, detail });
  }
  if (operation === "assess") return { kind: "send", view };
  const install = decideInstallRequest(run, view, clock.now());
  switch (install.kind) {
    case "send":
      return { kind: "send", view, request: install.request };
    case "later":
      return later({ code: install.code, afterMs: LOOK_AGAIN_MS, detail: install.detail });
    case "end":
      return never(install.ending);
  }
}

const later = (delay: Delay): LastLook => ({ kind: "later", delay });
const never = (ending: Ending): LastLook => ({ kind: "never", ending });
