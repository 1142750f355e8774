import {
  MOST_ASSOCIATIONS,
  MOST_MEMBERS_OF_SCOPE,
  MOST_SCOPES_OF_SCHEDULE,
  MOST_SUBSCRIPTIONS_OF_SCHEDULE,
} from "./limits";

/** What a schedule would have after an assignment. */
export interface ScheduleCounts {
  readonly machines: number;
  readonly scopes: number;
  readonly subscriptions: number;
  /** Machines that the dynamic scope takes in now; 0 for none. */
  readonly members: number;
}

/** Which of Azure's limits would be broken, with field and rule; undefined when none. */
export function problemWithCounts({ machines, scopes, subscriptions, members }: ScheduleCounts): string | undefined {
  if (machines > MOST_ASSOCIATIONS) {
    return `vmIds: the schedule would have ${machines} machines, and may have ${MOST_ASSOCIATIONS}`;
  }
  if (scopes > MOST_SCOPES_OF_SCHEDULE) {
    return `scope: the schedule would have ${scopes} dynamic scopes, and may have ${MOST_SCOPES_OF_SCHEDULE}`;
  }
  if (subscriptions > MOST_SUBSCRIPTIONS_OF_SCHEDULE) {
    return `scope: the schedule would reach ${subscriptions} subscriptions, and may reach ${MOST_SUBSCRIPTIONS_OF_SCHEDULE}`;
  }
  return members > MOST_MEMBERS_OF_SCOPE
    ? `scope: it takes in ${members} machines now, and may take in ${MOST_MEMBERS_OF_SCOPE}: narrow its filter`
    : undefined;
}
