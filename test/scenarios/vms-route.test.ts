import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { VmView } from "../../src/contracts/api/vms";
import { fleetOf } from "../support/fleet";
import { startLastingWorld, startWorld, type World } from "../support/outside-jest";

const HOUR_MS = 3_600_000;
const get = (world: World, vmId: string) => world.api("GET", `vms${vmId}`);
const view = async (world: World, name: string) => {
  const answer = await get(world, world.vmId(name));
  expect(answer.status).toBe(200);
  return JSON.parse(answer.body) as VmView;
};
const postsOf = (world: World) =>
  world.transcript.filter(({ method, path }) => method === "POST" && path.includes("/virtualMachines/"));

describe("GET /api/vms/{id}", () => {
  let world: World;
  beforeAll(async () => {
    world = await startLastingWorld({
      fleet: fleetOf([
        { name: "fresh", image: "win", events: [] },
        { name: "never", image: "lin", events: [], patchMode: "AutomaticByPlatform" },
        { name: "stale", image: "win", events: [], graph: { stalePrevious: { ageHours: 30, readiness: "Supported" } } },
        { name: "rowless", image: "win", events: [], graph: { row: "missing" } },
        { name: "off", image: "win", events: [], power: { state: "deallocated" } },
        { name: "secret", image: "win", events: [], denied: ["Microsoft.Compute/virtualMachines/read"] },
      ]),
    });
  });
  afterAll(() => world.close());

  test("of a VM that was never assessed: nothing is on record, and nothing is started", async () => {
    expect(await view(world, "never")).toMatchObject({
      ...{ source: "none", supportState: null, assessmentStatus: null, seenAt: null, ageSeconds: null, pending: null },
      ...{ osType: "Linux", imageKind: "galleryDefinition", ready: true },
      warnings: [expect.stringMatching(/^patchMode is AutomaticByPlatform/)],
    });
    expect(postsOf(world)).toEqual([]);
    expect(world.host.instances()).toEqual([]);
  });

  test("of one with an old row: its state, and how old that is", async () => {
    const stale = await view(world, "stale");
    expect(stale).toMatchObject({ source: "resourceGraph", supportState: "Supported" });
    expect(stale.ageSeconds).toBeGreaterThan(29 * 3600);
    expect(stale.ageSeconds).toBeLessThan(31 * 3600);
  });

  test("of one that was assessed: the row's state and counts", async () => {
    await world.run("assess", ["fresh", "rowless"]);
    await world.settle();
    const fresh = await view(world, "fresh");
    expect(fresh).toMatchObject({
      ...{ source: "resourceGraph", supportState: "Supported", assessmentStatus: "Succeeded", ready: true },
      pending: expect.objectContaining({ security: 3 }),
    });
    expect(fresh.missing).toMatchObject({ complete: true, seenAt: fresh.seenAt?.replace(/\.\d+Z$/, ".0000000Z") });
    const { patches = [] } = fresh.missing ?? {};
    expect(patches.map(({ classifications }) => classifications.join()).sort()).toEqual([
      "Definition",
      ...["Security", "Security", "Security"],
    ]);
    expect(patches[0]).toEqual({
      name: expect.stringMatching(/KB\d{7}/),
      kbId: expect.stringMatching(/^\d{7}$/),
      version: null,
      classifications: [expect.any(String)],
      rebootBehavior: expect.stringMatching(/^(NeverReboots|AlwaysRequiresReboot)$/),
      publishedAt: expect.stringMatching(/^2026-11-17T06:00:00/),
    });
    await world.passes(HOUR_MS);
    const later = await view(world, "fresh");
    expect((later.ageSeconds ?? 0) - (fresh.ageSeconds ?? 0)).toBeGreaterThanOrEqual(3600);
  });

  test("of one whose row is missing: the instance view's assessment, which tells no state", async () => {
    expect(await view(world, "rowless")).toMatchObject({
      ...{ source: "instanceView", supportState: null, assessmentStatus: "Succeeded" },
      ...{ pending: expect.objectContaining({ criticalAndSecurityPatchCount: 3 }), missing: null },
    });
  });

  test("of one that cannot be patched now: why not", async () => {
    expect(await view(world, "off")).toMatchObject({ ready: false, notReady: "VmDeallocated" });
  });

  test.each([
    ["what is no VM", () => "/web-01", 400, /^vmId: "\/web-01": use ids such as/],
    [
      "a VM outside the scope",
      (w: World) => w.vmId("fresh").replace("11111111-2222", "99999999-2222"),
      400,
      /^vmId: outside GOLDPATCH_SCOPE: .+: it was not read$/,
    ],
    ["a VM that is not there", (w: World) => `${w.vmId("fresh")}x`, 404, /freshx": Azure knows no such VM/],
    [
      "an Arc-enabled server that is not there",
      (w: World) => w.vmId("fresh").replace("Microsoft.Compute/virtualMachines", "Microsoft.HybridCompute/machines"),
      404,
      /fresh": Azure knows no such Arc-enabled server/,
    ],
    ["a VM that may not be read", (w: World) => w.vmId("secret"), 403, /missing action Microsoft\.Compute\/.+read/],
  ])("of %s is refused", async (_, id, status, detail) => {
    const answer = await get(world, id(world));
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ status, detail: expect.stringMatching(detail) });
  });
});

describe("GET /api/vms/{id} while Azure is in trouble", () => {
  test("says so, and when to ask again", async () => {
    const fault = { on: "vm", answer: { status: 503, code: "ServiceUnavailable", message: "later" } };
    const world = await startWorld({ fleet: fleetOf([{ name: "vm", image: "win", events: [] }], { faults: [fault] }) });
    const answer = await get(world, world.vmId("vm"));
    expect({ status: answer.status, again: answer.headers["retry-after"] }).toEqual({ status: 503, again: "30" });
    expect(JSON.parse(answer.body)).toMatchObject({ detail: expect.stringMatching(/503 .+: ask again later$/) });
  });

  test("tells the VM all the same when only Resource Graph cannot be read", async () => {
    const fault = { on: "resourceGraph", answer: { status: 500, code: "InternalServerError", message: "broken" } };
    const world = await startWorld({ fleet: fleetOf([{ name: "vm", image: "win", events: [] }], { faults: [fault] }) });
    expect(await view(world, "vm")).toMatchObject({
      source: "none",
      resourceGraphTrouble: expect.stringMatching(/500/),
    });
  });
});
