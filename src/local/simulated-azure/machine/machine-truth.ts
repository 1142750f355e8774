import type { PatchOperation } from "../patching/operation";
import type { Machine } from "./machine";

/** A machine as it was, whoever saw it. Instants in milliseconds since the epoch, on our clock. */
export interface MachineTruth {
  /** The ARM id in lower case, which successors share. */
  readonly id: string;
  readonly vmId: string;
  readonly createdAt: number;
  readonly deletedAt: number;
  /** Whether it runs with an agent that reports. */
  readonly well: boolean;
  /** Ours, the platform's and other people's, in the order in which they began. */
  readonly operations: readonly PatchOperation[];
}

export function machineTruth({ key, vmId, life, patches }: Machine, now: number): MachineTruth {
  patches.settle(now);
  return {
    id: key,
    vmId,
    createdAt: life.createdAt,
    deletedAt: life.deletedAt,
    well: life.power(now) === "running" && life.agent(now) === "ready",
    operations: [...patches.operations],
  };
}
