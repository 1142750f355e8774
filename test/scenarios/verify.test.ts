import { describe, expect, test } from "@jest/globals";
import { fleetOf } from "../support/fleet";
import { HookService, hookAt, hookSettings } from "../support/hooks";
import { startWorld } from "../support/outside-jest";
import { byVm, patchPolicy, posted, startSweep, sweptOut } from "../support/sweeps";
import type { HttpsAnswer } from "../../src/embedding";

const MINUTE = 60_000;
const named = (count: number, more: object = {}) =>
  Array.from({ length: count }, (_, index) => ({ name: `vm-${index}`, image: "lin", events: [], ...more }));
const probeAt = (within: string) =>
  `verify:\n  within: ${within}\n  probe: { url: "https://{vmName}.example.com/health/{resourceGroup}/{vmName}?s={subscriptionId}", timeout: PT5S }\n`.replace(
    "{vmName}.example.com",
    "health.example.com",
  );

async function swept(vms: readonly object[], policy: string, outside?: HookService) {
  const world = await startWorld({
    fleet: fleetOf(vms),
    settings: hookSettings,
    ...(outside && { outside: outside.outside }),
  });
  return { world, ...(await sweptOut(world, await startSweep(world, patchPolicy(policy)))) };
}

describe("a VM of a policy is verified", () => {
  test("within verify.within, and not GOLDPATCH_GRACE_MINUTES", async () => {
    const silent = (seconds: number) => named(1, { install: { afterwards: { agentSilentSeconds: seconds } } });
    expect(byVm((await swept(silent(30 * 60), "verify: { within: PT45M }\n")).runs)).toEqual({ "vm-0": "Patched" });
    expect(byVm((await swept(silent(25 * 60), "verify: { within: PT5M }\n")).runs)).toEqual({
      "vm-0": "NotWellAfterInstall",
    });
  });

  test("when its probe succeeds: the place of a name is filled in, and nothing of Azure's is sent along", async () => {
    const service = new HookService((_body, _url, times): Partial<HttpsAnswer> => (times < 3 ? { status: 503 } : {}));
    const { runs } = await swept(named(1), probeAt("PT15M"), service);
    expect(byVm(runs)).toEqual({ "vm-0": "Patched" });
    expect(service.asked).toHaveLength(3);
    expect(service.asked[0]).toEqual({
      url: "https://health.example.com/health/rg-test/vm-0?s=11111111-2222-4333-8444-555555555555",
      headers: { "user-agent": "goldpatch" },
    });
  });

  test("else it is harmed: it uses up the exposure, and the rest is not touched", async () => {
    const service = new HookService((): Partial<HttpsAnswer> => ({ status: 500 }));
    const policy = `failureBudget: 5\nstages: [{ name: all, failureBudget: 5 }]\n${probeAt("PT4M")}`;
    const { world, sweep, runs } = await swept(named(4), policy, service);
    expect(sweep).toMatchObject({ state: "completed", counts: { ended: 4, failed: 1, verified: 0 } });
    expect(runs.map(({ code }) => code).sort()).toEqual([
      "ImageHeldBack",
      "ImageHeldBack",
      "ImageHeldBack",
      "ProbeFailed",
    ]);
    const harmed = runs.find(({ code }) => code === "ProbeFailed");
    expect(harmed).toMatchObject({ outcome: "patchedWithWarnings", detail: "probe: it answered 500" });
    expect(posted(world, "installPatches")).toHaveLength(1);
    const step = harmed?.steps.find(({ name }) => name === "confirmInstall");
    const took = Date.parse(step?.endedAt ?? "") - Date.parse(step?.startedAt ?? "");
    expect(took).toBeGreaterThan(3 * MINUTE);
    expect(took).toBeLessThan(6 * MINUTE);
  });

  test("a VM on which nothing was to be installed is not probed", async () => {
    const service = new HookService((): Partial<HttpsAnswer> => ({ status: 500 }));
    const { runs } = await swept(named(1, { pending: {} }), probeAt("PT4M"), service);
    expect(byVm(runs)).toEqual({ "vm-0": "NothingPending" });
    expect(service.asked).toEqual([]);
  });

  test("an address of a probe is nowhere in what is kept or logged", async () => {
    const service = new HookService((): Partial<HttpsAnswer> => ({ status: 500 }));
    const { world, runs } = await swept(named(1), probeAt("PT2M"), service);
    expect(`${JSON.stringify(runs)}${world.logs.join("\n")}`).not.toContain("health.example.com");
  });
});

test("a run whose orchestration was ended is settled by the watchdog: its hook after the VM is asked all the same", async () => {
  const service = new HookService((body) => (body?.moment === "afterVm" ? { status: 410 } : {}));
  const world = await startWorld({
    fleet: fleetOf(named(1, { install: { durationSeconds: 600 } })),
    settings: hookSettings,
    outside: service.outside,
  });
  await startSweep(world, patchPolicy(`hooks:\n${hookAt("afterVm")}`));
  while (posted(world, "installPatches").length === 0) await world.passes(MINUTE);
  const [run] = await world.runs();
  await world.terminate(run?.runId ?? "");
  const runs = await world.settle();
  for (let rounds = 0; rounds < 12 && (await world.runs())[0]?.outcome === null; rounds++)
    await world.passes(5 * MINUTE);
  const [ended] = await world.runs();
  expect(runs).toHaveLength(1);
  expect(ended).toMatchObject({ code: "AfterVmRefused", installPosts: 1 });
  expect(service.moments).toEqual(["afterVm vm-0"]);
  await world.settle();
});
