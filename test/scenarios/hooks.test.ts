import { expect, test } from "@jest/globals";
import { fleetOf } from "../support/fleet";
import { HookService, hookAt, hookSettings } from "../support/hooks";
import { startWorld } from "../support/outside-jest";
import { byVm, patchPolicy, posted, startSweep, sweepOf, sweptOut } from "../support/sweeps";

const MINUTE = 60_000;
const CAREFREE = "exposure: { cap: 100, ramp: [rest] }\n";
const named = (count: number, more: (index: number) => object = () => ({})) =>
  Array.from({ length: count }, (_, index) => ({ name: `vm-${index}`, image: "lin", events: [], ...more(index) }));

async function sweepWith(service: HookService, vms: readonly object[], policy: string) {
  const world = await startWorld({ fleet: fleetOf(vms), settings: hookSettings, outside: service.outside });
  const sweepId = await startSweep(world, patchPolicy(policy));
  return { world, sweepId };
}

test("hooks before and after a VM are told of it, signed, and a yes changes nothing", async () => {
  const service = new HookService();
  const { world, sweepId } = await sweepWith(service, named(1), `hooks:\n${hookAt("beforeVm")}${hookAt("afterVm")}`);
  const { sweep, runs } = await sweptOut(world, sweepId);
  expect(byVm(runs)).toEqual({ "vm-0": "Patched" });
  expect(sweep.counts).toMatchObject({ vms: 1, ended: 1, failed: 0 });
  const [before, after] = service.asked;
  expect(before?.body).toEqual({
    id: before?.headers["idempotency-key"],
    moment: "beforeVm",
    sweepId,
    policy: "test-policy",
    policyHash: sweep.policyHash,
    stage: "all",
    mode: "patch",
    runId: runs[0]?.runId,
    vm: {
      id: world.vmId("vm-0"),
      subscriptionId: "11111111-2222-4333-8444-555555555555",
      resourceGroup: "rg-test",
      name: "vm-0",
    },
  });
  expect(after?.body).toMatchObject({ moment: "afterVm", outcome: "patched", code: "Patched" });
  expect(service.moments).toEqual(["beforeVm vm-0", "afterVm vm-0"]);
  expect(Object.keys(before?.headers ?? {}).sort()).toEqual([
    "content-type",
    "idempotency-key",
    "user-agent",
    "x-goldpatch-signature",
    "x-goldpatch-timestamp",
  ]);
});

test("no before a VM: it is skipped, nothing is sent to it, and nobody is asked afterwards", async () => {
  const service = new HookService((body) =>
    body?.moment === "beforeVm" && body.vm?.name === "vm-0" ? { status: 409 } : {},
  );
  const { world, sweepId } = await sweepWith(
    service,
    named(2),
    `${CAREFREE}hooks:\n${hookAt("beforeVm")}${hookAt("afterVm")}`,
  );
  const { sweep, runs } = await sweptOut(world, sweepId);
  expect(byVm(runs)).toEqual({ "vm-0": "BeforeVmRefused", "vm-1": "Patched" });
  expect(runs.find(({ code }) => code === "BeforeVmRefused")).toMatchObject({
    outcome: "skipped",
    detail: "hook beforeVm: it answered 409",
  });
  expect(posted(world, "assessPatches")).toEqual(["vm-1"]);
  expect(sweep.counts.failed).toBe(0);
  expect(service.moments).not.toContain("afterVm vm-0");
});

test("no after a VM: it counts as failed, uses up the budget, and its own end stays told", async () => {
  const service = new HookService((body) => (body?.moment === "afterVm" ? { status: 400 } : {}));
  const { world, sweepId } = await sweepWith(
    service,
    named(3),
    `failureBudget: 0\nstages: [{ name: all, failureBudget: 0 }]\nhooks:\n${hookAt("afterVm")}`,
  );
  const { sweep, runs } = await sweptOut(world, sweepId);
  expect(sweep).toMatchObject({ state: "stopped", stop: { reason: "failureBudget" }, counts: { ended: 3, failed: 1 } });
  expect(runs.find(({ code }) => code === "AfterVmRefused")).toMatchObject({
    outcome: "failed",
    detail: "hook afterVm: it answered 400; the run itself: Patched",
    installPosts: 1,
  });
  expect(posted(world, "installPatches")).toHaveLength(1);
});

test("202: it is asked again under the same id, when it says, until it has decided", async () => {
  const service = new HookService((_body, _url, times) => (times < 4 ? { status: 202, retryAfter: "60" } : {}));
  const { world, sweepId } = await sweepWith(service, named(1), `hooks:\n${hookAt("beforeVm", ", deadline: PT10M")}`);
  const { runs } = await sweptOut(world, sweepId);
  expect(byVm(runs)).toEqual({ "vm-0": "Patched" });
  expect(service.moments).toEqual(Array.from({ length: 4 }, () => "beforeVm vm-0"));
  expect(new Set(service.asked.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
  const step = runs[0]?.steps.find(({ name }) => name === "beforeVm");
  const took = Date.parse(step?.endedAt ?? "") - Date.parse(step?.startedAt ?? "");
  expect(took).toBeGreaterThanOrEqual(3 * MINUTE - 3000);
  expect(took).toBeLessThan(5 * MINUTE);
});

test.each([
  ["goes on answering 202", () => ({ status: 202 }), "it answered 202, and its deadline is over"],
  ["is in trouble", () => ({ status: 503 }), "it answered 503, and its deadline is over"],
  ["cannot be reached", () => Promise.reject(new Error("refused")), "no connection, and its deadline is over"],
  ["sends elsewhere", () => ({ status: 307 }), "it answered 307"],
])("a hook that %s means no", async (_what, answer, reason) => {
  const service = new HookService(answer);
  const { world, sweepId } = await sweepWith(service, named(1), `hooks:\n${hookAt("beforeVm", ", deadline: PT2M")}`);
  const { runs } = await sweptOut(world, sweepId);
  expect(runs[0]).toMatchObject({ code: "BeforeVmRefused", detail: `hook beforeVm: ${reason}` });
  expect(world.transcript.filter(({ method, path }) => method === "POST" && /assess|install/.test(path))).toEqual([]);
});

test("hooks around stages: each stage begins and ends with one", async () => {
  const service = new HookService();
  const { world, sweepId } = await sweepWith(
    service,
    named(3),
    `${CAREFREE}stages:\n  - { name: first, share: 1 }\n  - { name: rest }\nhooks:\n${hookAt("beforeStage")}${hookAt("afterStage")}`,
  );
  const { sweep } = await sweptOut(world, sweepId);
  expect(sweep).toMatchObject({ state: "completed", counts: { ended: 3, failed: 0 } });
  expect(service.moments).toEqual(["beforeStage first", "afterStage first", "beforeStage rest", "afterStage rest"]);
  expect(service.asked[1]?.body).toMatchObject({ vms: 1, failed: 0, outcomes: { patched: 1 } });
});

test.each([
  ["beforeStage", "first", 0],
  ["afterStage", "first", 1],
  ["beforeStage", "rest", 1],
  ["afterStage", "rest", 3],
])("no %s %s: the sweep stops", async (moment, stage, patched) => {
  const service = new HookService((body) => (body?.moment === moment && body.stage === stage ? { status: 403 } : {}));
  const { world, sweepId } = await sweepWith(
    service,
    named(3),
    `${CAREFREE}stages:\n  - { name: first, share: 1 }\n  - { name: rest }\nhooks:\n${hookAt("beforeStage")}${hookAt("afterStage")}`,
  );
  const { sweep, runs } = await sweptOut(world, sweepId);
  expect(sweep).toMatchObject({
    state: "stopped",
    stop: { reason: "hook", detail: `hook ${moment} of stage ${stage}: it answered 403` },
    counts: { vms: 3, ended: 3 },
  });
  expect(Object.values(byVm(runs)).filter((code) => code === "Patched")).toHaveLength(patched);
  expect(posted(world, "installPatches")).toHaveLength(patched);
});

test("a stage waits for its hook as long as that wants, and can be cancelled meanwhile", async () => {
  const service = new HookService(() => ({ status: 202, retryAfter: "30" }));
  const { world, sweepId } = await sweepWith(service, named(2), `hooks:\n${hookAt("beforeStage", ", deadline: PT1H")}`);
  await world.passes(20 * MINUTE);
  expect(await sweepOf(world, sweepId)).toMatchObject({ state: "waiting", waitsFor: { what: "hook", until: null } });
  await world.api("POST", `sweeps/${sweepId}/cancel`);
  await world.passes(2 * MINUTE);
  expect(await sweepOf(world, sweepId)).toMatchObject({ state: "cancelled", counts: { ended: 2 } });
  await world.settle();
});

test("a policy whose key the app does not have is refused by name", async () => {
  const world = await startWorld({ fleet: fleetOf(named(1)) });
  const answer = await world.api("POST", "sweeps", { policy: patchPolicy(`hooks:\n${hookAt("beforeVm")}`) });
  expect(answer.status).toBe(400);
  expect(answer.body).toContain("hooks.beforeVm.key");
});

test.each(["repeated", "doubled", "killedAfter"] as const)(
  "an activity that asks and is %s: under one id, and the run ends as if nothing had happened",
  async (fate) => {
    const service = new HookService();
    let kills = 0;
    const world = await startWorld({
      fleet: fleetOf(named(1)),
      settings: hookSettings,
      outside: service.outside,
      chaos: ({ name }) =>
        ["askHook", "askStageHook"].includes(name) && (fate !== "killedAfter" || kills++ < 3) ? fate : "once",
    });
    const sweepId = await startSweep(
      world,
      patchPolicy(
        `hooks:\n${["beforeVm", "afterVm", "beforeStage", "afterStage"].map((name) => hookAt(name)).join("")}`,
      ),
    );
    const { sweep, runs } = await sweptOut(world, sweepId);
    expect(byVm(runs)).toEqual({ "vm-0": "Patched" });
    expect(sweep).toMatchObject({ state: "completed", counts: { failed: 0 } });
    expect(new Set(service.asked.map(({ headers }) => headers["idempotency-key"])).size).toBe(4);
  },
);
