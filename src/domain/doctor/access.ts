/** What one role assignment grants (Authorization: Permissions, List): patterns with `*`, compared in any case. */
export interface Grant {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/** An action is granted when one assignment has it and does not take it back; another's notActions do not count. */
export const isGranted = (grants: readonly Grant[], action: string): boolean =>
  grants.some(({ actions, notActions }) => matchesAny(actions, action) && !matchesAny(notActions, action));

const matchesAny = (patterns: readonly string[], action: string): boolean =>
  patterns.some((pattern) => expression(pattern).test(action));

const expression = (pattern: string): RegExp => new RegExp(`^${pattern.split("*").map(escaped).join(".*")}$`, "i");

const escaped = (text: string): string => text.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
