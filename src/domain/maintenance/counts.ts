import type { CloudName } from "../cloud/cloud";
import {
  MOST_ASSOCIATIONS,
  MOST_MEMBERS_OF_SCOPE,
  MOST_SCOPES,
  mostScopesOfSchedule,
  mostSubscriptionsOfSchedule,
} from "./limits";

/** What a schedule would have after an assignment. */
export interface ScheduleCounts {
  readonly machines: number;
  readonly scopes: number;
  readonly subscriptions: number;
  /** Dynamic scopes of the scope's subscription in the schedule's region, whatever their schedule; 0 for none. */
  readonly scopesOfSubscription: number;
  /** Machines that the dynamic scope takes in now; 0 for none. */
  readonly members: number;
}

/** Which of Azure's limits would be broken, with field and rule; undefined when none. */
export function problemWithCounts(
  { machines, scopes, subscriptions, scopesOfSubscription, members }: ScheduleCounts,
  cloud: CloudName,
): string | undefined {
  const [mostScopes, mostSubscriptions] = [mostScopesOfSchedule(cloud), mostSubscriptionsOfSchedule(cloud)];
  if (machines > MOST_ASSOCIATIONS) {
    return `vmIds: the schedule would have ${machines} machines, and may have ${MOST_ASSOCIATIONS}`;
  }
  if (scopes > mostScopes) {
    return `scope: the schedule would have ${scopes} dynamic scopes, and may have ${mostScopes} in ${cloud}`;
  }
  if (subscriptions > mostSubscriptions) {
    return `scope: the schedule would reach ${subscriptions} subscriptions, and may reach ${mostSubscriptions} in ${cloud}`;
  }
  if (scopesOfSubscription > MOST_SCOPES) {
    return `scope: its subscription would have ${scopesOfSubscription} dynamic scopes in the schedule's region, and may have ${MOST_SCOPES}`;
  }
  return members > MOST_MEMBERS_OF_SCOPE
    ? `scope: it takes in ${members} machines now, and may take in ${MOST_MEMBERS_OF_SCOPE}: narrow its filter`
    : undefined;
}
