import type { MaintenanceRunId } from "../domain/maintenance/schedule-id";

/** What Event Grid tells of a schedule's run. Instants in milliseconds since the epoch. */
export interface AnnouncedMaintenance {
  readonly when: "before" | "after";
  readonly run: MaintenanceRunId;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly cancelUntil: number;
  readonly subscriptions: readonly string[];
}
