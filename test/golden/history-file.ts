import { EventType, type HistoryEvent } from "../../src/local/functions-host/durable/history";
import type { Execution } from "../../src/local/functions-host";

/** A file of golden histories: the executions of one story, one event a line. */
export interface GoldenHistory {
  readonly story: string;
  readonly executions: readonly Execution[];
}

const VMS =
  "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-test/providers/Microsoft.Compute/virtualMachines/";
const SHORT_VMS = "{vms}/";

/** Neither end looks at these. */
const isWritten = (event: HistoryEvent): boolean => event.EventType !== EventType.OrchestratorCompleted;

/** Ids of executions are random, and part of no decision; nothing else is changed. */
export function historyText({ story, executions }: GoldenHistory): string {
  const written = executions.map(({ instance, ending, history }) => {
    const events = history.filter(isWritten).map((event) => JSON.stringify(event));
    const head = JSON.stringify({ instance, ending });
    return `${head.slice(0, -1)},"history":[\n${events.join(",\n")}\n]}`;
  });
  const executionIds = [...new Set(executions.map(({ instance }) => instance.executionId))];
  const text = `{"story":${JSON.stringify(story)},"executions":[\n${written.join(",\n")}\n]}\n`;
  return executionIds
    .reduce((renamed, id, index) => renamed.replaceAll(id, `execution-${index + 1}`), text)
    .replaceAll(VMS, SHORT_VMS);
}

export const historyFromText = (text: string): GoldenHistory =>
  JSON.parse(text.replaceAll(SHORT_VMS, VMS)) as GoldenHistory;
