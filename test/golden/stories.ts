import type { DeliveryFate } from "../../src/local/functions-host";
import { noDecision, PolicySweepLedger } from "../../src/ledger/policy-sweeps";
import { StoredPolicies } from "../../src/ledger/stored-policies";
import { policyOf } from "../policy/policy-text";
import { HookService, hookAt, hookSettings } from "../support/hooks";
import { patchPolicy } from "../support/sweeps";
import type { World, WorldOptions } from "../support/world";

const MINUTE = 60_000;

/** One VM's way through the app; together they take every branch of every orchestrator. */
export interface Story {
  readonly vm?: object;
  readonly settings?: WorldOptions["settings"];
  readonly intercept?: WorldOptions["intercept"];
  /** What the hooks of policies answer. */
  readonly outside?: WorldOptions["outside"];
  /** The fates of the deliveries of one activity, in their order; after those listed, each goes well. */
  readonly fates?: { readonly activity: string; readonly each: readonly DeliveryFate[] };
  /** What happens; one patch run of the VM when absent. */
  readonly act?: (world: World) => Promise<unknown>;
}

export const tell = (world: World, { act = patch }: Story): Promise<unknown> => act(world);

/** Past the trigger, so that the run's id is the same each time. */
const start = async (
  world: World,
  mode: "assess" | "patch",
  runId: string,
  vm = "vm",
  trigger: "event" | "http" = "http",
): Promise<string> => {
  const requestedAt = new Date(world.clock.now()).toISOString();
  const install = mode === "patch" ? { install: { rebootSetting: "IfRequired" } } : {};
  const request = { runId, vmId: world.vmId(vm), mode, trigger, requestedAt, ...install };
  await world.startOrchestration("patchVm", runId, request);
  return runId;
};
const patch = (world: World) => start(world, "patch", "run-1");
const assess = (world: World) => start(world, "assess", "run-1");
const cancelAfter = (ms: number) => async (world: World) => {
  const runId = await patch(world);
  await world.passes(ms);
  await world.api("POST", `runs/${runId}/cancel`);
};
const refused = (status: number, code: string, times: number, more: object = {}) => ({
  answers: [{ status, code, message: "no", times, ...more }],
});

const SWEEP = { GOLDPATCH_SWEEP_SCHEDULE: "0 10 6 * * *" };

/** Resource Graph is out of order at first; then the scope is said to have a second page, which is the first again. */
function scopeReadWithHindrance(): NonNullable<Story["intercept"]> {
  let reads = 0;
  return async (request, azure) => {
    if (!request.url.includes("Microsoft.ResourceGraph") || !request.body?.includes("virtualmachines")) {
      return azure(request);
    }
    reads++;
    if (reads === 1) return { status: 503, headers: { "retry-after": "90" }, body: "{}" };
    const { options, ...query } = JSON.parse(request.body) as { options?: Record<string, unknown> };
    const { $skipToken, ...others } = options ?? {};
    const answer = await azure({ ...request, body: JSON.stringify({ ...query, options: others }) });
    if (reads > 2 || $skipToken !== undefined) return answer;
    return { ...answer, body: JSON.stringify({ ...(JSON.parse(answer.body) as object), $skipToken: "second-page" }) };
  };
}

/** Past the route, so that the sweep's id is the same each time. */
async function policySweep(world: World, text: string): Promise<void> {
  const sweepId = "policy-1";
  const at = new Date(world.clock.now()).toISOString();
  const policy = policyOf(text);
  const head = { sweepId, policy: policy.name, policyHash: "hash", mode: policy.mode, requestedAt: at, tick: 0 };
  const rows = { decision: noDecision(at), status: { kind: "working" as const }, nextLookAt: at, endedAt: null };
  await new PolicySweepLedger(world.store).create({ ...head, ...rows }, policy);
  await world.startOrchestration("policySweep", sweepId, { sweepId, tick: 0 });
}

/** Past the event and the route, so that ids are the same each time. */
async function newVm(world: World, text: string): Promise<void> {
  const at = new Date(world.clock.now()).toISOString();
  const stored = { policy: policyOf(text), hash: "hash", text, changedAt: at, scheduledSince: at };
  await new StoredPolicies(world.store).put(undefined, stored);
  await start(world, "assess", "run-1", "vm", "event");
}

const SWIFT = "exposure: { cap: 9, ramp: [rest] }\n";
const HOOKED = `${SWIFT}hooks:\n${["beforeVm", "afterVm", "beforeStage", "afterStage"].map((moment) => hookAt(moment)).join("")}`;
const OFF = { power: { state: "deallocated" } };
const YOUNG = { createdAt: "2026-12-01T05:00:00Z" };
const START_AND_STOP = `${SWIFT}power: startAndStop\n`;

/** Whoever is asked wants to be asked again, once. */
const hesitant = () => new HookService((_body, _url, times) => (times === 1 ? { status: 202, retryAfter: "60" } : {}));
const refusing = () => new HookService((body) => (body?.moment === "beforeVm" ? { status: 409 } : {}));

export const stories: Readonly<Record<string, Story>> = {
  patched: {},
  "assess-only": { act: assess },
  unsupported: { vm: { graph: { readiness: ["Unsupported"] } } },
  "reassessed-then-supported": { vm: { graph: { readiness: ["UnableToDetermine", "Supported"] } } },
  "never-determined": { vm: { graph: { readiness: ["UnableToDetermine"] } } },
  "assessment-breaks-once": {
    vm: { assess: { breaks: { times: 1, error: { code: "VMGuestPatchInternalError", message: "retry" } } } },
  },
  "nothing-pending": { vm: { pending: {} } },
  "provisioning-fails": { vm: { provisioning: { state: "Failed" } } },
  "stopped-by-an-operator": {
    act: async (world) => {
      await world.api("POST", "stop");
      await patch(world);
    },
  },
  // Waits beyond one chapter go on in a child, which continues as new.
  "waits-for-provisioning-in-a-child": { vm: { provisioning: { state: "Creating", succeedsAfterSeconds: 400 } } },
  "never-provisioned": { vm: { provisioning: { state: "Updating" } } },
  "support-state-late": { vm: { graph: { lagSeconds: 900 } } },
  "support-state-missing": { vm: { graph: { row: "missing" } } },
  "install-still-running": { vm: { install: { stuck: true }, instanceViewStuckInProgress: "install" } },
  "assessment-overdue": { vm: { assess: { durationSeconds: 20_000 } } },
  "agent-silent-after-install": { vm: { install: { afterwards: { agentSilentSeconds: 9000 } } } },
  "assess-put-off-by-throttling": {
    vm: { assess: refused(429, "OperationNotAllowed", 2, { retryAfterSeconds: 120 }) },
  },
  "busy-then-free": { vm: { otherOperations: [{ kind: "assess", alreadyRunningForSeconds: 60, lastsSeconds: 900 }] } },
  busy: { vm: { otherOperations: [{ kind: "install", alreadyRunningForSeconds: 60, lastsSeconds: 9000 }] } },
  "install-answer-lost-adopted": { vm: { install: { cut: { when: "afterEffect" } } } },
  "install-answer-lost-unresolved": { vm: { install: { cut: { when: "beforeEffect" } } } },
  "assess-request-lost-repeated": { vm: { assess: { cut: { when: "beforeEffect" } } } },
  "worker-killed-before-the-posts": {
    fates: { activity: "startOperation", each: ["killedBefore", "once", "killedBefore"] },
  },
  "worker-killed-after-the-posts": { fates: { activity: "startOperation", each: ["killedAfter", "killedAfter"] } },
  "request-lost-with-its-worker": {
    vm: { assess: { cut: { when: "beforeEffect" } } },
    fates: { activity: "startOperation", each: ["killedAfter"] },
  },
  "never-started": { fates: { activity: "startOperation", each: Array.from({ length: 5 }, () => "killedBefore") } },
  "cancelled-while-assessing": { vm: { assess: { durationSeconds: 200 } }, act: cancelAfter(MINUTE) },
  "cancelled-while-installing": { vm: { install: { durationSeconds: 300 } }, act: cancelAfter(4 * MINUTE) },
  "held-by-another-run": {
    act: async (world) => {
      await patch(world);
      await world.passes(MINUTE);
      await start(world, "assess", "run-2");
    },
  },
  "no-free-run": {
    settings: { GOLDPATCH_MAX_ACTIVE_RUNS: "1" },
    vm: { assess: { durationSeconds: 300 } },
    act: async (world) => {
      await assess(world);
      await start(world, "assess", "run-2", "other");
    },
  },
  "worker-killed-and-forgiven": { fates: { activity: "pollOperation", each: ["killedAfter", "killedBefore"] } },
  "settled-after-failures": {
    fates: { activity: "claimRun", each: Array.from({ length: 4 }, () => "killedBefore") },
  },
  "settled-before": {
    act: async (world) => {
      await assess(world);
      await world.settle();
      // A finished instance's id can be started again, as an event that is delivered late does.
      await assess(world);
    },
  },
  sweep: {
    settings: SWEEP,
    intercept: scopeReadWithHindrance(),
    act: (world) => world.passes(20 * MINUTE),
  },
  "policy-sweep": {
    intercept: scopeReadWithHindrance(),
    act: (world) => policySweep(world, patchPolicy().replace("mode: patch", "mode: assess")),
  },
  "policy-sweep-with-hooks-and-power": {
    vm: OFF,
    settings: hookSettings,
    outside: hesitant().outside,
    act: (world) => policySweep(world, patchPolicy(`${HOOKED}power: startAndStop\n`)),
  },
  "hook-before-the-vm-refuses": {
    settings: hookSettings,
    outside: refusing().outside,
    act: (world) => policySweep(world, patchPolicy(HOOKED)),
  },
  "vm-cannot-be-started": {
    vm: { ...OFF, denied: ["Microsoft.Compute/virtualMachines/start/action"] },
    act: (world) => policySweep(world, patchPolicy(START_AND_STOP)),
  },
  "vm-cannot-be-deallocated": {
    vm: { ...OFF, denied: ["Microsoft.Compute/virtualMachines/deallocate/action"] },
    settings: { GOLDPATCH_READY_DEADLINE_MINUTES: "5" },
    act: (world) => policySweep(world, patchPolicy(START_AND_STOP)),
  },
  "new-vm-of-a-policy-with-hooks": {
    vm: YOUNG,
    settings: hookSettings,
    outside: hesitant().outside,
    act: (world) => newVm(world, patchPolicy(`onProvision: { mode: patch }\n${HOOKED}`)),
  },
  "new-vm-whose-hook-refuses": {
    vm: YOUNG,
    settings: hookSettings,
    outside: refusing().outside,
    act: (world) => newVm(world, patchPolicy(`onProvision: { mode: patch }\n${HOOKED}`)),
  },
  "sweep-whose-worker-is-killed": {
    settings: SWEEP,
    fates: { activity: "releaseSweepPage", each: ["killedAfter"] },
    act: (world) => world.passes(15 * MINUTE),
  },
};
