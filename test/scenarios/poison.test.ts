import { describe, expect, test } from "@jest/globals";
import { activityContracts } from "../../src/contracts/activities";
import { orchestrationInputs } from "../../src/contracts/orchestrations";
import { OpenRuns } from "../../src/ledger/open-runs";
import { fleetOf } from "../support/fleet";
import { startWorld, type World } from "../support/outside-jest";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const fleet = fleetOf([{ name: "vm", image: "win", events: [] }]);

const told = (world: World, event: string) => world.logs.filter((line) => line.includes(`"event":"${event}"`));

const deliver = (world: World, body: unknown) =>
  world.http("POST", `/runtime/webhooks/EventGrid?functionName=vmProvisioned&code=${world.host.systemKey}`, body, {
    "aeg-event-type": "Notification",
  });

const startDirectly = async (world: World, name: string, instanceId: string, input: unknown): Promise<void> => {
  const path = `/runtime/webhooks/durabletask/orchestrators/${name}/${instanceId}?code=${world.host.systemKey}`;
  expect((await world.http("POST", path, JSON.stringify(input))).status).toBe(202);
};

const VM =
  "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-test/providers/Microsoft.Compute/virtualMachines/vm";
const write = (changes: object = {}, data: object = {}) => ({
  topic: VM.split("/").slice(0, 3).join("/"),
  eventType: "Microsoft.Resources.ResourceWriteSuccess",
  eventTime: "2026-12-01T06:00:00Z",
  subject: VM,
  data: {
    operationName: "Microsoft.Compute/virtualMachines/write",
    correlationId: "c",
    resourceUri: VM,
    ...data,
  },
  ...changes,
});
const HUGE = "x".repeat(200_000);

describe("an event that makes no sense is ignored with the reason and answered, so that it is not sent again", () => {
  test.each<[string, readonly unknown[]]>([
    ["null", [null]],
    ["a list of lists", [[[]]]],
    ["texts", ["hello"]],
    ["numbers", [0, -1]],
    ["an empty object", [{}]],
    ["data that is null", [{ ...write(), data: null }]],
    ["data that is a text", [{ ...write(), data: "soon" }]],
    ["fields of other types", [write({ eventType: 7, subject: {} })]],
    ["a VM id of 200 KB", [write({}, { resourceUri: `${VM}${HUGE}` })]],
    ["a type of 200 KB", [write({ eventType: HUGE })]],
    ["a time of another calendar", [write({ eventTime: "+275760-09-13T00:00:00.000Z" })]],
    ["a time before our era", [write({ eventTime: "-000001-01-01T00:00:00Z" })]],
    ["an id with what instance ids forbid", [write({}, { resourceUri: `${VM}#?\\` })]],
  ])("%s", async (_what, body) => {
    const world = await startWorld({ fleet });
    expect((await deliver(world, body)).status).toBe(202);
    expect(await world.settle()).toEqual([]);
    expect(told(world, "eventIgnored")).toHaveLength(body.length);
    expect(Math.max(...world.logs.map((line) => line.length))).toBeLessThan(2000);
    expect(await world.store.scan("open-runs", "")).toEqual([]);
  });

  test("a correlation id of 200 KB is an id like any other", async () => {
    const world = await startWorld({
      fleet: fleetOf([{ name: "vm", image: "win", createAfterSeconds: 0, events: [] }]),
    });
    expect((await deliver(world, [write({}, { correlationId: HUGE })])).status).toBe(202);
    expect(await world.settle()).toMatchObject([{ trigger: "event", code: "Patched" }]);
  });

  test("an empty delivery", async () => {
    const world = await startWorld({ fleet });
    expect((await deliver(world, [])).status).toBe(202);
    expect(await world.settle()).toEqual([]);
  });
});

const request = {
  runId: "http-00000000000000000000000000000001",
  vmId: VM,
  mode: "patch",
  trigger: "http",
  requestedAt: "2026-12-01T06:00:00.000Z",
};

describe("an orchestration with an input that is not its own fails once, and is told", () => {
  test.each<[string, unknown, string]>([
    ["patchVm", null, "input"],
    ["patchVm", "", "input"],
    ["patchVm", [request], "input"],
    ["patchVm", { ...request, mode: "upgrade" }, "mode"],
    ["patchVm", { ...request, vmId: "vm" }, "vmId"],
    ["patchVm", { ...request, requestedAt: "yesterday" }, "requestedAt"],
    ["sweep", { sweepId: 7 }, "sweepId"],
    ["askUntilSettled", {}, "activity"],
    ["askUntilSettled", { activity: "rebootVm", input: {} }, "activity"],
    ["askUntilSettled", { activity: "pollOperation", input: { runId: "r" } }, "input.vmId"],
    ["askUntilSettled", { activity: "claimRun", input: request, at: "soon" }, "at"],
  ])("%s with %j", async (name, input, at) => {
    const world = await startWorld({ fleet });
    await startDirectly(world, name, "poison", input);
    await world.settle();
    expect(world.host.status("poison")).toMatchObject({
      runtimeStatus: "Failed",
      output: expect.stringContaining(`${name} was started with an input that is not its own: ${at}: `),
    });
    const refusals = told(world, "orchestrationRefused");
    // The check by replay runs the orchestrator once more, and it tells once more.
    expect([...new Set(refusals)]).toEqual([
      expect.stringContaining(`"orchestration":"${name}","instanceId":"poison","reason":"${at}: `),
    ]);
    await world.passes(2 * HOUR);
    expect(told(world, "orchestrationRefused")).toEqual(refusals);
    expect(world.host.instances()).toHaveLength(1);
    expect(await world.runs()).toEqual([]);
  });

  test("and is settled when a run was asked for", async () => {
    const world = await startWorld({ fleet });
    const asked = { ...request, trigger: "http", mode: "patch" } as const;
    await new OpenRuns(world.store).add(asked, world.clock.now());
    await startDirectly(world, "patchVm", asked.runId, { ...asked, schema: 2, mode: "everything" });
    await world.passes(10 * MINUTE);
    expect(await world.runs()).toMatchObject([
      { outcome: "failed", code: "OrchestrationEnded", detail: expect.stringContaining("mode: ") },
    ]);
    expect(world.host.status(asked.runId)?.runtimeStatus).toBe("Failed");
    expect(await world.store.scan("open-runs", "")).toEqual([]);
  });
});

test("every orchestration has an input of its own, and every activity may be asked in a child", () => {
  expect(Object.keys(orchestrationInputs).sort()).toEqual(["askUntilSettled", "patchVm", "policySweep", "sweep"]);
  for (const activity of Object.keys(activityContracts)) {
    const { error } = orchestrationInputs.askUntilSettled.safeParse({ activity, input: {} });
    expect(error?.issues.every(({ path }) => path[0] === "input")).toBe(true);
  }
});

test("an activity that cannot read what it needs fails its run with an outcome after a few tries", async () => {
  const world = await startWorld({ fleet });
  const get = world.store.get.bind(world.store);
  let asked = 0;
  // The install's row is of another shape from the first poll on.
  world.store.get = async (partition: string, key: string) => {
    const row = await get(partition, key);
    if (!key.includes(":install:") || !row || !("accepted" in row.value)) return row as never;
    asked++;
    return { ...row, value: { format: 2 } } as never;
  };
  await world.run("patch", ["vm"], { install: { rebootSetting: "IfRequired" } });
  const runs = await world.settle();
  expect(runs).toMatchObject([{ outcome: "failed", code: "FinalStateUnreadable" }]);
  expect(asked).toBeGreaterThan(1);
  expect(asked).toBeLessThan(10);
  const before = asked;
  await world.passes(5 * HOUR);
  expect(asked).toBe(before);
});
