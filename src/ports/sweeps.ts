import { randomUUID } from "node:crypto";
import { nowOf, type RunDeps } from "../activities/run/deps";
import { dryRunSweep } from "../activities/sweep/dry-run";
import type { SweepView } from "../contracts/api/sweeps";
import type { Policy } from "../domain/policy/policy";
import { troubleWith } from "../domain/sweep/acceptable";
import type { SweepForecast } from "../domain/sweep/forecast/forecast";
import { sumOf, type SweepControl } from "../domain/sweep/state";
import { bodyHash, orderId, policySweepId } from "../ledger/keys";
import { newSweep, type SweepHead } from "../ledger/policy-sweeps";
import { expectedView, toPlan } from "./sweep-forecast-view";
import type { SweepPorts } from "../triggers/ports";

/** What the routes of policy sweeps get of the app. */
export function createSweepPorts(deps: RunDeps): SweepPorts {
  const { policySweeps } = deps;
  const view = async (head: SweepHead): Promise<SweepView> => {
    const { sweepId } = head;
    return toView(head, await policySweeps.policy(sweepId), await policySweeps.control(sweepId));
  };
  return {
    stored: async (name) => (await deps.policies.row(name))?.value,
    troubleWith: (policy) => troubleWith(policy, deps.sweepLimits),
    async create(policy, policyHash, order) {
      const at = nowOf(deps);
      const wanted = { sweepId: policySweepId(at, randomUUID()), bodyHash: bodyHash(order?.body ?? "") };
      const id = order && orderId(order.key);
      const ordered = id === undefined ? wanted : await policySweeps.order(id, wanted);
      const { sweepId } = ordered;
      if (ordered.bodyHash !== wanted.bodyHash) return { kind: "otherBody", sweepId };
      const head: SweepHead = {
        ...newSweep(sweepId, policy, policyHash, at),
        ...(id !== undefined && { orderId: id }),
      };
      // An order whose sweep was not kept any more when the process died is carried out now.
      await policySweeps.create(head, policy);
      return { kind: "sweep", sweep: await view((await policySweeps.head(sweepId))?.value ?? head) };
    },
    async plan(policy, policyHash) {
      const dry = await dryRunSweep(deps, policy, policyHash);
      return dry.kind === "planned" ? { kind: "plan", plan: toPlan(policy, policyHash, dry) } : dry;
    },
    async sweep(sweepId) {
      const head = (await policySweeps.head(sweepId))?.value;
      return head && withForecast(await view(head), await policySweeps.forecast(sweepId));
    },
    sweeps: async () => Promise.all((await policySweeps.heads()).map(view)),
    gatedStages: async (sweepId) =>
      (await policySweeps.policy(sweepId))?.stages.flatMap(({ name, gate }) => (gate ? [name] : [])) ?? [],
    change: (sweepId, change) => policySweeps.changeControl(sweepId, change),
  };
}

function toView(head: SweepHead, policy: Policy | undefined, control: SweepControl): SweepView {
  const { state, status, endedAt, sweepId, policyHash, mode, requestedAt, occurrence, tick, nextLookAt } = head;
  const stages = (state?.stages ?? []).map(({ vms, ended, failed, verified, outcomes }, index) => {
    const name = policy?.stages[index]?.name ?? String(index);
    const { beganAt, endedAt } = head.stageTimes?.[index] ?? {};
    return {
      name,
      vms,
      ended,
      failed,
      verified,
      outcomes,
      approved: control.approved.includes(name),
      beganAt: beganAt === undefined ? null : iso(beganAt),
      endedAt: endedAt === undefined ? null : iso(endedAt),
    };
  });
  const sum = (of: "vms" | "ended" | "failed" | "verified") => sumOf(state?.stages ?? [], of);
  const stop = head.failure ?? state?.stop;
  return {
    sweepId,
    policy: head.policy,
    policyHash,
    mode,
    requestedAt,
    ...(occurrence !== undefined && { occurrence }),
    state: stateOf(head),
    stage: state && endedAt === null ? (stages[state.current]?.name ?? null) : null,
    ...(status.kind === "waiting" && {
      waitsFor: { what: status.for, until: status.until === undefined || status.hook ? null : iso(status.until) },
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

/** Beside what came: what was expected of it. */
function withForecast(sweep: SweepView, forecast: SweepForecast | undefined): SweepView {
  if (!forecast) return sweep;
  return {
    ...sweep,
    stages: sweep.stages.map((stage, index) => {
      const expected = forecast.stages[index];
      return expected
        ? { ...stage, forecast: { begins: expectedView(expected.begins), ends: expectedView(expected.ends) } }
        : stage;
    }),
    forecast: { madeAt: iso(forecast.madeAt), ends: expectedView(forecast.ends) },
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
