import type { PolicyDocument, PolicyView } from "../../src/contracts/api/policies";
import type { RunView } from "../../src/contracts/api/runs";
import type { SweepView } from "../../src/contracts/api/sweeps";
import type { World } from "./world";

export const SUBSCRIPTION = "11111111-2222-4333-8444-555555555555";

/** A policy that patches the test's subscription, and more fields in YAML. */
export const patchPolicy = (more = ""): string => `version: 1
name: test-policy
mode: patch
scope:
  subscriptions: [${SUBSCRIPTION}]
install:
  maximumDuration: PT1H
  rebootSetting: IfRequired
${more}`;

export async function startSweep(world: World, policy: string): Promise<string> {
  const answer = await world.api("POST", "sweeps", { policy });
  if (answer.status !== 202) throw new Error(`POST sweeps answered ${answer.status} ${answer.body}`);
  return (JSON.parse(answer.body) as SweepView).sweepId;
}

export async function sweepOf(world: World, sweepId: string): Promise<SweepView> {
  const answer = await world.api("GET", `sweeps/${sweepId}`);
  return JSON.parse(answer.body) as SweepView;
}

/** Until the sweep is over and nothing is in flight. */
export async function sweptOut(world: World, sweepId: string): Promise<{ sweep: SweepView; runs: RunView[] }> {
  const runs = await world.settle();
  return { sweep: await sweepOf(world, sweepId), runs };
}

/** The VMs of an action's requests, by name, in the order in which they were sent. */
export const posted = (world: World, action: "assessPatches" | "installPatches"): string[] =>
  world.transcript
    .filter(({ path }) => path.includes(`/${action}?`))
    .flatMap(({ vmIds }) => vmIds.map((id) => id.split("/").at(-1) ?? id));

export const byVm = (runs: readonly RunView[]): Record<string, string | null> =>
  Object.fromEntries(runs.map(({ vmId, code }) => [vmId.split("/").at(-1) ?? vmId, code]));

/** Stores a policy, and answers what the app answered. @throws when it was refused */
export async function store(world: World, policy: string): Promise<PolicyDocument> {
  const [, name = ""] = /^name: (\S+)$/m.exec(policy) ?? [];
  const answer = await world.api("PUT", `policies/${name}`, policy);
  if (answer.status >= 300) throw new Error(`PUT policies/${name} answered ${answer.status} ${answer.body}`);
  return JSON.parse(answer.body) as PolicyDocument;
}

export async function policiesOf(world: World): Promise<PolicyView[]> {
  const answer = await world.api("GET", "policies");
  return (JSON.parse(answer.body) as { policies: PolicyView[] }).policies;
}

export async function sweepsOf(world: World): Promise<SweepView[]> {
  const answer = await world.api("GET", "sweeps");
  return (JSON.parse(answer.body) as { sweeps: SweepView[] }).sweeps;
}
