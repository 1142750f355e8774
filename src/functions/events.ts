import type { EventName } from "../contracts/names";
import { onMaintenanceEvent } from "../triggers/events/maintenance-event";
import { vmProvisioned } from "../triggers/events/vm-provisioned";
import type { SchedulePorts, Starter, TriggerPorts } from "../triggers/ports";

interface Ports {
  readonly app: TriggerPorts;
  readonly schedules: SchedulePorts;
}

/** What Event Grid calls, by its function's name. */
export const eventsOf = ({ app, schedules }: Ports) =>
  ({
    vmProvisioned: vmProvisioned(app),
    maintenanceEvent: onMaintenanceEvent(app, schedules),
  }) satisfies Record<EventName, (event: unknown, starter: Starter) => Promise<void>>;
