import { describe, expect, test } from "@jest/globals";
import { fleetOf } from "../support/fleet";
import { startWorld } from "../support/outside-jest";

const MINUTE = 60_000;
const parse = (body: string): unknown => JSON.parse(body);
const NO_STORE = "no store is configured";

/** As on Azure where nobody configured a store: claims, intents and leases could not be kept. */
const start = (vm: object = {}, settings: Record<string, string> = {}) =>
  startWorld({ fleet: fleetOf([{ name: "vm", image: "managed", events: [], ...vm }]), noStore: true, settings });

describe("without a store the app only reads", () => {
  test("health says so, and why", async () => {
    const world = await start();
    const answer = await world.api("GET", "health");
    expect(answer.status).toBe(200);
    expect(parse(answer.body)).toMatchObject({
      status: "readOnly",
      reason: expect.stringContaining(NO_STORE),
      stopped: false,
      time: "2026-12-01T06:00:00.000Z",
    });
  });

  test.each(["assess", "patch"])(
    "POST /api/runs with mode %s is 503 with the reason, and nothing starts",
    async (mode) => {
      const world = await start();
      const answer = await world.api("POST", "runs", { mode, vmIds: [world.vmId("vm")] });
      expect(answer.status).toBe(503);
      expect(answer.headers["content-type"]).toContain("application/problem+json");
      expect(parse(answer.body)).toMatchObject({ status: 503, detail: expect.stringContaining(NO_STORE) });
      expect(world.host.instances()).toEqual([]);
      expect(world.transcript).toEqual([]);
    },
  );

  test("bad input is told before that", async () => {
    const world = await start();
    expect((await world.api("POST", "runs", { mode: "patch", vmIds: [] })).status).toBe(400);
  });

  test("a dry run reads the VM and shows the calls", async () => {
    const world = await start();
    const answer = await world.api("POST", "runs", { mode: "patch", vmIds: [world.vmId("vm")], dryRun: true });
    expect(answer.status).toBe(200);
    expect(parse(answer.body)).toMatchObject({ plans: [{ calls: [{}, {}, {}, { method: "POST" }] }] });
    expect(world.transcript.map(({ method }) => method)).toEqual(["GET"]);
  });

  test.each(["POST", "DELETE"])("%s /api/stop is 503 too: the switch could not be kept", async (method) => {
    const world = await start();
    const answer = await world.api(method, "stop");
    expect(answer.status).toBe(503);
    expect(parse(answer.body)).toMatchObject({ status: 503, detail: expect.stringContaining(NO_STORE) });
  });

  test.each([
    ["runs", { runs: [] }],
    ["images", { images: [] }],
  ])("GET /api/%s is empty", async (path, body) => {
    const world = await start();
    expect(parse((await world.api("GET", path)).body)).toEqual(body);
  });

  test("an event is taken, and logged as refused", async () => {
    const world = await start({ createAfterSeconds: 0, events: [{ kind: "create", afterSeconds: 60 }] });
    await world.passes(10 * MINUTE);
    expect(world.host.instances()).toEqual([]);
    expect(world.logs.filter((line) => line.includes("eventIgnored") && line.includes(NO_STORE))).toHaveLength(1);
  });

  test("a tick of the schedule starts no sweep, and logs why", async () => {
    const world = await start({}, { GOLDPATCH_SWEEP_SCHEDULE: "0 10 6 * * *" });
    await world.passes(15 * MINUTE);
    expect(world.host.instances()).toEqual([]);
    expect(world.transcript).toEqual([]);
    expect(world.logs.filter((line) => line.includes("sweep") && line.includes(NO_STORE))).toHaveLength(1);
  });

  test("a run that reaches the engine some other way sends nothing", async () => {
    const world = await start();
    const run = {
      runId: "http-00000000000000000000000000000000",
      vmId: world.vmId("vm"),
      mode: "patch",
      trigger: "http",
      requestedAt: "2026-12-01T06:00:00.000Z",
    };
    const path = `/runtime/webhooks/durabletask/orchestrators/patchVm/${run.runId}?code=${world.host.systemKey}`;
    expect((await world.http("POST", path, run)).status).toBe(202);
    await world.host.idle();
    expect(world.host.instances()).toMatchObject([{ runtimeStatus: "Failed" }]);
    expect(world.transcript.filter(({ method }) => method === "POST")).toEqual([]);
  });
});
