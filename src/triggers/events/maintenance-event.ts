import { z } from "zod";
import { CANCEL_BEFORE_MS } from "../../domain/maintenance/limits";
import type { AnnouncedMaintenance } from "../../contracts/maintenance-event";
import { parseMaintenanceRunId } from "../../domain/maintenance/schedule-id";
import { firstLine } from "../../domain/text";
import type { SchedulePorts, TriggerPorts } from "../ports";

/** The documents write fields of these events in both casings (CorrelationId, correlationId): none is relied on. */
const folded = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toLowerCase(), folded(inner)]))
    : value;

/** Event Grid: schema of Azure maintenance configuration events, in its own schema and as CloudEvents 1.0. */
const maintenanceEvent = z.looseObject({
  eventtype: z.string().optional(),
  type: z.string().optional(),
  topic: z.string().optional(),
  source: z.string().optional(),
  data: z.looseObject({
    correlationid: z.string(),
    maintenanceconfigurationid: z.string(),
    startdatetime: z.string(),
    enddatetime: z.string(),
    cancellationcutoffdatetime: z.string().optional(),
    resourcesubscriptionids: z.array(z.string()).optional(),
  }),
});

export type MaintenanceEvent =
  | ({ readonly kind: "maintenance" } & AnnouncedMaintenance)
  | { readonly kind: "ignored"; readonly reason: string; readonly subject: string }
  | { readonly kind: "refused"; readonly reason: string; readonly subject: string };

const TYPES: Readonly<Record<string, "before" | "after">> = {
  "microsoft.maintenance.premaintenanceevent": "before",
  "microsoft.maintenance.postmaintenanceevent": "after",
};

/** Reads an event before or after a schedule's run; anything else is ignored. */
export function readMaintenanceEvent(event: unknown): MaintenanceEvent {
  const parsed = maintenanceEvent.safeParse(folded(event));
  if (!parsed.success) return ignored(`not a maintenance event: ${parsed.error.issues[0]?.path.join(".") ?? ""}`, "");
  const { eventtype, type, topic, source, data } = parsed.data;
  const when = TYPES[(eventtype ?? type ?? "").toLowerCase()];
  const subject = data.correlationid;
  if (when === undefined) return ignored(`type ${eventtype ?? type ?? ""}`, subject);
  const run = parseMaintenanceRunId(subject);
  if (!run) return ignored("correlationId names no run", subject);
  const contradiction = contradictionIn(subject, data.maintenanceconfigurationid, topic ?? source);
  if (contradiction !== undefined) return { ...ignored(contradiction, subject), kind: "refused" };
  const startsAt = Date.parse(data.startdatetime);
  const endsAt = Date.parse(data.enddatetime);
  if (Number.isNaN(startsAt) || Number.isNaN(endsAt)) return ignored("a time is none", subject);
  // Absent after a run, and where a sample leaves it out: the documented cut-off holds.
  const cutOff = Date.parse(data.cancellationcutoffdatetime ?? "");
  const cancelUntil = Number.isNaN(cutOff) ? startsAt - CANCEL_BEFORE_MS : cutOff;
  const subscriptions = data.resourcesubscriptionids ?? [];
  return { kind: "maintenance", when, run, startsAt, endsAt, cancelUntil, subscriptions };
}

/** Topic, configuration and run name the same schedule in the documents' samples. */
function contradictionIn(runId: string, configurationId: string, sender: string | undefined): string | undefined {
  const schedule = configurationId.toLowerCase().replace(/\/$/, "");
  if (!runId.toLowerCase().startsWith(`${schedule}/`)) return "correlationId: is of another schedule";
  return sender === undefined || sender.toLowerCase().replace(/\/$/, "") === schedule
    ? undefined
    : `topic "${sender}": is another schedule`;
}

const ignored = (reason: string, subject: string) =>
  ({ kind: "ignored", reason: firstLine(reason), subject: firstLine(subject) }) as const;

/** Before a schedule's run a closed gate cancels it; after it its results are looked for. */
export const onMaintenanceEvent =
  (ports: TriggerPorts, schedules: SchedulePorts) =>
  async (event: unknown): Promise<void> => {
    const read = readMaintenanceEvent(event);
    if (read.kind === "ignored") return ports.logs.eventIgnored({ reason: read.reason, subject: read.subject });
    if (read.kind === "refused") return ports.logs.eventRefused({ reason: read.reason, subject: read.subject });
    if (ports.refusal !== undefined) return ports.logs.eventIgnored({ reason: ports.refusal, subject: "maintenance" });
    await schedules.onMaintenance(read);
  };
