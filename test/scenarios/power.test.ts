import { expect, test } from "@jest/globals";
import { fleetOf } from "../support/fleet";
import { HookService, hookAt, hookSettings } from "../support/hooks";
import { startWorld, type World } from "../support/outside-jest";
import { byVm, patchPolicy, startSweep, sweptOut } from "../support/sweeps";

const MINUTE = 60_000;
const OFF = { power: { state: "deallocated" } };
const vm = (more: object = {}) => ({ name: "vm", image: "lin", events: [], ...OFF, ...more });
const POWER = "power: startAndStop\n";

/** What was asked of the VM's power and patches, in order. */
const calls = (world: World): string[] =>
  world.transcript.flatMap(({ method, path }) =>
    method === "POST" ? (/\/(start|deallocate|assessPatches|installPatches)\?/.exec(path)?.[1] ?? []) : [],
  );
const powerOf = async (world: World): Promise<string> => {
  const answer = await world.azure.handle({
    method: "GET",
    url: `${world.vmId("vm")}/instanceView?api-version=2026-04-01`,
    headers: { authorization: "Bearer simulated" },
  });
  return /"PowerState\/(\w+)"/.exec(answer.body)?.[1] ?? answer.body;
};

test("a deallocated VM is started, patched, verified, and deallocated again", async () => {
  const world = await startWorld({ fleet: fleetOf([vm()]) });
  const { sweep, runs } = await sweptOut(world, await startSweep(world, patchPolicy(POWER)));
  expect(byVm(runs)).toEqual({ vm: "Patched" });
  expect(sweep.counts.failed).toBe(0);
  expect(calls(world)).toEqual(["start", "assessPatches", "installPatches", "deallocate"]);
  expect(await powerOf(world)).toBe("deallocated");
  const steps = runs[0]?.steps.map(({ name }) => name) ?? [];
  expect([steps[1], steps.at(-2)]).toEqual(["startVm", "stopVm"]);
});

test("power skip, the default, leaves it alone", async () => {
  const world = await startWorld({ fleet: fleetOf([vm()]) });
  const { runs } = await sweptOut(world, await startSweep(world, patchPolicy()));
  expect(byVm(runs)).toEqual({ vm: "VmDeallocated" });
  expect(calls(world)).toEqual([]);
});

test.each([
  ["runs already", { power: { state: "running" } }, "Patched"],
  ["is stopped, and so still paid for", { power: { state: "stopped" } }, "VmStopped"],
  ["does not allow extension operations", { allowExtensionOperations: false }, "ExtensionOperationsDisabled"],
])("a VM that %s is neither started nor deallocated", async (_what, more, code) => {
  const world = await startWorld({ fleet: fleetOf([vm(more)]) });
  const { runs } = await sweptOut(world, await startSweep(world, patchPolicy(POWER)));
  expect(byVm(runs)).toEqual({ vm: code });
  expect(calls(world).filter((call) => ["start", "deallocate"].includes(call))).toEqual([]);
});

test("a sweep that only assesses starts no machine", async () => {
  const world = await startWorld({ fleet: fleetOf([vm()]) });
  const policy = patchPolicy(POWER).replace("mode: patch", "mode: assess");
  const { runs } = await sweptOut(world, await startSweep(world, policy));
  expect(byVm(runs)).toEqual({ vm: "VmDeallocated" });
  expect(calls(world)).toEqual([]);
});

test("whatever the run ends with, the VM that it started is deallocated", async () => {
  const world = await startWorld({ fleet: fleetOf([vm({ graph: { readiness: ["Unsupported"] } })]) });
  const { runs } = await sweptOut(world, await startSweep(world, patchPolicy(POWER)));
  expect(byVm(runs)).toEqual({ vm: "UnsupportedImage" });
  expect(calls(world)).toEqual(["start", "assessPatches", "deallocate"]);
});

test("the hook before the VM comes before its start, and the hook after it before its end", async () => {
  const seen: string[] = [];
  const service = new HookService((body) => {
    seen.push(`${body?.moment} after ${calls(world).at(-1) ?? "nothing"}`);
    return {};
  });
  const world: World = await startWorld({ fleet: fleetOf([vm()]), settings: hookSettings, outside: service.outside });
  const policy = patchPolicy(`${POWER}hooks:\n${hookAt("beforeVm")}${hookAt("afterVm")}`);
  await sweptOut(world, await startSweep(world, policy));
  expect(seen).toEqual(["beforeVm after nothing", "afterVm after installPatches"]);
});

test("without the permission to start it nothing happens to it", async () => {
  const denied = ["Microsoft.Compute/virtualMachines/start/action"];
  const world = await startWorld({ fleet: fleetOf([vm({ denied })]) });
  const { runs } = await sweptOut(world, await startSweep(world, patchPolicy(POWER)));
  expect(runs[0]).toMatchObject({ code: "PermissionMissing" });
  expect(calls(world)).toEqual(["start"]);
});

test("a VM that cannot be deallocated is told of", async () => {
  const denied = ["Microsoft.Compute/virtualMachines/deallocate/action"];
  const world = await startWorld({ fleet: fleetOf([vm({ denied })]) });
  const { runs } = await sweptOut(world, await startSweep(world, patchPolicy(POWER)));
  expect(runs[0]).toMatchObject({ code: "LeftRunning", outcome: "patchedWithWarnings" });
  expect(runs[0]?.detail).toMatch(/^the run started the VM and could not deallocate it: 403 AuthorizationFailed/);
  expect(world.logs.join("\n")).toContain("vmLeftRunning");
});

test.each(["repeated", "doubled", "killedBefore", "killedAfter"] as const)(
  "start and deallocation that are %s: the VM ends as it was found",
  async (fate) => {
    let kills = 0;
    const world = await startWorld({
      fleet: fleetOf([vm()]),
      chaos: ({ name }) =>
        ["startVm", "stopVm"].includes(name) && (!fate.startsWith("killed") || kills++ % 2 === 0) ? fate : "once",
    });
    const { runs } = await sweptOut(world, await startSweep(world, patchPolicy(POWER)));
    expect(byVm(runs)).toEqual({ vm: "Patched" });
    expect(await powerOf(world)).toBe("deallocated");
    expect(calls(world).filter((call) => call === "installPatches")).toHaveLength(1);
  },
);

test.each([
  ["start", "beforeEffect"],
  ["start", "afterEffect"],
  ["deallocate", "beforeEffect"],
  ["deallocate", "afterEffect"],
])("an answer to %s that is lost %s: it is looked at, and sent again where that is needed", async (on, cut) => {
  const world = await startWorld({ fleet: fleetOf([vm()], { faults: [{ on, cut, times: 1 }] }) });
  const { runs } = await sweptOut(world, await startSweep(world, patchPolicy(POWER)));
  expect(byVm(runs)).toEqual({ vm: "Patched" });
  expect(await powerOf(world)).toBe("deallocated");
});

test("an orchestration that is ended in between: the watchdog deallocates the VM", async () => {
  const world = await startWorld({ fleet: fleetOf([vm({ assess: { durationSeconds: 900 } })]) });
  await startSweep(world, patchPolicy(POWER));
  while (!calls(world).includes("assessPatches")) await world.passes(MINUTE);
  const [run] = await world.runs();
  await world.terminate(run?.runId ?? "");
  for (let rounds = 0; rounds < 24 && (await world.runs())[0]?.outcome === null; rounds++)
    await world.passes(5 * MINUTE);
  expect((await world.runs())[0]).toMatchObject({ code: "OrchestrationEnded" });
  expect(await powerOf(world)).toBe("deallocated");
  await world.settle();
});

test("a sweep that is cancelled while the VM boots: it is deallocated, and nothing else is sent", async () => {
  const world = await startWorld({ fleet: fleetOf([vm({ agent: { readyAfterSeconds: 600 } })]) });
  const sweepId = await startSweep(world, patchPolicy(POWER));
  while (!calls(world).includes("start")) await world.passes(10_000);
  await world.api("POST", `sweeps/${sweepId}/cancel`);
  const { runs } = await sweptOut(world, sweepId);
  expect(byVm(runs)).toEqual({ vm: "SweepCancelled" });
  expect(calls(world)).toEqual(["start", "deallocate"]);
  expect(await powerOf(world)).toBe("deallocated");
});
