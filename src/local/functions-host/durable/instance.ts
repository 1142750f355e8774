import type { HistoryEvent, Message } from "./history";

export type RuntimeStatus = "Pending" | "Running" | "Suspended" | "Completed" | "Failed" | "Terminated";

export interface Parent {
  readonly instanceId: string;
  readonly executionId: string;
  readonly taskId: number;
}

/** One orchestration: all that must survive a restart. Plain data; only the engine changes it. */
export interface Instance {
  readonly instanceId: string;
  readonly name: string;
  readonly version: string | null;
  readonly parent: Parent | null;
  /** Changes with every execution: a new start, and each generation of continue-as-new. */
  executionId: string;
  /** JSON text, or null when a parent passed nothing. */
  input: string | null;
  status: RuntimeStatus;
  /** JSON text of the output, or of the reason of the last suspension until there is one. */
  output: string;
  /** JSON text. */
  customStatus: string;
  /** Milliseconds since the epoch; of the last generation, after continue-as-new. */
  createdAt: number;
  updatedAt: number;
  /** How often a client started this id before. */
  readonly generation: number;
  history: HistoryEvent[];
  /** Messages that no episode has taken yet, in the order of arrival. */
  inbox: Message[];
}

/** An instance without its events. */
export type InstanceHead = Omit<Instance, "history" | "inbox">;

export const isTerminal = ({ status }: Pick<Instance, "status">): boolean =>
  status === "Completed" || status === "Failed" || status === "Terminated";
