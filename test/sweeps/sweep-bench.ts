import type { Instances, RunDeps } from "../../src/activities/run/deps";
import { planSweep } from "../../src/activities/sweep/plan-sweep";
import type { SweepVmPage } from "../../src/azure/resource-graph/sweep-vms";
import type { Candidate } from "../../src/domain/policy/selection";
import type { Policy } from "../../src/domain/policy/policy";
import { noDecision, type SweepHead } from "../../src/ledger/policy-sweeps";
import { MemoryStore } from "../../src/store/memory";
import type { Store } from "../../src/store/store";
import { watchdogDeps } from "../support/watchdog-bench";

export const SUBSCRIPTION = "11111111-2222-4333-8444-555555555555";
export const START = Date.parse("2026-12-01T06:00:00Z");
const PAGE_ROWS = 1000;

export const imageId = (image: string): string =>
  `/subscriptions/${SUBSCRIPTION}/resourcegroups/images/providers/microsoft.compute/galleries/g/images/${image}/versions/1.0.0`;

export const candidate = (index: number, image = "lin"): Candidate => ({
  vmId: {
    kind: "azureVm",
    subscriptionId: SUBSCRIPTION,
    resourceGroup: "rg",
    name: `vm-${String(index).padStart(6, "0")}`,
  },
  managementGroups: [],
  tags: {},
  image: { kind: "galleryVersion", imageId: imageId(image) },
  osType: "Linux",
});

export const nameOf = (vmId: string): string => vmId.split("/").at(-1) ?? vmId;

/** Azure's pages of a thousand; `answer` may say something else in place of a page. */
export const pagesOf =
  (vms: readonly Candidate[], asked: (string | undefined)[] = []) =>
  (_places: unknown, skipToken?: string): Promise<SweepVmPage> => {
    asked.push(skipToken);
    const from = Number(skipToken ?? 0);
    const more = from + PAGE_ROWS < vms.length && { skipToken: String(from + PAGE_ROWS) };
    return Promise.resolve({ kind: "read", vms: vms.slice(from, from + PAGE_ROWS), ...more });
  };

export interface Bench {
  readonly deps: RunDeps;
  readonly sweepId: string;
  /** Moves time on. */
  pass(ms: number): void;
  /** Asks for parts of the plan until it is planned; answers how often. */
  plan(): Promise<number>;
}

/** One sweep's activities, with Azure's pages from a function and no engine. */
export async function sweepBench(
  policy: Policy,
  read: RunDeps["azure"]["readSweepVms"],
  store: Store = new MemoryStore(),
): Promise<Bench> {
  let now = START;
  const clock = { now: () => now, at: () => () => undefined };
  const outside = watchdogDeps({ clock, store });
  const deps: RunDeps = { ...outside, azure: { ...outside.azure, readSweepVms: read } };
  const sweepId = "policy-20261201T060000000Z-bench";
  const at = new Date(START).toISOString();
  const head: SweepHead = {
    sweepId,
    policy: policy.name,
    policyHash: "hash",
    mode: policy.mode,
    requestedAt: at,
    tick: 0,
    decision: noDecision(at),
    status: { kind: "working" },
    nextLookAt: at,
    endedAt: null,
  };
  await deps.policySweeps.create(head, policy);
  return {
    deps,
    sweepId,
    pass: (ms) => (now += ms),
    async plan() {
      const ask = planSweep(deps);
      for (let turns = 1; ; turns++) if ((await ask({ sweepId })).kind === "planned") return turns;
    },
  };
}

/** An engine that starts nothing and remembers what it was asked to start. */
export function startedBy(started: string[]): Instances {
  return {
    look: () => Promise.resolve({ kind: "missing" }),
    start: (_name, instanceId) => {
      started.push(instanceId);
      return Promise.resolve();
    },
    inputOf: () => Promise.resolve(undefined),
    raise: () => Promise.resolve(),
    terminate: () => Promise.resolve(),
    purge: () => Promise.resolve(0),
  };
}
