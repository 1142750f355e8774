import type { Ending } from "./episode";
import type { HistoryEvent } from "./history";
import type { Instance } from "./instance";

/** One execution of an orchestration, from its start until it ends or goes on as new. */
export interface Execution {
  readonly instance: Pick<Instance, "instanceId" | "name" | "version" | "input" | "executionId" | "parent">;
  /** All of it, without the final `ExecutionCompleted`. */
  readonly history: readonly HistoryEvent[];
  readonly ending: Ending;
}

export const executionOf = (instance: Instance, events: readonly HistoryEvent[], ending: Ending): Execution => {
  const { instanceId, name, version, input, executionId, parent, history } = instance;
  return {
    instance: { instanceId, name, version, input, executionId, parent },
    history: [...history, ...events],
    ending,
  };
};
