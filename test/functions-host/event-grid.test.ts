import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Call, TestHost } from "./support/outside";
import { appFile, loadOutside } from "./support/load";

/** Requests and answers as recorded on the real host (real-host: triggers). */
const outside = loadOutside();
let app: TestHost;

beforeAll(async () => {
  app = await outside.openHost({ main: appFile("triggers.cjs") });
});
afterAll(() => app.close());

const event = (id: string, eventType = "My.Event", data: unknown = { n: 1 }) => ({
  ...{ id, topic: "/subscriptions/x", subject: "s/1", eventType, eventTime: "2026-01-01T00:00:00Z", data },
  ...{ dataVersion: "1.0", metadataVersion: "1" },
});

const cloudEvent = (id: string) => ({ specversion: "1.0", id, source: "/s", type: "t", data: { c: 1 } });

const post = (
  body: unknown,
  type?: string,
  more: Partial<Call> = {},
  query = "functionName=onEvent",
): Promise<unknown> =>
  app.call(`/runtime/webhooks/EventGrid?${query}&code=${app.host.systemKey}`, {
    method: "POST",
    ...more,
    headers: { ...(type ? { "aeg-event-type": type } : {}), ...more.headers },
    ...(body === undefined ? {} : { body }),
  });

const cloudType = { headers: { "content-type": "application/cloudevents+json" } };
const validation = event("v1", "Microsoft.EventGrid.SubscriptionValidationEvent", { validationCode: "CODE-1" });

describe("the Event Grid webhook answers as the real one", () => {
  test.each([
    ["a validation", [validation], "SubscriptionValidation", 200, { validationResponse: "CODE-1" }],
    ["one event", [event("e1")], "Notification", 202, ""],
    ["two events", [event("e2"), event("e3")], "Notification", 202, ""],
    ["an event without an array", event("e4"), "Notification", 202, ""],
    ["no event", [], "Notification", 202, ""],
    [
      "a failing handler",
      [event("f1", "Fail")],
      "Notification",
      500,
      "Exception while executing function: Functions.onEvent",
    ],
    [
      "one of two failing",
      [event("f2", "Fail"), event("e5")],
      "Notification",
      500,
      "Exception while executing function: Functions.onEvent",
    ],
    ["no event type header", [event("e6")], undefined, 400, ""],
    ["another event type header", [event("x")], "Other", 400, ""],
    ["an unsubscription", "", "Unsubscribe", 202, ""],
    ["a body that is not JSON", "nope", "Notification", 500, ""],
  ])("%s", async (_, body, type, status, answer) => {
    expect(await post(body, type)).toMatchObject({ status, body: answer });
  });

  test.each([
    ["a CloudEvent", "Notification", 202],
    ["a CloudEvent without event type header", undefined, 400],
  ])("%s", async (_, type, status) => {
    expect(await post(cloudEvent("ce1"), type, cloudType)).toMatchObject({ status });
  });

  test("the CloudEvents handshake", async () => {
    const headers = { "webhook-request-origin": "eventgrid.azure.net" };
    expect(await post(undefined, undefined, { method: "OPTIONS", headers })).toMatchObject({
      status: 200,
      headers: { "webhook-allowed-origin": "eventgrid.azure.net" },
    });
  });

  test.each([
    ["an unknown function", "functionName=nope", "cannot find function: 'nope'"],
    ["a name in other case", "functionName=ONEVENT", "cannot find function: 'ONEVENT'"],
    ["no name", "x=1", "cannot find function: ''"],
  ])("%s is 404", async (_, query, body) => {
    expect(await post([event("x")], "Notification", {}, query)).toMatchObject({ status: 404, body });
  });

  test.each([[""], ["&code=zzz"]])("a wrong key (%s) is 401", async (query) => {
    const answer = await app.call(`/runtime/webhooks/EventGrid?functionName=onEvent${query}`, {
      method: "POST",
      body: [],
    });
    expect(answer).toMatchObject({ status: 401, headers: { "www-authenticate": "Bearer" } });
  });

  test("GET is 400", async () => {
    expect(await post(undefined, undefined, { method: "GET" })).toMatchObject({ status: 400 });
  });
});

test("the handler gets the event as it was sent, and its client starts orchestrations", async () => {
  await post([event("start-me")], "Notification");
  await app.host.idle();
  expect((await app.call("/api/seen")).body).toContainEqual(event("start-me"));
  expect(app.host.status("event-start-me")).toMatchObject({ runtimeStatus: "Completed", output: { hello: { n: 1 } } });
});

test("redelivery of an event whose orchestration still runs fails, as the id is taken", async () => {
  await app.start("waits", undefined, "event-taken");
  expect(await post([event("taken")], "Notification")).toMatchObject({ status: 500 });
  await app.raise("event-taken", "go", 1);
});
