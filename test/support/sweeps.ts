import type { RunView, SweepView } from "../../src/contracts/api";
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
