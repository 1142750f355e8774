import type { OutcomeCode } from "./table";

/** An answer to a POST of assess or install that is not a success. */
export interface RefusedAnswer {
  readonly status: number;
  readonly code?: string;
  readonly message?: string;
  readonly retryAfterMs?: number;
}

export type Refusal =
  /** Azure may or may not have started it: never send it again on this ground. */
  | { readonly kind: "unanswered" }
  /** Nothing was started; a new attempt may follow after this time. `code` ends the run when the patience is over. */
  | { readonly kind: "later"; readonly afterMs: number; readonly code: OutcomeCode }
  | { readonly kind: "final"; readonly code: OutcomeCode };

/** Buckets refill once a minute (addenda A13). */
const THROTTLED_WAIT_MS = 60_000;
const BUSY_WAIT_MS = 60_000;

/**
 * HTTP status first, then code, then message: 429, busy and not running share the code OperationNotAllowed.
 * Texts: Compute's VM error messages page and addenda A3 to A5.
 */
export function classifyRefusal(answer: RefusedAnswer): Refusal {
  const { status, retryAfterMs } = answer;
  if (status === 429) return later(retryAfterMs ?? THROTTLED_WAIT_MS, "AzureUnavailable");
  if (status === 503 && retryAfterMs !== undefined) return later(retryAfterMs, "AzureUnavailable");
  // Nobody says whether a request that timed out at 408 had reached Compute.
  if (status === 408 || status >= 500) return { kind: "unanswered" };
  if (status === 401) return later(BUSY_WAIT_MS, "PermissionMissing");
  if (status === 403) return final("PermissionMissing");
  if (status === 404) return final("VmNotFound");
  return byMessage(answer);
}

function byMessage({ status, code = "", message = "" }: RefusedAnswer): Refusal {
  const text = message.toLowerCase();
  if (text.includes("not supported for vm guest patch")) return final("PatchingRefused");
  if (text.includes("marked for deletion")) return final("VmBeingDeleted");
  if (text.includes("in failed state")) return final("ExtensionFailed");
  if (
    text.includes("requires the vm to be running") ||
    text.includes("vm is not running") ||
    text.includes("deallocated")
  ) {
    return final("NotRunning");
  }
  if (
    status === 409 ||
    ["conflict", "operationnotallowed", "resourceupdateblockedonplatformupdate"].includes(code.toLowerCase())
  ) {
    return later(BUSY_WAIT_MS, "OperationInProgress");
  }
  return final("RequestRefused");
}

const later = (afterMs: number, code: OutcomeCode): Refusal => ({ kind: "later", afterMs, code });
const final = (code: OutcomeCode): Refusal => ({ kind: "final", code });

/** The action that a 403 names (`… does not have authorization to perform action 'X' over scope …`). */
export const missingAction = (message: string): string | undefined =>
  /perform action '([A-Za-z0-9./*-]+)'/.exec(message)?.[1];

/** Codes of operations that ended as failed because Azure could not reach into the VM (Compute: VM error messages). */
const AGENT_CODES = ["vmagentstatuscommunicationerror"];
const EXTENSION_CODES = [
  "vmextensionprovisioningtimeout",
  "vmextensionprovisioningerror",
  "vmextensionhandlernontransienterror",
];

/** What a failed assessment's error code says for certain; undefined when another assessment may end otherwise. */
export function verdictOnFailedAssessment(errorCode: string | undefined): OutcomeCode | undefined {
  const code = errorCode?.toLowerCase() ?? "";
  if (AGENT_CODES.includes(code)) return "AgentUnreachable";
  return EXTENSION_CODES.includes(code) ? "ExtensionFailed" : undefined;
}
