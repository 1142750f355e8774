import { z } from "zod";
import type { HostLogEntry } from "../local/functions-host";
import { vmName } from "./short-names";

/** The app's log events that a person wants to follow; what else there is stays untold. */
const logEvent = z.discriminatedUnion("event", [
  z.object({ event: z.literal("operationStarted"), vmId: z.string(), operation: z.string() }),
  z.object({ event: z.literal("operationAdopted"), vmId: z.string(), operation: z.string() }),
  z.object({ event: z.literal("runEnded"), vmId: z.string(), outcome: z.string(), code: z.string() }),
]);

const NAME_WIDTH = 12;

/** One line of progress for a log entry, or none. @param now simulated time in milliseconds since the epoch */
export function progressLine(entry: HostLogEntry, now: number): string | undefined {
  const told = tell(entry);
  return told && `${new Date(now).toISOString().slice(11, 19)}  ${told}`;
}

function tell({ level, category, message }: HostLogEntry): string | undefined {
  if (level === "error" || level === "critical") return `${category}: ${message}`;
  const parsed = logEvent.safeParse(parseJson(message));
  if (!parsed.success) return undefined;
  const event = parsed.data;
  const vm = vmName(event.vmId).padEnd(NAME_WIDTH);
  switch (event.event) {
    case "operationStarted":
      return `${vm}  ${event.operation === "assess" ? "assessing patches" : "installing patches"}`;
    case "operationAdopted":
      return `${vm}  ${event.operation}: the answer was lost, the operation was found again`;
    case "runEnded":
      return `${vm}  ${event.outcome} (${event.code})`;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
