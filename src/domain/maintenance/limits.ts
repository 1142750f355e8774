import type { CloudName } from "../cloud/cloud";
import { HOUR_MS, MINUTE_MS } from "../window/time-zone";

/**
 * What Azure allows of schedules inside the guest (Virtual machines: maintenance configurations, 2026-09-25). Durations
 * in milliseconds.
 */
export const SHORTEST_WINDOW_MS = 90 * MINUTE_MS;
export const LONGEST_WINDOW_MS = 3 * HOUR_MS + 55 * MINUTE_MS;

/** Hours from one start to the next, at least. */
export const SHORTEST_REPEAT_HOURS = 6;

/** From its creation or last edit to its first start; with a subscription to pre events Azure cancels a later start. */
export const LEAD_TIME_MS = 15 * MINUTE_MS;
export const LEAD_TIME_WITH_EVENTS_MS = 40 * MINUTE_MS;

/** Characters of resource group and name together: fewer than this. */
export const RESOURCE_NAME_LIMIT = 128;

/** A new schedule should not start from here to midnight, minutes since midnight. */
export const LATE_START_MINUTES = 23 * 60 + 45;

/** Of one subscription and region. */
export const MOST_SCHEDULES = 250;
/** Dynamic scopes of one subscription, or of one resource group, in a region. */
export const MOST_SCOPES = 250;

/** Of one schedule. */
export const MOST_ASSOCIATIONS = 3000;
export const mostScopesOfSchedule = (cloud: CloudName): number => (cloud === "AzureCloud" ? 200 : 100);
export const mostSubscriptionsOfSchedule = (cloud: CloudName): number => (cloud === "AzureCloud" ? 200 : 100);

/** Of one dynamic scope. */
export const MOST_MEMBERS_OF_SCOPE = 1000;
export const MOST_GROUP_FILTERS = 50;
export const MOST_TAG_FILTERS = 50;

/** A pre event comes 30 to 40 minutes before the start; a run can be cancelled until 10 minutes before it. */
export const CANCEL_BEFORE_MS = 10 * MINUTE_MS;
