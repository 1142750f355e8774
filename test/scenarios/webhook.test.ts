import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import type { ArmExchange } from "../../src/embedding";
import { fleetOf } from "../support/fleet";
import { startWorld, type World } from "../support/outside-jest";

const MINUTE = 60_000;
const newVm = { name: "vm", image: "managed", createAfterSeconds: 0, events: [] };

/** Event Grid delivers a batch of events, or speaks for itself. */
const deliver = (world: World, events: unknown, type = "Notification") =>
  world.http("POST", `/runtime/webhooks/EventGrid?functionName=vmProvisioned&code=${world.host.systemKey}`, events, {
    "aeg-event-type": type,
  });

const logged = (world: World, event: string) =>
  world.logs.flatMap((line) => {
    const json = /\{"level":.*\}$/.exec(line)?.[0];
    const fields = json === undefined ? {} : (JSON.parse(json) as Record<string, unknown>);
    return fields["event"] === event ? [fields] : [];
  });

const sampleOf = (file: string): unknown => JSON.parse(readFileSync(`test/examples/eventgrid/${file}`, "utf8"));

const writeOf = (vmId: string, more: object = {}, data: object = {}) => ({
  topic: vmId.split("/").slice(0, 3).join("/"),
  id: "4db48cba-50a2-455a-93b4-de41a3b5b7f6",
  subject: vmId,
  eventType: "Microsoft.Resources.ResourceWriteSuccess",
  eventTime: "2026-12-01T06:00:00.1234567Z",
  data: {
    operationName: "Microsoft.Compute/virtualMachines/write",
    correlationId: "5b7c9d1e-0000-4000-8000-000000000001",
    resourceUri: vmId,
    ...data,
  },
  ...more,
});

test("the app's webhook proves to Event Grid that it wants the events", async () => {
  const world = await startWorld({ fleet: fleetOf([]) });
  const validation = {
    eventType: "Microsoft.EventGrid.SubscriptionValidationEvent",
    data: { validationCode: "CODE-1", validationUrl: "https://example.net/validate" },
  };
  const answer = await deliver(world, [validation], "SubscriptionValidation");
  expect({ status: answer.status, body: JSON.parse(answer.body) as unknown }).toEqual({
    status: 200,
    body: { validationResponse: "CODE-1" },
  });
});

test("without its key the webhook takes no event", async () => {
  const world = await startWorld({ fleet: fleetOf([newVm]) });
  const answer = await world.http(
    "POST",
    "/runtime/webhooks/EventGrid?functionName=vmProvisioned&code=guess",
    [writeOf(world.vmId("vm"))],
    { "aeg-event-type": "Notification" },
  );
  expect(answer.status).toBe(401);
  expect(await world.settle()).toEqual([]);
});

describe("an event that is not about a new VM is taken, ignored and logged with the reason", () => {
  const extension = "Microsoft.Compute/virtualMachines/extensions/write";
  test.each<[string, (vmId: string) => unknown, RegExp]>([
    ["a maintenance that begins", () => sampleOf("PreMaintenanceEvent.cloudevents.json"), /^not a resource event/],
    ["a maintenance that ended", () => sampleOf("PostMaintenanceEvent.cloudevents.json"), /^not a resource event/],
    [
      "a resource notification",
      () => sampleOf("ResourceNotifications.CreatedOrUpdated.vm.adapted.json"),
      /^not a resource event/,
    ],
    [
      "a deleted VM",
      (id) =>
        writeOf(
          id,
          { eventType: "Microsoft.Resources.ResourceDeleteSuccess" },
          { operationName: "Microsoft.Compute/virtualMachines/delete" },
        ),
      /^type Microsoft\.Resources\.ResourceDeleteSuccess$/,
    ],
    [
      "a write that failed",
      (id) => writeOf(id, { eventType: "Microsoft.Resources.ResourceWriteFailure" }),
      /^type Microsoft\.Resources\.ResourceWriteFailure$/,
    ],
    [
      "an extension's write",
      (id) => writeOf(id, {}, { operationName: extension, resourceUri: `${id}/extensions/AzureMonitor` }),
      /^operation Microsoft\.Compute\/virtualMachines\/extensions\/write$/,
    ],
    [
      "a deployment's write",
      (id) =>
        writeOf(
          id,
          {},
          {
            operationName: "Microsoft.Resources/deployments/write",
            resourceUri: id.replace(
              "Microsoft.Compute/virtualMachines/vm",
              "Microsoft.Resources/deployments/Microsoft.Template",
            ),
          },
        ),
      /^operation Microsoft\.Resources\/deployments\/write$/,
    ],
    ["an empty object", () => ({}), /^not a resource event: data/],
    ["a number", () => 42, /^not a resource event/],
    ["nothing", () => null, /^not a resource event/],
    ["data without a resource", (id) => writeOf(id, { subject: undefined, data: {} }), /^not a resource event/],
    [
      "an id that leads out of its segment",
      (id) => writeOf(id, {}, { resourceUri: `${id}/../other` }),
      /^the resource is no VM$/,
    ],
    ["a VM outside the scope", (id) => writeOf(id.replace("11111111", "99999999")), /^outside GOLDPATCH_SCOPE$/],
  ])("%s", async (_what, eventAbout, reason) => {
    const world = await startWorld({ fleet: fleetOf([newVm]) });
    const event = eventAbout(world.vmId("vm"));
    const answer = await deliver(world, Array.isArray(event) ? event : [event]);

    expect(answer.status).toBe(202);
    expect(logged(world, "eventIgnored")).toEqual([
      { level: "info", event: "eventIgnored", reason: expect.stringMatching(reason), subject: expect.any(String) },
    ]);
    expect(world.host.instances()).toEqual([]);
    expect(world.transcript).toEqual([]);
  });
});

describe("one VM, many events", () => {
  test("a VM recreated under the same name is another VM, and handled again", async () => {
    let recreated = false;
    const world = await startWorld({
      fleet: fleetOf([newVm]),
      intercept: async (request, azure) => {
        const answer = await azure(request);
        if (!recreated || !isRead(request)) return answer;
        const body = answer.body.replace(/"vmId":"[^"]+"/, '"vmId":"99999999-2222-4333-8444-555555555555"');
        return { ...answer, body };
      },
    });
    const vmId = world.vmId("vm");
    await deliver(world, [writeOf(vmId)]);
    expect(await world.settle()).toMatchObject([{ code: "Patched" }]);

    recreated = true;
    await deliver(world, [writeOf(vmId, {}, { correlationId: "another deployment" })]);
    const runs = await world.settle();
    // The simulated disk is the old one, so nothing is left to install; that it was assessed again is the point.
    expect(runs.map(({ code }) => code).sort()).toEqual(["NothingPending", "Patched"]);

    await deliver(world, [writeOf(vmId, {}, { correlationId: "an edit" })]);
    expect((await world.settle()).map(({ code }) => code).sort()).toEqual([
      "AlreadyHandled",
      "NothingPending",
      "Patched",
    ]);
  });

  test("two edits of a new VM in a row: one works, the other is busy or handled, never a second assessment", async () => {
    const world = await startWorld({ fleet: fleetOf([newVm]) });
    const vmId = world.vmId("vm");
    await deliver(world, [writeOf(vmId, {}, { correlationId: "1" }), writeOf(vmId, {}, { correlationId: "2" })]);
    const runs = await world.settle();
    const outcomes = runs.map(({ outcome }) => outcome).sort();

    expect([
      ["busy", "patched"],
      ["patched", "skipped"],
    ]).toContainEqual(outcomes);
    expect(world.transcript.filter(({ path }) => path.includes("/assessPatches?"))).toHaveLength(1);
  });

  test("an event that comes while its run goes on, and again after it: one run", async () => {
    const world = await startWorld({ fleet: fleetOf([newVm]) });
    const event = writeOf(world.vmId("vm"));
    await deliver(world, [event]);
    await world.passes(3 * MINUTE);
    expect((await deliver(world, [event])).status).toBe(202);
    await world.settle();
    expect((await deliver(world, [event])).status).toBe(202);

    expect(await world.settle()).toMatchObject([{ code: "Patched", installPosts: 1 }]);
    expect(world.transcript.filter(({ path }) => path.includes("Patches?"))).toHaveLength(2);
  });

  test("the same event two hundred times in one batch: one run", async () => {
    const world = await startWorld({ fleet: fleetOf([newVm]) });
    const event = writeOf(world.vmId("vm"));
    const answer = await deliver(
      world,
      Array.from({ length: 200 }, () => event),
    );
    expect(answer.status).toBe(202);
    expect(await world.settle()).toHaveLength(1);
    expect(world.host.instances().filter(({ name }) => name === "patchVm")).toHaveLength(1);
  });
});

test("GOLDPATCH_PROVISION_MODE=assess: an event never installs", async () => {
  const world = await startWorld({ fleet: fleetOf([newVm]), settings: { GOLDPATCH_PROVISION_MODE: "assess" } });
  await deliver(world, [writeOf(world.vmId("vm"))]);
  expect(await world.settle()).toMatchObject([{ mode: "assess", outcome: "assessed", installPosts: 0 }]);
});

test("a skipped event says why and costs one read", async () => {
  const old = { ...newVm, createAfterSeconds: undefined, createdAt: "2026-11-30T05:59:00Z" };
  const world = await startWorld({ fleet: fleetOf([old]) });
  await deliver(world, [writeOf(world.vmId("vm"))]);

  expect(await world.settle()).toMatchObject([
    { outcome: "skipped", code: "NotNew", detail: "created 2026-11-30T05:59:00.000Z", nextStep: expect.any(String) },
  ]);
  expect(world.transcript.map(({ method }) => method)).toEqual(["GET"]);
});

test("a VM that is just within GOLDPATCH_NEW_VM_HOURS is new", async () => {
  const young = { ...newVm, createAfterSeconds: undefined, createdAt: "2026-11-30T06:01:00Z" };
  const world = await startWorld({ fleet: fleetOf([young]) });
  await deliver(world, [writeOf(world.vmId("vm"))]);
  expect(await world.settle()).toMatchObject([{ outcome: "patched" }]);
});

const isRead = ({ method, url }: ArmExchange): boolean => method === "GET" && url.includes("/virtualMachines/");
