import type { ScopeEntry } from "../machine/scope";
import { formatScopeEntry, holdsPlace, parseScopeEntry } from "../machine/scope";
import { assessRules } from "../policy/assess-rules";
import { hookMoments, type Policy } from "../policy/policy";
import { longestRunMs, type Deadlines } from "../run/longest";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What the app's settings say about what a policy may ask for. */
export interface SweepLimits {
  readonly scope: readonly ScopeEntry[];
  /** Names of the keys that sign hooks. */
  readonly hookKeys: readonly string[];
  /** What the settings say about a run's parts, and how long it may take in all, in milliseconds. */
  readonly deadlines: Deadlines;
  readonly runDeadlineMs: number;
}

/** Why the app does not sweep by a policy, each reason with field and remedy; empty when it does. */
export const troubleWith = (policy: Policy, limits: SweepLimits): string[] => [
  ...outside(policy, limits.scope),
  ...overlong(policy, limits),
  ...unsigned(policy, limits.hookKeys),
];

function outside({ scope }: Policy, allowed: readonly ScopeEntry[]): string[] {
  const places = (entries: readonly string[], field: string) =>
    entries.flatMap((text) => {
      const place = parseScopeEntry(field === "subscriptions" ? `/subscriptions/${text}` : text);
      return place && allowed.some((entry) => holdsPlace(entry, place))
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

/** A hook whose key the app does not have could only say no. */
function unsigned({ hooks }: Policy, known: readonly string[]): string[] {
  return hookMoments.flatMap((moment) => {
    const key = hooks[moment]?.key;
    if (key === undefined || known.includes(key)) return [];
    return [`hooks.${moment}.key: "${key}": no such key: add it to GOLDPATCH_HOOK_KEYS as ${key}=KEY`];
  });
}
