import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import type { ImageView } from "../../src/contracts/api/images";
import type { RunView } from "../../src/contracts/api/runs";
import type { VmView } from "../../src/contracts/api/vms";
import type { PeriodicAssessmentChange } from "../../src/contracts/api/periodic-assessment";
import type { AssignmentView, ScheduleView } from "../../src/contracts/api/schedules";
import { fleetOf } from "../support/fleet";
import { cellOf, machineNames, operationNames, type MachineName, type OperationName } from "../support/operations";
import { startWorld, type World } from "../support/outside-jest";

const HOUR = 3_600_000;
const SUBSCRIPTION = "11111111-2222-4333-8444-555555555555";
const SCHEDULE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-test/providers/Microsoft.Maintenance/maintenanceConfigurations/nightly`;
/** The patches that every machine lacks. */
const pending = { Security: 2 };
const graph = { lagSeconds: 30 };

const start = (causes: object = {}): Promise<World> => {
  const vm = (name: MachineName, image: string) => ({ name, image, pending, graph, events: [], ...causes });
  const server = (name: MachineName, osType: string) => ({ kind: "arc", name, osType, pending, graph });
  return startWorld({
    fleet: fleetOf([vm("win-vm", "win"), vm("lin-vm", "lin")], {
      machines: [server("arc-win", "Windows"), server("arc-lin", "Linux")],
    }),
  });
};

async function ask<T>(world: World, method: string, path: string, body?: object, status = 200): Promise<T> {
  const answer = await world.api(method, path, body);
  expect([answer.status, answer.body]).toEqual([status, expect.any(String)]);
  return JSON.parse(answer.body) as T;
}

const look = (world: World, name: MachineName): Promise<VmView> => ask(world, "GET", `vms${world.vmId(name)}`);

async function runOf(world: World, mode: "assess" | "patch", name: MachineName): Promise<RunView> {
  await world.run(mode, [name], mode === "patch" ? { install: { rebootSetting: "IfRequired" } } : {});
  const [run, ...others] = await world.settle();
  if (!run || others.length > 0) throw new Error("not one run");
  return run;
}

/** What simulated Azure did to the machine. */
const installsOf = (world: World, name: MachineName): number =>
  world.azure.truth
    .filter(({ id }) => id.toLowerCase() === world.vmId(name).toLowerCase())
    .flatMap(({ operations }) => operations)
    .filter(({ kind }) => kind === "install").length;

const isServer = (name: MachineName): boolean => name.startsWith("arc");

/** Each operation on a machine, as the table tells of it; whether it was done. */
const plays: Readonly<Record<OperationName, (name: MachineName) => Promise<boolean>>> = {
  async assess(name) {
    const world = await start();
    expect(await runOf(world, "assess", name)).toMatchObject({ outcome: "assessed", supportState: "Supported" });
    await world.passes(HOUR);
    const { missing } = await look(world, name);
    expect(missing?.patches).toHaveLength(2);
    return installsOf(world, name) === 0;
  },
  async patch(name) {
    const world = await start();
    expect(await runOf(world, "patch", name)).toMatchObject({ outcome: "patched", installedPatchCount: 2 });
    return installsOf(world, name) === 1;
  },
  async schedule(name) {
    const world = await start();
    const window = { recurEvery: "Day", startDateTime: "2026-12-01 22:00", timeZone: "UTC", duration: "02:00" };
    const install = { rebootSetting: "IfRequired" };
    await ask(world, "POST", "schedules", { scheduleId: SCHEDULE, location: "westeurope", window, install }, 201);
    const vmIds = [world.vmId(name)];
    const before: AssignmentView = await ask(world, "POST", "schedules/assign", { scheduleId: SCHEDULE, vmIds });
    expect(before.vms[0]?.changes.length === 0).toBe(isServer(name));
    const asked = { scheduleId: SCHEDULE, vmIds, applyPrerequisites: true };
    const { vms }: AssignmentView = await ask(world, "POST", "schedules/assign", asked);
    expect(vms).toMatchObject([{ situation: "scheduleRuns", assigned: true, applied: !isServer(name) }]);
    await world.passes(20 * HOUR);
    const { machines, runs }: ScheduleView = await ask(world, "GET", `schedules${SCHEDULE}`);
    expect(machines).toEqual(vmIds);
    expect(runs[0]?.results).toEqual([
      expect.objectContaining({ vmId: world.vmId(name), outcome: "patched", installedPatchCount: 2 }),
    ]);
    return installsOf(world, name) === 1;
  },
  async periodic(name) {
    const world = await start();
    const set = async (on: boolean): Promise<string | undefined> => {
      const asked = { on, vmIds: [world.vmId(name)] };
      const { vms }: { vms: PeriodicAssessmentChange[] } = await ask(world, "POST", "periodic-assessment", asked);
      return vms[0]?.result;
    };
    expect([await set(true), await set(true)]).toEqual(["changed", "alreadySo"]);
    await world.passes(26 * HOUR);
    const { assessmentStatus, ageSeconds } = await look(world, name);
    expect([assessmentStatus, ageSeconds]).toEqual(["Succeeded", expect.any(Number)]);
    expect(ageSeconds).toBeLessThan(3 * 3600);
    return (await set(false)) === "changed" && world.transcript.every(({ path }) => !path.includes("/assessPatches"));
  },
  async support(name) {
    const world = await start();
    expect(await look(world, name)).toMatchObject({ supportState: null, source: "none" });
    await runOf(world, "assess", name);
    const { supportState, source, evidence } = await look(world, name);
    expect([supportState, source]).toEqual(["Supported", "resourceGraph"]);
    return evidence === undefined;
  },
  async image(name) {
    const world = await start();
    const { imageId } = await runOf(world, "assess", name);
    await world.passes(HOUR);
    if (imageId === null) return (await ask<{ images: object[] }>(world, "GET", "images")).images.length > 0;
    const image: ImageView = await ask(world, "GET", `images${imageId}`);
    expect(JSON.stringify(image).toLowerCase()).toContain(world.vmId(name).toLowerCase());
    return JSON.stringify(image).includes("Supported");
  },
  async provision(name) {
    const world = await start({ createAfterSeconds: 0 });
    const text = readFileSync("test/examples/eventgrid/ResourceWriteSuccess.vm.cloudevents.json", "utf8");
    const vmId = world.vmId(name);
    const event = JSON.parse(text.replaceAll("{subscription-id}", SUBSCRIPTION)) as { data: object };
    const operationName = `${vmId.includes("HybridCompute") ? "Microsoft.HybridCompute/machines" : "Microsoft.Compute/virtualMachines"}/write`;
    const data = { ...event.data, resourceUri: vmId, operationName };
    const sent = { ...event, subject: vmId, time: "2026-12-01T06:00:00Z", data };
    await world.sendEvent("CloudEventSchemaV1_0", sent);
    const runs = await world.settle();
    expect(runs).toHaveLength(isServer(name) ? 0 : 1);
    expect(installsOf(world, name)).toBe(runs.length);
    return runs[0]?.outcome === "patchedWithWarnings" || runs[0]?.outcome === "patched";
  },
  async automatic(name) {
    const world = await start({ patchMode: "AutomaticByPlatform" });
    const { warnings } = await look(world, name);
    const warned = warnings.some((warning) => warning.includes("automatic guest patching never patches a VM"));
    expect(warned).toBe(!isServer(name));
    return false;
  },
};

describe.each(operationNames)("%s", (operation) => {
  test.each(machineNames)("of %s", async (name) => {
    expect(await plays[operation](name)).toBe(cellOf(operation, name).startsWith("yes"));
  });
});
