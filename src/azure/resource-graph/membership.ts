import { readFailureOf, showsNoSubscription, type ReadFailure } from "../answers";
import type { Arm } from "../arm";
import query from "./vms-of-subscription.kql";

export type Membership = { readonly kind: "read"; readonly isBelow: boolean } | ReadFailure;

/**
 * Whether a subscription lies below a management group, by what the role for VMs already lets us read: VMs that a query
 * within the subscription shows, one within the management group shows too, or does not.
 *
 * @param subscriptionId a GUID
 */
export async function readMembership(arm: Arm, subscriptionId: string, managementGroup: string): Promise<Membership> {
  const text = query.replace("{{subscriptionId}}", subscriptionId.toLowerCase());
  const options = { resultFormat: "objectArray" } as const;
  try {
    // First: what is shown here is shown within the management group too, if the subscription lies below it.
    const { count } = await arm.graph.resources({ subscriptions: [subscriptionId], query: text, options });
    if (count === 0) {
      return { kind: "unavailable", message: `Resource Graph shows no VM of subscription ${subscriptionId} yet` };
    }
    const below = await arm.graph.resources({ managementGroups: [managementGroup], query: text, options });
    return { kind: "read", isBelow: below.count > 0 };
  } catch (failure) {
    return showsNoSubscription(failure) ? { kind: "read", isBelow: false } : readFailureOf(failure);
  }
}
