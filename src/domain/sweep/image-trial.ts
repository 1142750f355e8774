import { policyDurationMs } from "../policy/duration";
import type { Policy } from "../policy/policy";
import type { ImageTrial } from "./state";

/** What a VM told about its image version; undefined: nothing. */
export type Told = "supported" | "unsupported";

/** The newest verdict that earlier runs left behind. */
export interface KnownVerdict {
  readonly told: Told;
  /** The VM that told. */
  readonly vmId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export type TrialState =
  | { readonly kind: "go" }
  /** The next VM may go first. */
  | { readonly kind: "try" }
  /** One is on its way. */
  | { readonly kind: "wait" }
  | { readonly kind: "holdBack"; readonly detail: string };

type Rules = Policy["verdict"];
const DAY_MS = 86_400_000;

export const newTrial = (now: number): ImageTrial => ({ since: now, silent: [], against: [], supported: false });

/** A VM of the image version has told, or has ended without. */
export function heard(trial: ImageTrial, vmId: string, told: Told | undefined, ended: boolean): ImageTrial {
  if (told === "supported") return { ...trial, supported: true };
  if (told === "unsupported") return { ...trial, against: [...new Set([...trial.against, vmId])] };
  return ended ? { ...trial, silent: [...trial.silent, vmId] } : trial;
}

/**
 * What the other VMs of an image version may do.
 * Unsupported needs several VMs that agree: an earlier sweep's counts as one of them while it is not too old.
 *
 * @param underWay whether a VM of the image version is in flight that has not told
 */
export function trialState(
  rules: Rules,
  now: number,
  known: KnownVerdict | undefined,
  trial: ImageTrial | undefined,
  underWay: boolean,
): TrialState {
  const fresh = known && now - known.at < rules.expiresAfterDays * DAY_MS ? known : undefined;
  if (trial?.supported || fresh?.told === "supported") return { kind: "go" };
  const against = new Set([...(trial?.against ?? []), ...(fresh ? [fresh.vmId] : [])]);
  if (against.size >= rules.agreeing) {
    return {
      kind: "holdBack",
      detail: `${against.size} VMs of its image version are Unsupported: ${[...against].join(", ")}`,
    };
  }
  if (!trial) return { kind: "try" };
  if (trial.silent.length >= rules.tries) {
    return {
      kind: "holdBack",
      detail: `no verdict on its image version: ${trial.silent.length} VMs went first and did not tell`,
    };
  }
  if (now - trial.since >= (policyDurationMs(rules.deadline) ?? 0)) {
    return { kind: "holdBack", detail: `no verdict on its image version within ${rules.deadline}` };
  }
  return underWay ? { kind: "wait" } : { kind: "try" };
}
