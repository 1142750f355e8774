import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { readVmWrite } from "../../src/triggers/events/vm-write-event";
import { fleetOf } from "../support/fleet";
import { startWorld, type World } from "../support/outside-jest";

const MINUTE = 60_000;
const START = "2026-12-01T06:00:00Z";

/** An official sample, about a VM of the fleet and at the time of the test. */
function sample(file: string, world: World, name: string): Record<string, unknown> {
  const text = readFileSync(path.join("test/examples/eventgrid", file), "utf8");
  const vmId = world.vmId(name);
  const parsed: unknown = JSON.parse(text.replaceAll("{subscription-id}", vmId.split("/")[2] ?? ""));
  const event = (Array.isArray(parsed) ? parsed[0] : parsed) as Record<string, unknown>;
  return {
    ...event,
    subject: vmId,
    ...("eventTime" in event ? { eventTime: START } : { time: START }),
    data: { ...(event["data"] as object), resourceUri: vmId },
  };
}

const assessments = (world: World) => world.transcript.filter(({ path: url }) => url.includes("/assessPatches?"));
const newVm = { name: "vm", image: "win", createAfterSeconds: 0, events: [] };

describe("the official samples", () => {
  test.each([
    ["EventGridSchema", "ResourceWriteSuccess.vm.eventgridschema.json"],
    ["CloudEventSchemaV1_0", "ResourceWriteSuccess.vm.cloudevents.json"],
  ] as const)("%s starts a run for the VM", async (schema, file) => {
    const world = await startWorld({ fleet: fleetOf([newVm]) });
    await world.sendEvent(schema, sample(file, world, "vm"));
    expect(await world.settle()).toMatchObject([{ trigger: "event", mode: "patch", code: "Patched" }]);
  });

  test.each(["PreMaintenanceEvent.cloudevents.json", "PostMaintenanceEvent.cloudevents.json"])(
    "%s is taken and starts nothing",
    async (file) => {
      const world = await startWorld({ fleet: fleetOf([newVm]) });
      await world.sendEvent(
        "CloudEventSchemaV1_0",
        JSON.parse(readFileSync(`test/examples/eventgrid/${file}`, "utf8")),
      );
      expect(await world.settle()).toEqual([]);
      expect(world.logs.filter((line) => line.includes("eventIgnored"))).toHaveLength(1);
    },
  );
});

test("the same event three times, in both schemas and any case: one run, one assessment", async () => {
  const world = await startWorld({ fleet: fleetOf([newVm]) });
  const grid = sample("ResourceWriteSuccess.vm.eventgridschema.json", world, "vm");
  const cloud = sample("ResourceWriteSuccess.vm.cloudevents.json", world, "vm");
  const correlated = (event: Record<string, unknown>, uri: string) => ({
    ...event,
    subject: uri,
    data: { ...(event["data"] as object), correlationId: "abc", resourceUri: uri },
  });
  await world.sendEvent("EventGridSchema", correlated(grid, world.vmId("vm")));
  await world.sendEvent("CloudEventSchemaV1_0", correlated(cloud, world.vmId("vm").toUpperCase()));
  await world.settle();
  await world.sendEvent("EventGridSchema", correlated(grid, world.vmId("vm").toLowerCase()));
  expect(await world.settle()).toMatchObject([{ code: "Patched" }]);
  expect(assessments(world)).toHaveLength(1);
});

test.each([
  ["evidence as an object, no httpRequest", { evidence: "object", httpRequest: false }],
  ["evidence as an array, with httpRequest", { evidence: "array", httpRequest: true }],
  ["ids in upper case", { idCase: "upper" }],
  ["ids in lower case, as a cloud event", { idCase: "lower", schema: "CloudEventSchemaV1_0" }],
])("an event of simulated Azure with %s starts the run", async (_what, shape) => {
  const world = await startWorld({
    fleet: fleetOf([{ ...newVm, events: [{ kind: "create", afterSeconds: 60, ...shape }] }]),
  });
  await world.passes(5 * MINUTE);
  expect(await world.settle()).toMatchObject([{ trigger: "event", code: "Patched" }]);
});

describe("write events that are no news", () => {
  test("an old VM: skipped before any POST, with its age", async () => {
    const world = await startWorld({
      fleet: fleetOf([
        { name: "vm", image: "win", createdAt: "2026-11-01T00:00:00Z", events: [{ kind: "write", afterSeconds: 60 }] },
      ]),
    });
    await world.passes(5 * MINUTE);
    expect(await world.settle()).toMatchObject([
      { outcome: "skipped", code: "NotNew", detail: "created 2026-11-01T00:00:00.000Z" },
    ]);
    expect(assessments(world)).toEqual([]);
  });

  test("a VM that was handled: skipped, and names the run that did it", async () => {
    const world = await startWorld({
      fleet: fleetOf([
        {
          ...newVm,
          events: [
            { kind: "create", afterSeconds: 60 },
            { kind: "write", afterSeconds: 7200, tags: { edited: "yes" } },
          ],
        },
      ]),
    });
    await world.passes(180 * MINUTE);
    const runs = (await world.settle()).sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
    expect(runs).toMatchObject([
      { code: "Patched" },
      { outcome: "skipped", code: "AlreadyHandled", detail: `by run ${runs[0]?.runId ?? ""}` },
    ]);
    expect(assessments(world)).toHaveLength(1);
  });

  test("a VM that was not ready is not handled: its next event starts again", async () => {
    const world = await startWorld({
      fleet: fleetOf([
        {
          ...newVm,
          power: { state: "stopped", changes: [{ afterSeconds: 3000, state: "running" }] },
          events: [
            { kind: "create", afterSeconds: 60 },
            { kind: "write", afterSeconds: 7200 },
          ],
        },
      ]),
    });
    await world.passes(180 * MINUTE);
    expect((await world.settle()).map(({ code }) => code).sort()).toEqual(["Patched", "VmStopped"]);
  });

  test("the tag goldpatch: off keeps events away", async () => {
    const world = await startWorld({
      fleet: fleetOf([{ ...newVm, tags: { GoldPatch: "OFF" }, events: [{ kind: "create", afterSeconds: 60 }] }]),
    });
    await world.passes(5 * MINUTE);
    expect(await world.settle()).toMatchObject([{ outcome: "skipped", code: "TaggedOff" }]);
  });

  test("outside the scope: no run at all", async () => {
    const world = await startWorld({
      fleet: fleetOf([{ ...newVm, events: [{ kind: "create", afterSeconds: 60 }] }]),
      settings: { GOLDPATCH_SCOPE: "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/other" },
    });
    await world.passes(5 * MINUTE);
    expect(await world.settle()).toEqual([]);
    expect(world.transcript).toEqual([]);
  });
});

const VM =
  "/subscriptions/11111111-2222-4333-8444-555555555555/resourcegroups/rg/providers/Microsoft.Compute/virtualMachines/vm";
const write = {
  topic: VM.split("/").slice(0, 3).join("/"),
  eventType: "Microsoft.Resources.ResourceWriteSuccess",
  eventTime: START,
  subject: VM,
  data: { operationName: "Microsoft.Compute/virtualMachines/write", correlationId: "c", resourceUri: VM },
};

test.each([
  ["another type", { ...write, eventType: "Microsoft.Resources.ResourceDeleteSuccess" }, "type"],
  [
    "a deployment",
    { ...write, data: { ...write.data, resourceUri: "/subscriptions/x/providers/Microsoft.Resources/deployments/d" } },
    "the resource is no VM",
  ],
  [
    "an extension",
    { ...write, data: { ...write.data, operationName: "Microsoft.Compute/virtualMachines/extensions/write" } },
    "operation",
  ],
  [
    "an action",
    { ...write, data: { ...write.data, operationName: "Microsoft.Compute/virtualMachines/assessPatches/action" } },
    "operation",
  ],
  ["no correlation id", { ...write, data: { ...write.data, correlationId: "" } }, "not a resource event"],
  ["no data", { id: "1" }, "not a resource event"],
  ["no time", { ...write, eventTime: "soon" }, "time"],
  ["text", "hello", "not a resource event"],
])("%s is ignored with the reason", (_what, event, reason) => {
  expect(readVmWrite(event)).toMatchObject({ kind: "ignored", reason: expect.stringContaining(reason) });
});

test("a malformed event does not fail the delivery of its batch", async () => {
  const world = await startWorld({ fleet: fleetOf([newVm]) });
  const good = sample("ResourceWriteSuccess.vm.eventgridschema.json", world, "vm");
  const answer = await world.http(
    "POST",
    `/runtime/webhooks/EventGrid?functionName=vmProvisioned&code=${world.host.systemKey}`,
    [{ ...good, data: {} }, good],
    { "aeg-event-type": "Notification" },
  );
  expect(answer.status).toBe(202);
  expect(await world.settle()).toMatchObject([{ code: "Patched" }]);
});
