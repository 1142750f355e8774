import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { SweepView } from "../../src/contracts/api/sweeps";
import { fleetOf } from "../support/fleet";
import { startLastingWorld, startWorld, type World } from "../support/outside-jest";
import { patchPolicy, startSweep, SUBSCRIPTION, sweepOf } from "../support/sweeps";

let world: World;
beforeAll(async () => {
  world = await startLastingWorld({
    fleet: fleetOf(["one", "two"].map((name) => ({ name, image: "lin", events: [] }))),
  });
});
afterAll(() => world.close());

const problemOf = async (method: string, path: string, body?: unknown) => {
  const { status, headers, body: text } = await world.api(method, path, body);
  return { status, type: headers["content-type"], detail: (JSON.parse(text) as { detail: string }).detail };
};

const sweepCount = async () =>
  (JSON.parse((await world.api("GET", "sweeps")).body) as { sweeps: SweepView[] }).sweeps.length;

describe("POST /api/sweeps", () => {
  test("answers where the sweep is", async () => {
    const answer = await world.api("POST", "sweeps", { policy: patchPolicy() });
    const sweep = JSON.parse(answer.body) as SweepView;
    expect(answer.status).toBe(202);
    expect(answer.headers["location"]).toMatch(new RegExp(`/api/sweeps/${sweep.sweepId}$`));
    expect(answer.headers["retry-after"]).toBe("60");
    expect(sweep).toMatchObject({
      policy: "test-policy",
      mode: "patch",
      state: "planning",
      policyHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect((await sweepOf(world, sweep.sweepId)).policyHash).toBe(sweep.policyHash);
  });

  test("takes a policy as JSON too", async () => {
    const policy = JSON.stringify({ version: 1, name: "as-json", scope: { subscriptions: [SUBSCRIPTION] } });
    expect((await world.api("POST", "sweeps", { policy })).status).toBe(202);
  });

  test.each([
    ["no JSON", "{", /^body: is not valid JSON/],
    ["no policy", {}, /^policy: missing: /],
    ["another field", { policy: patchPolicy(), now: true }, /now/],
    ["too long a text", { policy: "#".repeat(100_001) }, /write at most 100000 characters$/],
    [
      "a policy that is wrong",
      { policy: patchPolicy("concurrency: 0\nfoo: 1\n") },
      /^policy: 9:14: concurrency: 0: .*; 10:1: foo: .*no such field/,
    ],
    [
      "a place outside the scope",
      { policy: patchPolicy().replace(SUBSCRIPTION, "00000000-0000-4000-8000-000000000009") },
      /^policy: scope\.subscriptions: "00000000-0000-4000-8000-000000000009": outside GOLDPATCH_SCOPE.*: nothing was started$/,
    ],
    [
      "a hook whose key is not there",
      {
        policy: patchPolicy(
          'onProvision: { mode: patch }\nhooks: { beforeVm: { url: "https://hooks.example.com", key: hook } }\n',
        ),
      },
      /^policy: hooks\.beforeVm\.key: "hook": no such key: /,
    ],
  ])("refuses %s", async (_what, body, detail) => {
    const before = await sweepCount();
    expect(await problemOf("POST", "sweeps", body)).toEqual({
      status: 400,
      type: "application/problem+json",
      detail: expect.stringMatching(detail),
    });
    expect(await sweepCount()).toBe(before);
  });

  test("refuses a body of more than a megabyte", async () => {
    expect(await problemOf("POST", "sweeps", { policy: "#".repeat(1_100_000) })).toMatchObject({ status: 413 });
  });

  test("refuses where there is no store", async () => {
    const without = await startWorld({ fleet: fleetOf([]), noStore: true });
    expect((await without.api("POST", "sweeps", { policy: patchPolicy() })).status).toBe(503);
  });
});

describe("POST /api/sweeps with an Idempotency-Key", () => {
  const order = (key: string, body: object = { policy: patchPolicy() }) =>
    world.http("POST", "/api/sweeps", body, { "x-functions-key": world.host.functionKey, "idempotency-key": key });
  const idOf = ({ body }: { body: string }) => (JSON.parse(body) as SweepView).sweepId;

  test("the same key answers the same sweep, asked for once or many times at once", async () => {
    const before = await sweepCount();
    const first = await order("order-1");
    const again = await Promise.all([order("order-1"), order("order-1")]);
    expect([first, ...again].map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(again.map(idOf)).toEqual([idOf(first), idOf(first)]);
    expect(again[0].headers["location"]).toBe(first.headers["location"]);
    expect(idOf(await order("order-2"))).not.toBe(idOf(first));
    expect(await sweepCount()).toBe(before + 2);
  });

  test("the same key with another body is refused, and says so", async () => {
    const sweepId = idOf(await order("order-3"));
    const { status, body } = await order("order-3", { policy: patchPolicy("concurrency: 3\n") });
    expect(status).toBe(409);
    expect(JSON.parse(body)).toMatchObject({
      title: "Key used for another request",
      detail: `Idempotency-Key: "order-3": stands for ${sweepId}, which was asked for with another body: send that body again, or use a new key`,
    });
  });

  test.each([
    ["spaces", "two words"],
    ["too many characters", "k".repeat(201)],
  ])("a key with %s is refused", async (_what, key) => {
    const { status, body } = await order(key);
    expect(status).toBe(400);
    expect((JSON.parse(body) as { detail: string }).detail).toMatch(/^Idempotency-Key: ".*": write 1 to 200/);
  });

  test("an order whose sweep was not kept when the process died is carried out when it is given again", async () => {
    const { store } = world;
    const insert = store.insertIfAbsent.bind(store);
    store.insertIfAbsent = (partition, key, value) =>
      key.startsWith("head:") ? Promise.reject(new Error("the process died")) : insert(partition, key, value);
    expect((await order("order-4")).status).toBeGreaterThanOrEqual(500);
    store.insertIfAbsent = insert;
    const { status, body } = await order("order-4");
    expect(status).toBe(202);
    expect(await sweepOf(world, idOf({ body }))).toMatchObject({ policy: "test-policy", endedAt: null });
  });

  test("a sweep that is over is answered as it is", async () => {
    const sweepId = idOf(await order("order-5", { policy: patchPolicy().replace("mode: patch", "mode: assess") }));
    await world.api("POST", `sweeps/${sweepId}/cancel`);
    await world.passes(60 * 60_000);
    const again = await order("order-5", { policy: patchPolicy().replace("mode: patch", "mode: assess") });
    expect(again.status).toBe(202);
    expect(JSON.parse(again.body)).toMatchObject({ sweepId, state: "cancelled", endedAt: expect.any(String) });
  });
});

test("GET /api/sweeps lists them, the newest first", async () => {
  await world.passes(60_000);
  const newest = await startSweep(world, patchPolicy());
  const { sweeps } = JSON.parse((await world.api("GET", "sweeps")).body) as { sweeps: SweepView[] };
  expect(sweeps.length).toBeGreaterThan(1);
  expect(sweeps[0]?.sweepId).toBe(newest);
});

test.each(["", "/pause", "/resume", "/cancel", "/approve"])("a sweep that is not known: %s", async (action) => {
  const method = action === "" ? "GET" : "POST";
  expect(await problemOf(method, `sweeps/policy-none${action}`)).toMatchObject({
    status: 404,
    detail: 'sweepId: "policy-none" is no policy sweep: GET /api/sweeps lists them',
  });
});

describe("POST /api/sweeps/{sweepId}/approve", () => {
  const GATED = patchPolicy("stages:\n  - { name: one, share: 1 }\n  - { name: two, gate: {} }\n");

  test("approves a stage ahead of its time, by its name", async () => {
    const sweepId = await startSweep(world, GATED);
    await world.passes(60_000);
    const answer = await world.api("POST", `sweeps/${sweepId}/approve`, { stage: "two" });
    expect(answer.status).toBe(202);
    expect((JSON.parse(answer.body) as SweepView).stages.map(({ approved }) => approved)).toEqual([false, true]);
  });

  test.each([
    [{ stage: "one" }, 400, 'stage: "one": is no stage with a gate: use one of two'],
    ["{", 400, 'body: is not valid JSON: send { "stage": "NAME" }, or nothing'],
    [{ stage: 1 }, 400, expect.stringMatching(/^stage: 1: /)],
    [{}, 409, expect.stringMatching(/waits for no approval now: name the stage, one of two$/)],
  ])("refuses %j", async (body, status, detail) => {
    const sweepId = await startSweep(world, GATED);
    expect(await problemOf("POST", `sweeps/${sweepId}/approve`, body)).toMatchObject({ status, detail });
  });
});

test("a sweep that is over takes no orders", async () => {
  const empty = await startWorld({ fleet: fleetOf([]) });
  const sweepId = await startSweep(empty, patchPolicy());
  await empty.settle();
  const answer = await empty.api("POST", `sweeps/${sweepId}/pause`);
  expect(answer.status).toBe(409);
  expect(answer.body).toContain("start another");
});
