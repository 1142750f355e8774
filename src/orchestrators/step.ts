import type { Ending, RunRequest } from "../contracts/run";

/** A step of a run either goes on with a value or ends the run. */
export type Step<T> = { readonly kind: "go"; readonly value: T } | { readonly kind: "end"; readonly ending: Ending };

export const go = <T>(value: T): Step<T> => ({ kind: "go", value });
export const end = (ending: Ending): { kind: "end"; ending: Ending } => ({ kind: "end", ending: endingOf(ending) });
export const endingOf = ({ code, detail }: Ending): Ending => ({ code, ...(detail !== undefined && { detail }) });
export const ids = ({ runId, vmId }: RunRequest) => ({ runId, vmId });
