import { describe, expect, test } from "@jest/globals";
import { fleetOf } from "../support/fleet";
import { startWorld, type World } from "../support/outside-jest";

const fleet = fleetOf([{ name: "vm", image: "managed", createAfterSeconds: 0, events: [] }]);
const ELSEWHERE = "99999999-2222-4333-8444-555555555555";
const elsewhere = (id: string): string => id.replace(/^\/subscriptions\/[^/]+/, `/subscriptions/${ELSEWHERE}`);
const subscriptionOf = (vmId: string): string => vmId.split("/").slice(0, 3).join("/");

const genuine = (vmId: string) => ({
  topic: subscriptionOf(vmId),
  subject: vmId,
  eventType: "Microsoft.Resources.ResourceWriteSuccess",
  eventTime: "2026-12-01T06:00:00Z",
  data: {
    operationName: "Microsoft.Compute/virtualMachines/write",
    correlationId: "5b7c9d1e-0000-4000-8000-000000000001",
    resourceUri: vmId,
    subscriptionId: vmId.split("/")[2],
  },
});
type Event = ReturnType<typeof genuine>;

const deliver = (world: World, event: object, query = `code=${world.host.systemKey}`) =>
  world.http("POST", `/runtime/webhooks/EventGrid?functionName=vmProvisioned&${query}`, [event], {
    "aeg-event-type": "Notification",
  });

const told = (world: World, name: string) => world.logs.filter((line) => line.includes(`"event":"${name}"`));

describe("an event that contradicts itself is taken, so that it is not sent again, and starts nothing", () => {
  test.each<[string, (event: Event) => object, string]>([
    ["of another subscription's topic", (event) => ({ ...event, topic: elsewhere(event.topic) }), "topic"],
    ["of another group's topic", (event) => ({ ...event, topic: `${event.topic}/resourceGroups/another` }), "topic"],
    ["of a topic that only begins alike", (event) => ({ ...event, topic: event.topic.slice(0, -1) }), "topic"],
    ["of a topic that is no subscription", (event) => ({ ...event, topic: "/" }), "topic"],
    ["without a topic", ({ topic: _none, ...event }) => event, "topic"],
    ["with another VM as its subject", (event) => ({ ...event, subject: `${event.subject}-2` }), "subject"],
    [
      "with another subscription's VM as its subject",
      (event) => ({ ...event, subject: elsewhere(event.subject) }),
      "subject",
    ],
    [
      "with another VM in its data",
      (event) => ({ ...event, data: { ...event.data, resourceUri: `${event.subject}-2` } }),
      "subject",
    ],
    [
      "with another subscription in its data",
      (event) => ({ ...event, data: { ...event.data, subscriptionId: ELSEWHERE } }),
      "data.subscriptionId",
    ],
    [
      "in the other schema, from another source",
      ({ topic, eventType, eventTime, ...event }) => ({
        ...event,
        source: elsewhere(topic),
        type: eventType,
        time: eventTime,
        specversion: "1.0",
      }),
      "topic",
    ],
  ])("%s", async (_what, forge, field) => {
    const world = await startWorld({ fleet });
    expect((await deliver(world, forge(genuine(world.vmId("vm"))))).status).toBe(202);

    expect(await world.settle()).toEqual([]);
    expect(world.host.instances()).toEqual([]);
    expect(world.transcript).toEqual([]);
    expect(told(world, "eventRefused")).toEqual([expect.stringContaining(`"reason":"${field} `)]);
  });
});

test("an event that agrees with itself and lies outside the scope starts nothing, and that is told", async () => {
  const world = await startWorld({ fleet });
  await deliver(world, genuine(elsewhere(world.vmId("vm"))));

  expect(await world.settle()).toEqual([]);
  expect(told(world, "eventIgnored")).toEqual([expect.stringContaining('"reason":"outside GOLDPATCH_SCOPE"')]);
});

describe("a genuine event starts a run", () => {
  test.each<[string, (event: Event) => object]>([
    ["as it is", (event) => event],
    [
      "with its ids in another case",
      (event) => ({ ...event, topic: event.topic.toUpperCase(), subject: event.subject.toLowerCase() }),
    ],
    ["of a resource group's topic", (event) => ({ ...event, topic: event.subject.split("/").slice(0, 5).join("/") })],
    ["without a subject", ({ subject: _none, ...event }) => event],
  ])("%s", async (_what, change) => {
    const world = await startWorld({ fleet });
    await deliver(world, change(genuine(world.vmId("vm"))));

    expect(await world.settle()).toMatchObject([{ outcome: "patched", trigger: "event" }]);
    expect(told(world, "eventRefused")).toEqual([]);
  });
});

describe("only the webhook's own key opens it", () => {
  test.each<[string, (world: World) => string]>([
    ["no key", () => ""],
    ["a wrong one", () => "code=guess"],
    ["that of the app's routes", (world) => `code=${world.host.functionKey}`],
    ["the right one and something behind it", (world) => `code=${world.host.systemKey}x`],
  ])("%s", async (_what, query) => {
    const world = await startWorld({ fleet });
    expect((await deliver(world, genuine(world.vmId("vm")), query(world))).status).toBe(401);
    expect(await world.settle()).toEqual([]);
  });
});

describe("a batch has bounds", () => {
  test("of events", async () => {
    const world = await startWorld({ fleet });
    const events = Array.from({ length: 5001 }, () => ({}));
    const answer = await world.http(
      "POST",
      `/runtime/webhooks/EventGrid?functionName=vmProvisioned&code=${world.host.systemKey}`,
      events,
      { "aeg-event-type": "Notification" },
    );
    expect({ status: answer.status, type: answer.headers["content-type"] }).toEqual({
      status: 413,
      type: "application/problem+json",
    });
    expect(answer.body).toContain("body: 5001 events: send at most 5000 at a time");
    expect(told(world, "eventIgnored")).toEqual([]);
  });

  test("and of bytes", async () => {
    const world = await startWorld({ fleet });
    const answer = await deliver(world, { ...genuine(world.vmId("vm")), padding: "x".repeat(2 * 1024 * 1024) });
    expect(answer.status).toBe(413);
    expect(answer.body).toMatch(/body: \d+ bytes: send at most 2097152 at a time/);
    expect(await world.settle()).toEqual([]);
  });
});
