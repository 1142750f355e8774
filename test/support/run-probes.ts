import { expect } from "@jest/globals";
import type { RunView } from "../../src/contracts/api/runs";
import type { RunRequest } from "../../src/contracts/run";
import { sweepRunId, vmPartition } from "../../src/ledger/keys";
import type { Lease } from "../../src/ledger/lease";
import { fleetOf } from "./fleet";
import type { World } from "./outside-jest";

export const PATCH = { install: { rebootSetting: "IfRequired" } };

export const oneVm = (causes: object = {}) => fleetOf([{ name: "vm", image: "win", events: [], ...causes }]);

export const posts = (world: World, action: string) =>
  world.transcript.filter(({ method, path }) => method === "POST" && path.includes(`/${action}?`));

export const leaseOf = async (world: World, name: string) =>
  (await world.store.get<Lease>(vmPartition(world.vmId(name).toLowerCase()), "lease"))?.value;

export const openRows = (world: World) => world.store.scan("open-runs", "");

export const slots = async (world: World) =>
  (await world.store.scan<{ runId: string | null }>("active-runs", "")).flatMap(({ value }) => value.runId ?? []);

export const stepOf = (run: RunView | undefined, name: string) => run?.steps.find((step) => step.name === name);

export const only = (runs: readonly RunView[]): RunView => {
  expect(runs).toHaveLength(1);
  const [run] = runs;
  if (!run) throw new Error("no run");
  return run;
};

/** What a sweep asks for. */
export const requestOf = (world: World, name: string): RunRequest => ({
  runId: sweepRunId(world.vmId(name).toLowerCase(), "test"),
  vmId: world.vmId(name),
  mode: "patch",
  trigger: "sweep",
  requestedAt: new Date(world.clock.now()).toISOString(),
});

/** Nothing of an ended run is left but its rows. */
export async function expectNothingHeld(world: World, name: string): Promise<void> {
  expect(await openRows(world)).toEqual([]);
  expect(await slots(world)).toEqual([]);
  expect(await leaseOf(world, name)).toMatchObject({ held: false });
}

/** The run, some simulated time from now. */
export async function runAfter(world: World, runId: string, afterMs: number): Promise<RunView> {
  await world.passes(afterMs);
  return only((await world.runs()).filter((run) => run.runId === runId));
}

/** Until Azure took a request of the kind. */
export async function untilPosted(world: World, action: string): Promise<void> {
  for (let looks = 0; posts(world, action).length === 0; looks++) {
    if (looks > 720) throw new Error(`no ${action} within two hours`);
    await world.passes(10_000);
  }
}

/** As another app, or another version of this one, might. */
export async function startDirectly(world: World, name: string, instanceId: string, input: unknown, version?: string) {
  const query = new URLSearchParams({ code: world.host.systemKey, ...(version !== undefined && { version }) });
  const path = `/runtime/webhooks/durabletask/orchestrators/${name}/${instanceId}?${query.toString()}`;
  const { status } = await world.http("POST", path, input);
  expect(status).toBe(202);
}
