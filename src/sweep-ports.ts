import { randomUUID } from "node:crypto";
import { nowOf, type RunDeps } from "./activities/run/deps";
import type { SweepView } from "./contracts/api";
import type { Policy } from "./domain/policy/policy";
import { troubleWith } from "./domain/sweep/acceptable";
import { sumOf, type SweepControl } from "./domain/sweep/state";
import { policySweepId } from "./ledger/keys";
import { noDecision, type SweepHead } from "./ledger/policy-sweeps";
import type { SweepPorts } from "./triggers/ports";

/** What the routes of policy sweeps get of the app. */
export function createSweepPorts(deps: RunDeps): SweepPorts {
  const { settings, policySweeps } = deps;
  const view = async (head: SweepHead): Promise<SweepView> => {
    const { sweepId } = head;
    return toView(head, await policySweeps.policy(sweepId), await policySweeps.control(sweepId));
  };
  return {
    troubleWith: (policy) =>
      troubleWith(policy, { scope: settings.GOLDPATCH_SCOPE, graceMinutes: settings.GOLDPATCH_GRACE_MINUTES }),
    async create(policy, policyHash) {
      const at = nowOf(deps);
      const head: SweepHead = {
        sweepId: policySweepId(at, randomUUID()),
        policy: policy.name,
        policyHash,
        mode: policy.mode,
        requestedAt: at,
        tick: 0,
        decision: noDecision(at),
        status: { kind: "working" },
        nextLookAt: at,
        endedAt: null,
      };
      await policySweeps.create(head, policy);
      return view(head);
    },
    async sweep(sweepId) {
      const head = (await policySweeps.head(sweepId))?.value;
      return head && view(head);
    },
    sweeps: async () => Promise.all((await policySweeps.heads()).map(view)),
    gatedStages: async (sweepId) =>
      (await policySweeps.policy(sweepId))?.stages.flatMap(({ name, gate }) => (gate ? [name] : [])) ?? [],
    change: (sweepId, change) => policySweeps.changeControl(sweepId, change),
  };
}

function toView(head: SweepHead, policy: Policy | undefined, control: SweepControl): SweepView {
  const { state, status, endedAt, sweepId, policyHash, mode, requestedAt, tick, nextLookAt } = head;
  const stages = (state?.stages ?? []).map(({ vms, ended, failed, verified, outcomes }, index) => {
    const name = policy?.stages[index]?.name ?? String(index);
    return { name, vms, ended, failed, verified, outcomes, approved: control.approved.includes(name) };
  });
  const sum = (of: "vms" | "ended" | "failed" | "verified") => sumOf(state?.stages ?? [], of);
  const stop = head.failure ?? state?.stop;
  return {
    sweepId,
    policy: head.policy,
    policyHash,
    mode,
    requestedAt,
    state: stateOf(head),
    stage: state && endedAt === null ? (stages[state.current]?.name ?? null) : null,
    ...(status.kind === "waiting" && {
      waitsFor: { what: status.for, until: status.until === undefined ? null : iso(status.until) },
    }),
    ...(stop && { stop: { reason: stop.reason, detail: stop.detail, at: iso(stop.at) } }),
    paused: control.paused,
    counts: { vms: sum("vms"), ended: sum("ended"), failed: sum("failed"), verified: sum("verified") },
    stages,
    tick,
    nextLookAt: endedAt === null ? nextLookAt : null,
    endedAt,
  };
}

function stateOf({ state, status, failure }: SweepHead): SweepView["state"] {
  if (failure) return "stopped";
  if (!state) return "planning";
  if (status.kind !== "over") return status.kind;
  if (!state.stop) return "completed";
  return state.stop.reason === "cancelled" ? "cancelled" : "stopped";
}

const iso = (instant: number): string => new Date(instant).toISOString();
