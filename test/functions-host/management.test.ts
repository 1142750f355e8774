import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Call, TestHost } from "./support/outside";
import { appFile, loadOutside } from "./support/load";

/** Statuses and texts as recorded on the real host (real-host: management-api, client-api, start-new). */
const outside = loadOutside();
let app: TestHost;

const post = (path: string, more: Partial<Call> = {}) => app.manage(path, { method: "POST", ...more });
const get = (path: string) => app.manage(path);
const remove = (path: string) => app.manage(path, { method: "DELETE" });

/** One instance in each state, named after it. */
beforeEach(async () => {
  app = await outside.openHost({ main: appFile("triggers.cjs") });
  await app.start("hello", { n: 1 }, "Completed");
  await app.start("fails", null, "Failed");
  await app.start("waits", null, "Terminated");
  await post("instances/Terminated/terminate?reason=enough%20now");
  await app.host.idle();
  await app.start("waits", { w: 1 }, "Running");
  await app.start("waits", null, "Suspended");
  await post("instances/Suspended/suspend?reason=hold%20it");
  await app.pass(10);
});
afterEach(() => app.close());

describe.each([
  //                    unknown Completed Failed Terminated Running Suspended
  ["GET", "", [404, 200, 200, 200, 202, 202]],
  ["GET", "?returnInternalServerErrorOnFailure=true", [404, 200, 500, 200, 202, 202]],
  ["POST", "/raiseEvent/other", [404, 410, 410, 410, 202, 202]],
  ["POST", "/terminate?reason=x", [404, 410, 410, 410, 202, 202]],
  ["POST", "/suspend?reason=x", [404, 410, 410, 410, 202, 500]],
  ["POST", "/resume?reason=x", [404, 410, 410, 410, 500, 202]],
  ["POST", "/rewind?reason=x", [404, 412, 501, 412, 412, 412]],
  ["POST", "/restart", [400, 202, 202, 202, 202, 202]],
  ["POST", "/restart?restartWithNewInstanceId=false", [400, 202, 202, 202, 409, 409]],
  ["DELETE", "", [404, 200, 200, 200, 412, 412]],
  ["PUT", "", [404, 404, 404, 404, 404, 404]],
  ["POST", "/bogus", [404, 404, 404, 404, 404, 404]],
])("%s instances/ID%s", (method, operation, codes) => {
  const states = ["no-such-instance", "Completed", "Failed", "Terminated", "Running", "Suspended"];
  test.each(states.map((state, index) => [state, codes[index]] as const))("%s: %s", async (id, code) => {
    const body = operation.startsWith("/raiseEvent") ? { body: "1" } : {};
    expect((await app.manage(`instances/${id}${operation}`, { method, ...body })).status).toBe(code);
  });
});

describe("a status", () => {
  test("of a running instance says where and when to ask again", async () => {
    expect(await get("instances/Running")).toMatchObject({
      status: 202,
      headers: { "retry-after": "5", location: expect.stringContaining("/instances/Running?code=") },
      body: {
        ...{ name: "waits", instanceId: "Running", runtimeStatus: "Running", input: { w: 1 }, customStatus: null },
        ...{ output: null, createdTime: "2026-11-23T12:00:00Z", lastUpdatedTime: "2026-11-23T12:00:00Z" },
      },
    });
  });

  test.each([
    ["Suspended", "hold it"],
    ["Terminated", "enough now"],
    ["Failed", "Orchestrator function 'fails' failed: on purpose"],
  ])("of %s shows why as its output", async (id, output) => {
    expect((await get(`instances/${id}`)).body).toMatchObject({ runtimeStatus: id, output });
  });

  test("leaves out input, history and its outputs unless asked", async () => {
    expect((await get("instances/Completed?showInput=false")).body).toMatchObject({ input: null });
    expect((await get("instances/Completed")).body).not.toHaveProperty("historyEvents");
    expect((await get("instances/Completed?showHistory=true")).body).toMatchObject({
      historyEvents: [{ EventType: "ExecutionStarted" }, { FunctionName: "echo" }, { EventType: "ExecutionCompleted" }],
    });
    const { body } = await get("instances/Completed?showHistory=true");
    expect(JSON.stringify(body)).not.toContain("Result");
  });
});

test("a suspended instance keeps events and delivers them when it is resumed", async () => {
  await app.raise("Suspended", "go", '"kept"');
  expect(app.host.status("Suspended")).toMatchObject({ runtimeStatus: "Suspended", output: "hold it" });
  await post("instances/Suspended/resume?reason=cont");
  await app.pass(10);
  const { historyEvents = [], ...status } = app.host.status("Suspended") ?? {};
  expect(status).toMatchObject({ runtimeStatus: "Completed", output: "kept" });
  expect(historyEvents.map((event) => event["EventType"])).toEqual([
    ...["ExecutionStarted", "ExecutionSuspended", "EventRaised", "ExecutionResumed", "ExecutionCompleted"],
  ]);
});

test("a suspended instance can be terminated", async () => {
  await post("instances/Suspended/terminate?reason=t");
  await app.pass(10);
  expect(app.host.status("Suspended")).toMatchObject({ runtimeStatus: "Terminated", output: "t" });
});

describe("starting", () => {
  test("answers 202 with addresses, but for rewind, the host taken from the request", async () => {
    const { status, headers, body } = await app.start("hello", 1, "new");
    expect(status).toBe(202);
    expect(headers).toMatchObject({
      "retry-after": "10",
      location: expect.stringContaining("/instances/new?taskHub="),
    });
    const links = ["purgeHistoryDelete", "restartPost", "resumePost", "sendEventPost", "statusQueryGet"];
    const names = [...links, "suspendPost", "terminatePost"].map((name) => `${name}Uri`);
    expect(Object.keys(body as object).sort()).toEqual(["id", ...names]);
  });

  test.each(["Running", "Suspended"])("on the id of a %s instance is 409", async (id) => {
    expect(await app.start("hello", 1, id)).toMatchObject({
      status: 409,
      body: { Message: `An Orchestration instance with the status ${id} already exists.` },
    });
  });

  test("of four at once, one wins", async () => {
    const answers = await Promise.all([1, 2, 3, 4].map((n) => app.start("waits", n, "raced")));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409]);
  });

  test.each(["Completed", "Failed", "Terminated"])("on the id of a %s instance replaces it", async (id) => {
    expect((await app.start("hello", "again", id)).status).toBe(202);
    await app.pass(10);
    expect(app.host.status(id)).toMatchObject({
      ...{ name: "hello", runtimeStatus: "Completed", output: { hello: "again" } },
      historyEvents: [{ EventType: "ExecutionStarted", Generation: 1 }, {}, {}],
    });
  });

  test("an orchestrator that is not there fails with the names that are", async () => {
    expect((await app.start("noSuch", 1, "unknown")).status).toBe(202);
    await app.pass(10);
    expect(app.host.status("unknown")).toMatchObject({
      runtimeStatus: "Failed",
      output: expect.stringMatching(
        /^Orchestrator function 'noSuch' failed: The function 'noSuch' doesn't exist, is disabled, or is not an orchestrator function\. Additional info: The following are the known orchestrator functions: 'hello', /,
      ),
    });
  });

  test("finds orchestrators in any case, and refuses what is not JSON", async () => {
    await app.start("HELLO", 1, "case");
    await app.pass(10);
    expect(app.host.status("case")).toMatchObject({ name: "HELLO", runtimeStatus: "Completed" });
    const bad = await post("orchestrators/hello/bad", { body: "not json" });
    expect(bad).toMatchObject({ status: 400, body: { Message: "Invalid JSON content" } });
  });

  test.each([
    ["a b", 202],
    ["a:b", 202],
    ["@x@y", 202],
    ["a%b", 202],
    ["čž-1", 202],
    ["l".repeat(300), 202],
  ])("takes the id %s", async (id, status) => {
    expect((await app.start("hello", 1, id)).status).toBe(status);
    await app.pass(10);
    expect(app.host.status(id)).toMatchObject({ instanceId: id, runtimeStatus: "Completed" });
  });
});

describe("lists", () => {
  const ids = (body: unknown) => (body as { instanceId: string }[]).map(({ instanceId }) => instanceId);

  test.each([
    ["", ["Completed", "Failed", "Running", "Suspended", "Terminated"]],
    ["runtimeStatus=Running,Failed", ["Failed", "Running"]],
    ["runtimeStatus=Bogus", ["Completed", "Failed", "Running", "Suspended", "Terminated"]],
    ["instanceIdPrefix=Te", ["Terminated"]],
    ["createdTimeFrom=2030-01-01T00:00:00Z", []],
    ["createdTimeTo=2020-01-01T00:00:00Z", []],
    ["createdTimeFrom=notadate&instanceIdPrefix=R", ["Running"]],
  ])("instances?%s", async (query, expected) => {
    expect(ids((await get(`instances?${query}`)).body)).toEqual(expected);
  });

  test("page by page with a token", async () => {
    const seen: string[] = [];
    let token: string | undefined;
    do {
      const headers = token ? { "x-ms-continuation-token": token } : {};
      const page = await app.manage("instances?top=2", { headers });
      seen.push(ids(page.body).join());
      token = page.headers["x-ms-continuation-token"]?.toString();
    } while (token);
    expect(seen).toEqual(["Completed,Failed", "Running,Suspended", "Terminated"]);
  });
});

describe("purging by filter", () => {
  test.each([
    ["", 400, "Please provide value for 'createdTimeFrom' parameter."],
    ["createdTimeFrom=2020-01-01T00:00:00Z&runtimeStatus=Failed", 200, { instancesDeleted: 1 }],
    ["createdTimeFrom=2020-01-01T00:00:00Z", 200, { instancesDeleted: 3 }],
    ["createdTimeFrom=2020-01-01T00:00:00Z&createdTimeTo=2020-01-02T00:00:00Z", 404, ""],
  ])("instances?%s is %d", async (query, status, body) => {
    expect(await remove(`instances?${query}`)).toMatchObject({ status, body });
  });

  test("spares what has not ended", async () => {
    await remove("instances?createdTimeFrom=2020-01-01T00:00:00Z");
    expect(app.host.instances().map(({ instanceId }) => instanceId)).toEqual(["Running", "Suspended"]);
  });
});

test.each([
  ["no code", "", 401],
  ["a wrong code", "?code=zzz", 401],
])("%s does not open the API", async (_, query, status) => {
  expect(await app.call(`/runtime/webhooks/durabletask/instances/Completed${query}`)).toMatchObject({
    status,
    body: "",
  });
});

test.each([
  ["another task hub", "instances/Completed?taskHub=other", 404],
  ["a path that is not there", "nothing/here", 404],
  ["an entity", "entities/counter/key", 501],
])("%s", async (_, path, status) => {
  expect((await get(path)).status).toBe(status);
});

describe("the durable client of an unmodified app", () => {
  const client = (op: string, ...args: unknown[]) => app.call(`/api/client/${op}`, { method: "POST", body: { args } });

  test.each([
    ["getStatus", ["Completed"], 200, { ok: expect.objectContaining({ runtimeStatus: "Completed" }) }],
    ["getStatus", ["none"], 500, { caught: expect.stringContaining("replied with HTTP 404 response") }],
    ["raiseEvent", ["Running", "go", { via: "client" }], 200, { ok: "<<undefined>>" }],
    ["raiseEvent", ["Completed", "go", 1], 200, { ok: "<<undefined>>" }],
    ["raiseEvent", ["none", "go", 1], 500, { caught: "No instance with ID 'none' found." }],
    ["terminate", ["Running", "x"], 200, { ok: "<<undefined>>" }],
    ["terminate", ["none", "x"], 500, { caught: "No instance with ID 'none' found." }],
    ["suspend", ["Running", "x"], 200, { ok: "<<undefined>>" }],
    ["resume", ["Suspended", "x"], 200, { ok: "<<undefined>>" }],
    [
      "rewind",
      ["Completed", "x"],
      500,
      { caught: expect.stringContaining('only orchestrations in the "Failed" state') },
    ],
    ["purgeInstanceHistory", ["none"], 200, { ok: { instancesDeleted: 0 } }],
    ["purgeInstanceHistory", ["Completed"], 200, { ok: { instancesDeleted: 1 } }],
    ["getStatusBy", [{ runtimeStatus: ["Failed"] }], 200, { ok: [expect.objectContaining({ instanceId: "Failed" })] }],
    ["getStatusAll", [], 200, { ok: { length: 5 } }],
    ["startNew", ["hello", { instanceId: "mine", input: 1 }], 200, { ok: "mine" }],
    [
      "startNew",
      ["hello", { instanceId: "Running" }],
      500,
      {
        caught:
          "The operation failed with an unexpected status code: 409. Details: " +
          '{"Message":"An Orchestration instance with the status Running already exists."}',
      },
    ],
  ])("%s(%j) is %d", async (op, args, status, body) => {
    expect(await client(op, ...args)).toMatchObject({ status, body });
  });

  test("its check-status response leads to the instance", async () => {
    const { status, headers } = await app.call("/api/check/hello", { method: "POST" });
    expect(status).toBe(202);
    await app.pass(10);
    const { pathname, search } = new URL(String(headers.location));
    expect(await app.call(pathname + search)).toMatchObject({ status: 200, body: { runtimeStatus: "Completed" } });
  });

  test("an activity has one too", async () => {
    await app.start("startsAnother", null, "starter");
    await app.pass(10);
    expect(app.host.status("started-by-activity")).toMatchObject({ output: { hello: "from an activity" } });
  });
});
