import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { RunView } from "../../src/contracts/api/runs";
import { fleetOf } from "../support/fleet";
import { startLastingWorld, startWorld, type World } from "../support/outside-jest";

const parse = (body: string): unknown => JSON.parse(body);
const MINUTE = 60_000;

describe("asking for runs", () => {
  let world: World;
  beforeAll(async () => {
    world = await startLastingWorld({
      fleet: fleetOf(["a", "b", "c"].map((name) => ({ name, image: name === "b" ? "lin" : "win", events: [] }))),
    });
  });
  afterAll(() => world.close());

  test("202 with run, VM and an address that answers at once", async () => {
    const answer = await world.api("POST", "runs", { mode: "assess", vmIds: [world.vmId("a")] });
    const { runs } = parse(answer.body) as { runs: { runId: string; vmId: string; statusUrl: string }[] };
    expect(answer.status).toBe(202);
    expect(runs).toEqual([
      {
        runId: expect.stringMatching(/^http-/),
        vmId: world.vmId("a"),
        statusUrl: expect.stringContaining("/api/runs/http-"),
      },
    ]);
    expect(answer.headers["location"]).toBe(runs[0]?.statusUrl);
    expect(answer.headers["retry-after"]).toMatch(/^\d+$/);

    const { pathname } = new URL(runs[0]?.statusUrl ?? "");
    const now = await world.api("GET", pathname.replace("/api/", ""));
    expect(now.status).toBe(200);
    expect(parse(now.body)).toMatchObject({
      runId: runs[0]?.runId,
      mode: "assess",
      trigger: "http",
      outcome: null,
    });
    await world.settle();
  });

  test("the same VM in two spellings is one run", async () => {
    const answer = await world.api("POST", "runs", {
      mode: "assess",
      vmIds: [world.vmId("c"), world.vmId("c").toUpperCase()],
    });
    expect(parse(answer.body)).toEqual({ runs: [expect.anything()] });
    await world.settle();
  });

  test.each([
    ["vmId in any case", (w: World) => `vmId=${w.vmId("a").toUpperCase()}`, ["a"]],
    ["outcome", () => "outcome=assessed", ["a", "c"]],
    ["another outcome", () => "outcome=patched", []],
    [
      "image, in any case",
      () =>
        `imageId=${encodeURIComponent("/SUBSCRIPTIONS/11111111-2222-4333-8444-555555555555/resourceGroups/rg-images/providers/Microsoft.Compute/galleries/goldgallery/images/win/versions/1.2.3")}`,
      ["a", "c"],
    ],
  ] as const)("listed by %s", async (_what, query, names) => {
    const answer = await world.api("GET", `runs?${query(world)}`);
    const { runs } = parse(answer.body) as { runs: RunView[] };
    expect(runs.map(({ vmId }) => vmId.split("/").at(-1)).sort()).toEqual([...names]);
  });

  test("an image's verdict is kept", async () => {
    const answer = await world.api("GET", "images");
    expect(parse(answer.body)).toMatchObject({
      images: [{ imageId: expect.stringContaining("/images/win/versions/1.2.3"), supportState: "Supported" }],
    });
  });

  test("health", async () => {
    expect(parse((await world.api("GET", "health")).body)).toMatchObject({
      status: "ready",
      stopped: false,
      azure: "http://127.0.0.1:9",
      scope: ["/subscriptions/11111111-2222-4333-8444-555555555555"],
    });
  });

  const routes = [
    ["POST", "runs"],
    ["GET", "runs"],
    ["GET", "runs/x"],
    ["POST", "runs/x/cancel"],
    ["POST", "sweeps"],
    ["GET", "sweeps"],
    ["GET", "sweeps/x"],
    ["POST", "sweeps/x/pause"],
    ["POST", "sweeps/x/resume"],
    ["POST", "sweeps/x/cancel"],
    ["POST", "sweeps/x/approve"],
    ["POST", "stop"],
    ["DELETE", "stop"],
    ["GET", "vms/x"],
    ["GET", "periodic-assessment"],
    ["POST", "periodic-assessment"],
    ["GET", "images"],
    ["GET", "images/x"],
    ["GET", "health"],
  ] as const;
  test.each(routes.flatMap((route) => [[...route, "no"] as const, [...route, "a wrong"] as const]))(
    "%s /api/%s with %s key is 401",
    async (method, path, key) => {
      const headers = key === "no" ? {} : { "x-functions-key": "wrong" };
      expect((await world.http(method, `/api/${path}`, undefined, headers)).status).toBe(401);
    },
  );

  const id = (w: World) => w.vmId("a");
  test.each([
    ["malformed JSON", () => "{oops", /^body: is not valid JSON/],
    ["no body", () => undefined, /^body: is not valid JSON/],
    ["no VM", () => ({ mode: "assess", vmIds: [] }), /^vmIds: \[\]: name at least one/],
    ["a text that is no VM id", () => ({ mode: "assess", vmIds: ["web-01"] }), /^vmIds: "web-01": use ids such as/],
    [
      "a VM outside the scope, beside one inside",
      (w: World) => ({ mode: "assess", vmIds: [id(w), id(w).replace("11111111", "99999999")] }),
      /outside GOLDPATCH_SCOPE: \/subscriptions\/99999999.*nothing was started/,
    ],
    ["an unknown mode", (w: World) => ({ mode: "install", vmIds: [id(w)] }), /^mode: "install"/],
    ["an unknown property", (w: World) => ({ mode: "patch", vmIds: [id(w)], force: true }), /force/],
    ["NeverReboot", (w: World) => patch(w, { rebootSetting: "NeverReboot" }), /NeverReboot.*use "Never"/],
    [
      "an unknown reboot setting",
      (w: World) => patch(w, { rebootSetting: "Later" }),
      /install\.rebootSetting: "Later".*IfRequired, Never, Always/,
    ],
    ["Others", (w: World) => patch(w, { linux: { classificationsToInclude: ["Others"] } }), /use "Other"/],
    [
      "a KB of three digits",
      (w: World) => patch(w, { windows: { kbNumbersToInclude: ["KB123"] } }),
      /"KB123".*6 or 7 digits/,
    ],
    [
      "a KB with letters",
      (w: World) => patch(w, { windows: { kbNumbersToExclude: ["12AB34"] } }),
      /"12AB34".*6 or 7 digits/,
    ],
    [
      "an empty mask",
      (w: World) => patch(w, { linux: { packageNameMasksToInclude: [" "] } }),
      /packageNameMasksToInclude\.0: " "/,
    ],
    ["an empty list", (w: World) => patch(w, { linux: { packageNameMasksToInclude: [] } }), /name at least one/],
    ["a duration that starts nothing", (w: World) => patch(w, { maximumDuration: "PT10M" }), /"PT10M" is too short/],
    [
      "a duration beyond what Azure takes",
      (w: World) => patch(w, { maximumDuration: "PT5H" }),
      /"PT5H" is longer than PT4H/,
    ],
    ["a duration that is none", (w: World) => patch(w, { maximumDuration: "4h" }), /"4h" is no duration/],
  ] as const)("%s is one clear error, and nothing starts", async (_what, body, detail) => {
    const before = world.host.instances().length;
    const answer = await world.api("POST", "runs", body(world));
    expect(answer.status).toBe(400);
    expect(answer.headers["content-type"]).toContain("application/problem+json");
    expect(parse(answer.body)).toMatchObject({ status: 400, detail: expect.stringMatching(detail) });
    expect(world.host.instances()).toHaveLength(before);
  });

  test("UpdateRollup in any case is the API's UpdateRollUp", async () => {
    const answer = await world.api("POST", "runs", {
      ...patch(world, { windows: { classificationsToInclude: ["UPDATEROLLUP"] } }),
      dryRun: true,
    });
    expect(answer.body).toContain('"classificationsToInclude":["UpdateRollUp"]');
  });

  test.each([
    ["an unknown filter", "runs?vm=x", 400],
    ["an unknown outcome", "runs?outcome=fine", 400],
    ["an unknown run", "runs/http-00000000000000000000000000000000", 404],
    ["a run id that is none", "runs/..%2Fhealth", 404],
  ])("%s", async (_what, path, status) => {
    const answer = await world.api("GET", path);
    expect(answer.status).toBe(status);
    expect(parse(answer.body)).toMatchObject({ status, detail: expect.any(String) });
  });
});

const patch = (world: World, install: object) => ({ mode: "patch", vmIds: [world.vmId("a")], install });

test("cancelling an unknown run is 404, one that is over 409", async () => {
  const world = await startWorld({ fleet: fleetOf([{ name: "vm", image: "win", events: [] }]) });
  const [runId = ""] = await world.run("assess", ["vm"]);
  await world.settle();
  expect((await world.api("POST", "runs/http-00000000000000000000000000000000/cancel")).status).toBe(404);
  const answer = await world.api("POST", `runs/${runId}/cancel`);
  expect(answer.status).toBe(409);
  expect(parse(answer.body)).toMatchObject({
    detail: `runId: "${runId}" ended as assessed: there is nothing to cancel`,
  });
});

test("cancelled while it assesses: no install, and the assessment is not left behind", async () => {
  const world = await startWorld({ fleet: fleetOf([{ name: "vm", image: "win", events: [] }]) });
  const [runId = ""] = await world.run("patch", ["vm"]);
  await world.passes(2 * MINUTE);
  expect((await world.api("POST", `runs/${runId}/cancel`)).status).toBe(202);
  expect(await world.settle()).toMatchObject([{ outcome: "cancelled", cancelRequested: true }]);
  await world.run("assess", ["vm"]);
  expect((await world.settle()).map(({ outcome }) => outcome).sort()).toEqual(["assessed", "cancelled"]);
});

test("a dry run shows the calls of the real run to the letter, and changes nothing", async () => {
  const calls: { method: string; url: string; body: unknown }[] = [];
  const world = await startWorld({
    fleet: fleetOf([{ name: "vm", image: "win", events: [] }]),
    intercept: (request, azure) => {
      const { method, url, body } = request;
      if (!url.includes("/operations/"))
        calls.push({ method, url, body: body === undefined ? null : JSON.parse(body) });
      return azure(request);
    },
  });
  const ask = { mode: "patch", vmIds: [world.vmId("vm")], install: { rebootSetting: "Always" } };
  const answer = await world.api("POST", "runs", { ...ask, dryRun: true });
  expect(answer.status).toBe(200);
  const { plans } = parse(answer.body) as { plans: { vmId: string; calls: typeof calls }[] };
  expect(calls).toMatchObject([{ method: "GET" }]);
  expect(world.host.instances()).toEqual([]);

  calls.length = 0;
  await world.api("POST", "runs", ask);
  expect(await world.settle()).toMatchObject([{ outcome: "patched" }]);
  expect(plans[0]?.calls.map(({ method }) => method)).toEqual(["GET", "POST", "POST", "POST"]);
  for (const planned of plans[0]?.calls ?? []) expect(calls).toContainEqual(planned);
  const unplanned = calls.filter(
    (call) => !plans[0]?.calls.some((planned) => JSON.stringify(planned) === JSON.stringify(call)),
  );
  expect(unplanned).toEqual([]);
});

test("without a store nothing that changes a VM is started; dry runs and reads work", async () => {
  const world = await startWorld({ fleet: fleetOf([{ name: "vm", image: "win", events: [] }]), noStore: true });
  const ask = { mode: "patch", vmIds: [world.vmId("vm")] };
  const refused = await world.api("POST", "runs", ask);
  expect(refused.status).toBe(503);
  expect(parse(refused.body)).toMatchObject({ detail: expect.stringContaining("no store is configured") });
  expect((await world.api("POST", "runs", { ...ask, dryRun: true })).status).toBe(200);
  expect(parse((await world.api("GET", "health")).body)).toMatchObject({ status: "readOnly" });
  expect(world.transcript.filter(({ method }) => method === "POST")).toEqual([]);
});
