import { orchestrationNames } from "../../contracts/names";
import { lastStart, type LastStart } from "../../domain/policy/due";
import { troubleWith } from "../../domain/sweep/acceptable";
import { firstLine } from "../../domain/text";
import { policySweepId } from "../../ledger/keys";
import { newSweep, type SweepHead } from "../../ledger/policy-sweeps";
import type { PolicyStart, StoredPolicy } from "../../ledger/stored-policies";
import { holdOn } from "../hold";
import { isoOf, nowOf, type Instances, type RunDeps } from "../run/deps";

/** A sweep that never began for so long will not begin: its VMs are looked for no longer than that (plan-sweep). */
const NEVER_BEGAN_MS = 3 * 3_600_000;

/**
 * Starts the sweeps of stored policies that are due. It may die between any two writes, and may run twice at once: what
 * becomes of an occurrence is one row, the first of which stands, and the sweep's id follows from the policy's name and
 * the occurrence.
 */
export const startDueSweeps =
  (deps: RunDeps) =>
  async (instances: Instances): Promise<void> => {
    for (const stored of await deps.policies.list()) {
      try {
        await startIfDue(deps, instances, stored);
      } catch (failure) {
        // The others are due all the same; the next tick tries this one again.
        deps.logs.policyStartFailed({ policy: stored.policy.name, failure: firstLine(String(failure)) });
      }
    }
  };

async function startIfDue(deps: RunDeps, instances: Instances, stored: StoredPolicy): Promise<void> {
  const { name } = stored.policy;
  const last = lastStart(stored.policy, Date.parse(stored.scheduledSince), deps.clock.now());
  if (!last) return;
  const occurrence = isoOf(last.at);
  const start = (await deps.policies.start(name, occurrence)) ?? (await decide(deps, stored, last));
  if (start?.kind === "started") await begin(deps, instances, { ...start, occurrence, isInTime: last.isInTime });
}

/** Undefined while the start waits, or when another was faster: the next tick goes on. */
async function decide(deps: RunDeps, stored: StoredPolicy, last: LastStart): Promise<PolicyStart | undefined> {
  const { policies, logs } = deps;
  const { name } = stored.policy;
  const occurrence = isoOf(last.at);
  if (last.isInTime && (await holdOn(deps))) {
    logs.policyStartWaits({ policy: name, occurrence });
    return undefined;
  }
  const start = await whatNow(deps, stored, last);
  if (!(await policies.decideStart(name, occurrence, start))) return undefined;
  if (start.kind === "started") logs.policyStarted({ policy: name, occurrence, sweepId: start.sweepId });
  else {
    const detail = start.kind === "stillRunning" ? start.sweepId : start.detail;
    logs.policyNotStarted({ policy: name, occurrence, reason: start.kind, detail });
  }
  return start;
}

const TOO_LATE = "nothing could start it within an hour: the app was off, paused or stopped";

async function whatNow(
  deps: RunDeps,
  { policy, hash }: StoredPolicy,
  { at, isInTime }: LastStart,
): Promise<PolicyStart> {
  if (!isInTime) return { kind: "missed", detail: TOO_LATE };
  const trouble = troubleWith(policy, deps.sweepLimits);
  if (trouble.length > 0) return { kind: "refused", detail: trouble.join("; ") };
  const heads = await deps.policySweeps.heads();
  const running = heads.find((head) => head.policy === policy.name && isRunning(head, deps.clock.now()));
  if (running) return { kind: "stillRunning", sweepId: running.sweepId };
  return { kind: "started", sweepId: policySweepId(isoOf(at), policy.name), policy, policyHash: hash };
}

const isRunning = ({ endedAt, state, requestedAt }: SweepHead, now: number): boolean =>
  endedAt === null && (state !== undefined || now - Date.parse(requestedAt) < NEVER_BEGAN_MS);

type Begun = Extract<PolicyStart, { kind: "started" }> & { readonly occurrence: string; readonly isInTime: boolean };

/** What a tick that died left undone is done by the next. */
async function begin(deps: RunDeps, instances: Instances, start: Begun): Promise<void> {
  const { policySweeps, policies } = deps;
  const { sweepId, policy, policyHash, occurrence, isInTime } = start;
  const head = (await policySweeps.head(sweepId))?.value;
  if (head?.state || (head && head.endedAt !== null)) return;
  if (!isInTime) {
    if (!head) await policies.giveUpStart(policy.name, occurrence, TOO_LATE);
    return;
  }
  if (!head) await policySweeps.create({ ...newSweep(sweepId, policy, policyHash, nowOf(deps)), occurrence }, policy);
  await instances.start(orchestrationNames.policySweep, sweepId, { sweepId, tick: 0 });
}
