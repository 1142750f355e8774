import { isoOf, nowOf, type RunDeps } from "../activities/run/deps";
import type { PolicyDocument, PolicyStartView, PolicyView } from "../contracts/api/policies";
import { lastStart, nextStart } from "../domain/policy/due";
import type { Policy } from "../domain/policy/policy";
import type { StoredPolicy } from "../ledger/stored-policies";
import type { PolicyCondition, PolicyPorts } from "../triggers/ports";

/** Every run of a new VM and every tick of the schedules reads them all. */
const MOST_POLICIES = 100;

/** What the routes of stored policies get of the app. */
export function createPolicyPorts(deps: RunDeps): PolicyPorts {
  const { policies, logs } = deps;
  return {
    list: async () => Promise.all((await policies.list()).map((stored) => viewOf(deps, stored))),
    async policy(name) {
      const row = await policies.row(name);
      return row && documentOf(deps, row.value);
    },
    async put({ policy, hash, text }, condition) {
      const row = await policies.row(policy.name);
      if (!holds(condition, row?.value.hash)) return { kind: "changedMeanwhile" };
      if (!row && (await policies.list()).length >= MOST_POLICIES) return { kind: "tooMany", most: MOST_POLICIES };
      const known = row?.value;
      if (known?.text === text && known.hash === hash) {
        return { kind: "unchanged", policy: await documentOf(deps, known) };
      }
      const now = nowOf(deps);
      const scheduledSince = known && sameSchedule(known.policy, policy) ? known.scheduledSince : now;
      const stored: StoredPolicy = { policy, hash, text, changedAt: now, scheduledSince };
      if (!(await policies.put(row, stored))) return { kind: "changedMeanwhile" };
      const kind = known ? "changed" : "created";
      logs.policyChanged({ policy: policy.name, policyHash: hash, change: kind });
      return { kind, policy: await documentOf(deps, stored) };
    },
    async remove(name, condition) {
      const row = await policies.row(name);
      if (!row) return "unknown";
      if (!holds(condition, row.value.hash)) return "changedMeanwhile";
      await policies.remove(name);
      logs.policyChanged({ policy: name, policyHash: row.value.hash, change: "deleted" });
      return "removed";
    },
  };
}

/** Hash of what the caller has seen, or absent for nothing at all; null: whatever there is. */
const holds = (condition: PolicyCondition, hash: string | undefined): boolean =>
  condition === null || (condition === "absent" ? hash === undefined : condition === hash);

/** One that stays as it was holds since it was first sent: an occurrence that is due stays due. */
const sameSchedule = (one: Policy, other: Policy): boolean =>
  JSON.stringify([one.schedule, one.timeZone]) === JSON.stringify([other.schedule, other.timeZone]);

async function viewOf(deps: RunDeps, stored: StoredPolicy): Promise<PolicyView> {
  const { policy, hash, changedAt } = stored;
  const { name, description, mode, onProvision } = policy;
  const next = nextStart(policy, deps.clock.now());
  return {
    name,
    ...(description !== undefined && { description }),
    hash,
    mode,
    changedAt,
    schedule: next === undefined ? null : { next: isoOf(next), last: await lastOf(deps, stored) },
    onProvision,
  };
}

async function lastOf(deps: RunDeps, { policy, scheduledSince }: StoredPolicy): Promise<PolicyStartView | null> {
  const last = lastStart(policy, Date.parse(scheduledSince), deps.clock.now());
  if (!last) return null;
  const at = isoOf(last.at);
  const start = await deps.policies.start(policy.name, at);
  if (!start) return { at, state: "due" };
  return {
    at,
    state: start.kind,
    ...("sweepId" in start && { sweepId: start.sweepId }),
    ...("detail" in start && { detail: start.detail }),
  };
}

const documentOf = async (deps: RunDeps, stored: StoredPolicy): Promise<PolicyDocument> => ({
  ...(await viewOf(deps, stored)),
  text: stored.text,
  policy: stored.policy,
});
