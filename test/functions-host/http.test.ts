import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { TestHost } from "./support/outside";
import { appFile, loadOutside } from "./support/load";

const outside = loadOutside();
let app: TestHost;

beforeAll(async () => {
  app = await outside.openHost({ main: appFile("triggers.cjs") });
});
afterAll(() => app.close());

describe("routes", () => {
  test.each([
    ["GET", "/api/ping", 200, { ok: 1 }],
    ["GET", "/API/Ping", 200, { ok: 1 }],
    ["POST", "/api/ping", 404, ""],
    ["GET", "/api/none", 404, ""],
    ["GET", "/ping", 404, ""],
    ["GET", "/", 404, ""],
    ["GET", "/api/items/7", 200, { id: "7" }],
    ["DELETE", "/api/items/7", 204, ""],
    ["GET", "/api/items/latest", 200, "latest"],
    ["GET", "/api/items/a%20b?q=%C4%8D", 200, { byName: "a b", q: "č" }],
    ["GET", "/api/items/%E0%A4%A", 400, ""],
    ["GET", "/api/maybe", 200, {}],
    ["GET", "/api/maybe/x", 200, { a: "x" }],
    ["GET", "/api/vms/subscriptions/s/vm%2D1", 200, { rest: "subscriptions/s/vm-1" }],
    ["GET", "/api/nothing", 204, ""],
    ["GET", "/api/boom", 500, ""],
    ["GET", "/api/cookie", 500, ""],
  ])("%s %s is %d", async (method, path, status, body) => {
    expect(await app.call(path, { method })).toMatchObject({ status, body });
  });

  test("a body, headers and a log line pass through", async () => {
    const answer = await app.call("/api/repeat", { method: "POST", headers: { "x-kind": "k" }, body: "hello" });
    expect(answer).toMatchObject({ status: 201, body: "hello", headers: { "x-kind": "k" } });
    expect(app.logs).toContainEqual({
      level: "information",
      category: "user",
      functionName: "repeat",
      message: "echoing",
    });
  });

  test("a failing handler is logged with its stack", () => {
    expect(app.logs).toContainEqual(
      expect.objectContaining({
        level: "error",
        functionName: "boom",
        message: expect.stringMatching(/http boom\n +at /),
      }),
    );
  });

  test("hooks change what the handler gets and what it returns", async () => {
    expect((await app.call("/api/hooked")).body).toBe("changed!");
  });

  test.each([
    ["of exactly 10 MB is read", 10 * 1024 * 1024, 201],
    ["over 10 MB is 413", 10 * 1024 * 1024 + 1, 413],
    ["far over 10 MB is 413", 30 * 1024 * 1024, 413],
  ])("a body %s", async (_, size, status) => {
    const answer = app.call("/api/repeat", { method: "POST", headers: { "x-kind": "k" }, body: "x".repeat(size) });
    expect((await answer).status).toBe(status);
  });

  test("what is too large is told as a problem, with what to do", async () => {
    const answer = await app.call("/api/repeat", { method: "POST", body: "x".repeat(10 * 1024 * 1024 + 1) });
    expect(answer.headers["content-type"]).toBe("application/problem+json");
    expect(JSON.stringify(answer.body)).toContain("body: more than 10485760 bytes: send it as several requests");
  });
});

test("a Host header that makes no address is 400", async () => {
  expect((await app.call("/api/ping", { headers: { host: "a b" } })).status).toBe(400);
});

describe("keys", () => {
  const withKey = (key: string): { query: string; headers: Record<string, string> } => {
    const { functionKey, systemKey } = app.host;
    switch (key) {
      case "a wrong code":
        return { query: "?code=zzz", headers: {} };
      case "the function key as code":
        return { query: `?code=${functionKey}`, headers: {} };
      case "the function key as header":
        return { query: "", headers: { "x-functions-key": functionKey } };
      case "the system key as code":
        return { query: `?code=${systemKey}`, headers: {} };
      default:
        return { query: "", headers: {} };
    }
  };

  test.each([
    ["keyed", "no key", 401],
    ["keyed", "a wrong code", 401],
    ["keyed", "the function key as code", 200],
    ["keyed", "the function key as header", 200],
    ["keyed", "the system key as code", 200],
    ["admin-only", "the function key as code", 401],
    ["admin-only", "the system key as code", 200],
    ["ping", "no key", 200],
  ])("%s with %s is %d", async (path, key, status) => {
    const { query, headers } = withKey(key);
    expect((await app.call(`/api/${path}${query}`, { headers })).status).toBe(status);
  });

  test("a failing webhook is logged without its key", async () => {
    const query = `?functionName=onEvent&code=${app.host.systemKey}`;
    const answer = await app.call(`/runtime/webhooks/EventGrid${query}`, {
      method: "POST",
      headers: { "aeg-event-type": "Notification" },
      body: "no JSON",
    });
    expect(answer.status).toBe(500);
    const [line] = app.logs.filter(({ message }) => message.includes("/runtime/webhooks/EventGrid"));
    expect(line?.message).toMatch(/^POST \/runtime\/webhooks\/EventGrid: SyntaxError/);
    expect(JSON.stringify(app.logs)).not.toContain(app.host.systemKey);
  });

  test("the durable client's base opens only with its secret", async () => {
    expect((await app.call("/durabletask/guess/instances/x")).status).toBe(401);
    expect((await app.call("/durabletask/instances/x")).status).toBe(401);
  });
});
