import type { ScopeEntry } from "../machine/scope";
import { formatScopeEntry, parseScopeEntry } from "../machine/scope";
import { assessRules } from "../policy/assess-rules";
import { policyDurationMs } from "../policy/duration";
import type { Policy } from "../policy/policy";
import { longestRunMs, type Deadlines } from "../run/longest";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What the app's settings say about what a policy may ask for. */
export interface SweepLimits {
  readonly scope: readonly ScopeEntry[];
  readonly graceMinutes: number;
  /** What the settings say about a run's parts, and how long it may take in all, in milliseconds. */
  readonly deadlines: Deadlines;
  readonly runDeadlineMs: number;
}

/** Why the app does not sweep by a policy, each reason with field and remedy; empty when it does. */
export const troubleWith = (policy: Policy, limits: SweepLimits): string[] => [
  ...outside(policy, limits.scope),
  ...overlong(policy, limits),
  ...notCarriedOut(policy, limits.graceMinutes),
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

/** A run that is too patient would be taken for one that hangs. */
function overlong({ assess }: Policy, { deadlines, runDeadlineMs }: SweepLimits): string[] {
  const { attempts, pauseMs, deadlineMs } = assessRules(assess, {
    attempts: deadlines.assessments,
    pauseMs: deadlines.reassessMinutes * MINUTE_MS,
    deadlineMs: deadlines.supportMinutes * MINUTE_MS,
  });
  const longest = longestRunMs({
    ...deadlines,
    assessments: attempts,
    reassessMinutes: pauseMs / MINUTE_MS,
    supportMinutes: deadlineMs / MINUTE_MS,
  });
  if (longest <= runDeadlineMs) return [];
  const hours = (ms: number) => (ms / HOUR_MS).toFixed(1);
  return [
    `assess: a run could take ${hours(longest)} hours with it, and GOLDPATCH_RUN_DEADLINE_HOURS allows ${hours(runDeadlineMs)}: ask for less, or raise the setting`,
  ];
}

const holds = (outer: ScopeEntry, inner: ScopeEntry): boolean =>
  outer.subscriptionId === inner.subscriptionId &&
  (outer.resourceGroup === undefined || outer.resourceGroup === inner.resourceGroup);

/** Fields that this version knows and does not act upon: a policy is followed whole or not at all. */
function notCarriedOut(policy: Policy, graceMinutes: number): string[] {
  const { verify, power, hooks } = policy;
  const fields: readonly (readonly [boolean, string, string])[] = [
    [
      policyDurationMs(verify.within) !== graceMinutes * MINUTE_MS,
      "verify.within",
      `write PT${graceMinutes}M, which GOLDPATCH_GRACE_MINUTES says, or change the setting`,
    ],
    [verify.probe !== undefined, "verify.probe", "leave it out: running with a ready agent is what is looked at"],
    [power !== "skip", "power", "write skip, and start the VMs yourself"],
    ...Object.keys(hooks).map((moment) => [true, `hooks.${moment}`, "leave it out: nothing is called"] as const),
  ];
  return fields.flatMap(([given, field, remedy]) =>
    given ? [`${field}: sweeps do not carry it out yet: ${remedy}`] : [],
  );
}
