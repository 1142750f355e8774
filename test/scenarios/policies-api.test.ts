import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { PolicyDocument } from "../../src/contracts/api/policies";
import type { SweepView } from "../../src/contracts/api/sweeps";
import { fleetOf } from "../support/fleet";
import { startLastingWorld, startWorld, type World } from "../support/outside-jest";
import { patchPolicy, policiesOf, store, SUBSCRIPTION } from "../support/sweeps";

let world: World;
beforeAll(async () => {
  world = await startLastingWorld({ fleet: fleetOf([{ name: "one", image: "lin", events: [] }]) });
});
afterAll(() => world.close());

const named = (name: string, more = ""): string => patchPolicy(more).replace("test-policy", name);

const call = async (method: string, name: string, body?: unknown, headers: Record<string, string> = {}) => {
  const answer = await world.http(method, `/api/policies/${name}`, body, {
    "x-functions-key": world.host.functionKey,
    ...headers,
  });
  return { ...answer, detail: (JSON.parse(answer.body) as { detail?: string }).detail };
};

const names = async () => (await policiesOf(world)).map(({ name }) => name);

describe("PUT /api/policies/{name}", () => {
  test("keeps the text as it was sent, and answers hash and ETag", async () => {
    const text = `# for the auditor\n${named("kept")}`;
    const answer = await call("PUT", "kept", text);
    const stored = JSON.parse(answer.body) as PolicyDocument;
    expect(answer.status).toBe(201);
    expect(answer.headers["location"]).toMatch(/\/api\/policies\/kept$/);
    expect(answer.headers["etag"]).toBe(`"${stored.hash}"`);
    expect(stored).toMatchObject({ name: "kept", mode: "patch", text, schedule: null });

    const read = await call("GET", "kept");
    expect(read.headers["etag"]).toBe(answer.headers["etag"]);
    expect(JSON.parse(read.body)).toEqual(stored);
  });

  test("takes JSON too, which has the hash of the same policy in YAML", async () => {
    const yaml = await store(world, named("twice"));
    const json = await call("PUT", "twice", JSON.stringify(yaml.policy));
    expect([json.status, (JSON.parse(json.body) as PolicyDocument).hash]).toEqual([200, yaml.hash]);
  });

  test("the same text again changes nothing", async () => {
    const first = await store(world, named("same"));
    await world.passes(60_000);
    expect(await store(world, named("same"))).toEqual(first);
  });

  test.each([
    [
      "all that is wrong at once, with line and column",
      "wrong",
      named("wrong", "concurrency: 0\nfoo: 1\n"),
      /^policy: 9:14: concurrency: 0: .*; 10:1: foo: .*no such field/,
    ],
    [
      "a place outside GOLDPATCH_SCOPE, whole",
      "outside",
      named("outside").replace(`[${SUBSCRIPTION}]`, `[${SUBSCRIPTION}, 00000000-0000-4000-8000-000000000009]`),
      /^policy: scope\.subscriptions: "00000000-0000-4000-8000-000000000009": outside GOLDPATCH_SCOPE.*: nothing was stored$/,
    ],
    [
      "another name than the address",
      "one-name",
      named("other-name"),
      /^policy: name: "other-name": the address says "one-name"/,
    ],
    ["an empty body", "empty", "", /^body: write a policy$/],
    ["too long a text", "long", "#".repeat(100_001), /^body: write at most 100000 characters$/],
  ])("refuses %s", async (_what, name, text, detail) => {
    const answer = await call("PUT", name, text);
    expect(answer).toMatchObject({ status: 400, detail: expect.stringMatching(detail) });
    expect(answer.headers["content-type"]).toBe("application/problem+json");
    expect(await names()).not.toContain(name);
  });

  test("refuses a body of more than a megabyte", async () => {
    expect(await call("PUT", "huge", "#".repeat(1_100_000))).toMatchObject({ status: 413 });
  });

  test("changes only what the caller has seen", async () => {
    const { hash } = await store(world, named("seen"));
    const changed = named("seen", "concurrency: 7\n");
    expect(await call("PUT", "seen", changed, { "if-none-match": "*" })).toMatchObject({ status: 412 });
    expect(await call("PUT", "seen", changed, { "if-match": `"${"0".repeat(64)}"` })).toMatchObject({ status: 412 });
    expect(await call("PUT", "seen", changed, { "if-match": "yes" })).toMatchObject({ status: 400 });
    expect(await call("PUT", "seen", changed, { "if-match": `"${hash}"` })).toMatchObject({ status: 200 });
    expect(await call("DELETE", "seen", undefined, { "if-match": `"${hash}"` })).toMatchObject({ status: 412 });
    expect(await call("DELETE", "seen", undefined, { "if-match": "yes" })).toMatchObject({ status: 400 });
    expect(await names()).toContain("seen");
  });
});

test("GET /api/policies lists them by name", async () => {
  await store(world, named("zebra"));
  await store(world, named("ant"));
  expect(await names()).toEqual((await names()).toSorted());
  expect(await names()).toEqual(expect.arrayContaining(["ant", "zebra"]));
});

test("DELETE /api/policies/{name} forgets it", async () => {
  await store(world, named("gone"));
  expect(await call("DELETE", "gone")).toMatchObject({ status: 200 });
  expect(await names()).not.toContain("gone");
  expect(await call("DELETE", "gone")).toMatchObject({
    status: 404,
    detail: 'name: "gone": no such policy is stored: GET /api/policies lists them',
  });
  expect(await call("GET", "gone")).toMatchObject({ status: 404 });
});

test("nothing is told or taken without the key", async () => {
  for (const [method, path] of [
    ["GET", ""],
    ["GET", "/kept"],
    ["PUT", "/kept"],
    ["DELETE", "/kept"],
  ] as const) {
    expect((await world.http(method, `/api/policies${path}`)).status).toBe(401);
  }
});

test("where there is no store, none is kept", async () => {
  const without = await startWorld({ fleet: fleetOf([]), noStore: true });
  expect((await without.api("PUT", "policies/test-policy", patchPolicy())).status).toBe(503);
  expect((await without.api("DELETE", "policies/test-policy")).status).toBe(503);
});

test("so many are stored, and no more", async () => {
  const full = await startWorld({ fleet: fleetOf([]) });
  for (let index = 0; index < 100; index++) await store(full, named(`policy-${index}`));
  const answer = await full.api("PUT", "policies/one-more", named("one-more"));
  expect(answer.status).toBe(409);
  expect(answer.body).toContain("100 policies are stored");
});

describe("POST /api/sweeps with policyName", () => {
  test("sweeps by the stored policy", async () => {
    const { hash } = await store(world, named("by-name"));
    const answer = await world.api("POST", "sweeps", { policyName: "by-name" });
    expect(answer.status).toBe(202);
    expect(JSON.parse(answer.body) as SweepView).toMatchObject({ policy: "by-name", policyHash: hash });
  });

  test.each([
    [{ policyName: "none" }, /^policyName: "none": no such policy is stored/],
    [{ policyName: "by-name", policy: patchPolicy() }, /give a policy's text, or the name of a stored one/],
  ])("refuses %j", async (body, detail) => {
    const answer = await world.api("POST", "sweeps", body);
    expect(answer.status).toBe(400);
    expect((JSON.parse(answer.body) as { detail: string }).detail).toMatch(detail);
  });
});
