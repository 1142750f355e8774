import type { ScopeEntry } from "../machine/scope";
import { formatScopeEntry, parseScopeEntry } from "../machine/scope";
import { hookMoments, type Policy } from "../policy/policy";

/** What the app's settings say about what a policy may ask for. */
export interface SweepLimits {
  readonly scope: readonly ScopeEntry[];
  /** Names of the keys that sign hooks. */
  readonly hookKeys: readonly string[];
}

/** Why the app does not sweep by a policy, each reason with field and remedy; empty when it does. */
export const troubleWith = (policy: Policy, limits: SweepLimits): string[] => [
  ...outside(policy, limits.scope),
  ...notCarriedOut(policy),
  ...unsigned(policy, limits.hookKeys),
];

function outside({ scope }: Policy, allowed: readonly ScopeEntry[]): string[] {
  const places = (entries: readonly string[], field: string) =>
    entries.flatMap((text) => {
      const place = parseScopeEntry(field === "subscriptions" ? `/subscriptions/${text}` : text);
      return place && allowed.some((entry) => holds(entry, place))
        ? []
        : [
            `scope.${field}: ${JSON.stringify(text)}: outside GOLDPATCH_SCOPE, which holds ${allowed.map(formatScopeEntry).join(", ")}`,
          ];
    });
  return [...places(scope.subscriptions, "subscriptions"), ...places(scope.resourceGroups, "resourceGroups")];
}

const holds = (outer: ScopeEntry, inner: ScopeEntry): boolean =>
  outer.subscriptionId === inner.subscriptionId &&
  (outer.resourceGroup === undefined || outer.resourceGroup === inner.resourceGroup);

/** Fields that this version knows and does not act upon: a policy is followed whole or not at all. */
function notCarriedOut(policy: Policy): string[] {
  const { scope, onProvision, schedule, assess, groups } = policy;
  const fields: readonly (readonly [boolean, string, string])[] = [
    [scope.managementGroups.length > 0, "scope.managementGroups", "name subscriptions or resourceGroups"],
    [
      onProvision.mode !== "setting" || !onProvision.inWindows,
      "onProvision",
      "leave it out: GOLDPATCH_PROVISION_MODE says what is done with new VMs",
    ],
    [schedule !== undefined, "schedule", "leave it out: a sweep starts when it is asked for"],
    [
      Object.keys(assess).length > 0,
      "assess",
      "leave it out: GOLDPATCH_MAX_ASSESSMENTS, GOLDPATCH_REASSESS_MINUTES and GOLDPATCH_SUPPORT_DEADLINE_MINUTES hold",
    ],
    [
      groups.length > 0,
      "groups",
      "leave it out, or sweep the members of a group one after the other in stages by tags",
    ],
  ];
  return fields.flatMap(([given, field, remedy]) =>
    given ? [`${field}: sweeps do not carry it out yet: ${remedy}`] : [],
  );
}

/** A hook whose key the app does not have could only say no. */
function unsigned({ hooks }: Policy, known: readonly string[]): string[] {
  return hookMoments.flatMap((moment) => {
    const key = hooks[moment]?.key;
    if (key === undefined || known.includes(key)) return [];
    return [`hooks.${moment}.key: "${key}": no such key: add it to GOLDPATCH_HOOK_KEYS as ${key}=KEY`];
  });
}
