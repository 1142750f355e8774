import { describe, expect, it } from "@jest/globals";
import type { AssignmentView, ScheduleView, UnassignmentView } from "../../src/contracts/api/schedules";
import { startWorld, type World } from "../support/outside-jest";

const SUBSCRIPTION = "00000000-0000-4000-8000-000000000001";
const HOME = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg`;
const SCHEDULE = `${HOME}/providers/Microsoft.Maintenance/maintenanceConfigurations/nightly`;
const READY = { patchMode: "AutomaticByPlatform", bypassPlatformSafetyChecksOnUserSchedule: true };
const HOUR = 3_600_000;

const fleet = {
  start: "2026-12-01T12:00:00Z",
  subscriptionId: SUBSCRIPTION,
  resourceGroup: "rg",
  location: "westeurope",
  images: [
    { name: "lin", kind: "galleryVersion", osType: "Linux", pending: { Security: 3 } },
    { name: "win", kind: "galleryVersion", osType: "Windows", pending: { Security: 2 } },
  ],
  vms: [
    {
      name: "ready",
      image: "lin",
      tags: { ring: "one" },
      graph: { stalePrevious: { ageHours: 5, readiness: "Supported" } },
      ...READY,
    },
    { name: "unready", image: "win", tags: { ring: "one" } },
    { name: "other", image: "lin", ...READY },
  ],
};

const body = {
  scheduleId: SCHEDULE,
  location: "westeurope",
  window: {
    recurEvery: "Day",
    startDateTime: "2026-12-01 22:00",
    timeZone: "W. Europe Standard Time",
    duration: "02:00",
  },
};

let world: World;

async function start(settings: Readonly<Record<string, string>> = {}): Promise<void> {
  world = await startWorld({ fleet, settings });
}

async function post<T>(path: string, content: object, status = 200): Promise<T> {
  const answer = await world.api("POST", path, content);
  expect([answer.status, answer.body]).toEqual([status, expect.any(String)]);
  return JSON.parse(answer.body) as T;
}

const create = (change: object = {}) => post<ScheduleView>("schedules", { ...body, ...change }, 201);
const assign = (names: readonly string[], more: object = {}) =>
  post<AssignmentView>("schedules/assign", {
    scheduleId: SCHEDULE,
    vmIds: names.map((name) => world.vmId(name)),
    ...more,
  });

async function show(): Promise<ScheduleView> {
  const answer = await world.api("GET", `schedules${SCHEDULE}`);
  expect(answer.status).toBe(200);
  return JSON.parse(answer.body) as ScheduleView;
}

const puts = () => world.transcript.filter(({ method }) => ["PUT", "PATCH", "DELETE"].includes(method));

describe("a schedule", () => {
  it("is created, shown, listed and deleted", async () => {
    await start();
    const created = await create();
    expect(created.nextStarts[0]).toEqual({ local: "2026-12-01T22:00:00+01:00", utc: "2026-12-01T21:00:00Z" });
    expect(created.installPatches).toMatchObject({ rebootSetting: "Never" });
    expect(await show()).toMatchObject({ window: body.window, machines: [], scopes: [], runs: [] });

    const listed = await world.api("GET", "schedules");
    expect(JSON.parse(listed.body)).toEqual({
      schedules: [expect.objectContaining({ scheduleId: SCHEDULE, recurEvery: "Day", location: "westeurope" })],
    });
    expect((await world.api("DELETE", `schedules${SCHEDULE}`)).status).toBe(200);
    expect((await world.api("GET", `schedules${SCHEDULE}`)).status).toBe(404);
  });

  it("patches the machines that are ready, and its results reach the image's verdict", async () => {
    await start();
    await create({ install: { rebootSetting: "IfRequired" } });
    const { vms } = await assign(["ready", "unready"]);
    expect(vms.map(({ situation, assigned, applied }) => [situation, assigned, applied])).toEqual([
      ["scheduleRuns", true, false],
      ["bothMissing", true, false],
    ]);
    await world.passes(15 * HOUR);

    const { runs, machines } = await show();
    expect(machines.map((id) => id.split("/").at(-1)).toSorted()).toEqual(["ready", "unready"]);
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ startsAt: "2026-12-01T21:00:00.000Z", decision: null });
    expect(runs[0]?.results).toEqual([
      expect.objectContaining({
        vmId: expect.stringMatching(/virtualMachines\/ready$/),
        status: "Succeeded",
        outcome: "patched",
        installedPatchCount: 3,
        supportState: "Supported",
      }),
    ]);
    const images = JSON.parse((await world.api("GET", "images")).body) as { images: { lastOutcome: string }[] };
    expect(images.images).toEqual([
      expect.objectContaining({ supportState: "Supported", lastOutcome: "patched", runId: runs[0]?.runId }),
    ]);
    const truth = world.azure.truth.map(({ id, operations }) => [
      id.split("/").at(-1),
      operations.filter(({ kind }) => kind === "install").length,
    ]);
    expect(Object.fromEntries(truth)).toEqual({ ready: 1, unready: 0, other: 0 });
  });

  it("gets machines ready only when told to, after it showed how", async () => {
    await start();
    await create();
    const planned = await assign(["unready"], { dryRun: true });
    expect(planned.vms[0]).toMatchObject({
      assigned: false,
      applied: false,
      changes: [
        { path: "osProfile.windowsConfiguration.patchSettings.patchMode", from: "Manual", to: "AutomaticByPlatform" },
        { from: null, to: true },
        { path: "osProfile.windowsConfiguration.enableAutomaticUpdates", from: false, to: true },
      ],
    });
    expect(puts()).toHaveLength(1);

    const done = await assign(["unready"], { applyPrerequisites: true });
    expect(done.vms[0]).toMatchObject({ situation: "scheduleRuns", assigned: true, applied: true });
    await world.passes(15 * HOUR);
    expect((await show()).runs[0]?.results.map(({ outcome }) => outcome)).toEqual(["patchedWithWarnings"]);
  });

  it("takes in who fits its dynamic scope, and lets go of it", async () => {
    await start();
    await create();
    const scope = {
      subscriptionId: SUBSCRIPTION,
      name: "ring-one",
      filter: { tags: { Ring: ["one"] }, osTypes: ["Linux"] },
    };
    const assigned = await post<AssignmentView>("schedules/assign", { scheduleId: SCHEDULE, scope });
    expect(assigned.scope).toEqual({ name: "ring-one", assigned: true });
    expect(assigned.vms.map(({ vmId }) => vmId.split("/").at(-1))).toEqual(["ready"]);
    await world.passes(15 * HOUR);
    const shown = await show();
    expect(shown.scopes).toEqual([
      { subscriptionId: SUBSCRIPTION, name: "ring-one", filter: expect.objectContaining({ osTypes: ["Linux"] }) },
    ]);
    expect(shown.runs[0]?.results).toHaveLength(1);

    const { removed } = await post<UnassignmentView>("schedules/unassign", {
      scheduleId: SCHEDULE,
      scope: { subscriptionId: SUBSCRIPTION, name: "ring-one" },
    });
    expect(removed).toEqual(["ring-one"]);
    await world.passes(24 * HOUR);
    expect((await show()).runs[0]?.results).toEqual([]);
  });

  it("lets go of machines", async () => {
    await start();
    await create();
    await assign(["ready"]);
    const { removed, notAssigned } = await post<UnassignmentView>("schedules/unassign", {
      scheduleId: SCHEDULE,
      vmIds: [world.vmId("ready"), world.vmId("other")],
    });
    expect([removed, notAssigned]).toEqual([[world.vmId("ready")], [world.vmId("other")]]);
    await world.passes(15 * HOUR);
    expect((await show()).runs[0]?.results).toEqual([]);
  });

  it("runs not when the app is stopped as Azure announces it", async () => {
    await start();
    await create({ install: { rebootSetting: "IfRequired" } });
    await assign(["ready"]);
    await world.api("POST", "stop");
    await world.passes(15 * HOUR);
    const { runs } = await show();
    expect(runs[0]).toMatchObject({ decision: { kind: "cancelled", reason: "goldpatch is stopped" }, results: [] });
    const cancels = world.transcript.filter(({ path }) => path.includes("/applyUpdates/"));
    expect(cancels.map(({ method, status }) => [method, status])).toEqual([["PUT", 200]]);

    await world.api("DELETE", "stop");
    await world.passes(24 * HOUR);
    expect((await show()).runs[0]).toMatchObject({ decision: null, results: [{ outcome: "patched" }] });
  });

  it("runs not when no window of a sweep's policy is open then", async () => {
    await start();
    await create();
    await assign(["ready"]);
    const windows = [{ days: ["Sunday"], from: "01:00", to: "05:00" }];
    const policy = {
      version: 1,
      name: "sundays",
      mode: "patch",
      scope: { subscriptions: [SUBSCRIPTION] },
      timeZone: "UTC",
      windows,
    };
    const install = { maximumDuration: "PT1H", rebootSetting: "Never" };
    await post("sweeps", { policy: JSON.stringify({ ...policy, install }) }, 202);
    await world.passes(15 * HOUR);

    expect((await show()).runs[0]).toMatchObject({
      decision: { kind: "cancelled", reason: "policy sundays has no window open at its start" },
      results: [],
    });
  });

  describe("and a stored policy whose window is closed then", () => {
    const stored = {
      version: 1,
      name: "sundays",
      mode: "patch",
      timeZone: "UTC",
      windows: [{ days: ["Sunday"], from: "01:00", to: "05:00" }],
      install: { maximumDuration: "PT1H", rebootSetting: "Never" },
    };
    const store = async (policy: object) => {
      const answer = await world.api("PUT", "policies/sundays", JSON.stringify({ ...stored, ...policy }));
      expect([answer.status, answer.body]).toEqual([201, expect.any(String)]);
    };
    const closed = { kind: "cancelled", reason: "policy sundays has no window open at its start" };
    const scope = { subscriptionId: SUBSCRIPTION, name: "ring-one", filter: { tags: { ring: ["one"] } } };

    it.each([
      ["selects one of its machines", { subscriptions: [SUBSCRIPTION] }, closed],
      ["selects none of them", { subscriptions: [SUBSCRIPTION], operatingSystems: ["Windows"] }, null],
    ])("it runs not if the policy %s", async (_, policyScope, decision) => {
      await start();
      await create();
      await assign(["ready"]);
      await store({ scope: policyScope });
      await world.passes(15 * HOUR);
      expect((await show()).runs[0]).toMatchObject({ decision, results: decision ? [] : [{ status: "Succeeded" }] });
    });

    it("nor if it selects one that a dynamic scope takes in", async () => {
      await start();
      await create();
      await post("schedules/assign", { scheduleId: SCHEDULE, scope });
      await store({ scope: { resourceGroups: [HOME], operatingSystems: ["Windows"] } });
      await world.passes(15 * HOUR);
      expect((await show()).runs[0]).toMatchObject({ decision: closed, results: [] });
    });

    it("but if it only assesses", async () => {
      await start();
      await create();
      await assign(["ready"]);
      await store({ scope: { subscriptions: [SUBSCRIPTION] }, mode: "assess" });
      await world.passes(15 * HOUR);
      expect((await show()).runs[0]).toMatchObject({ decision: null });
    });
  });

  it("takes Arc-enabled servers in by a dynamic scope that names them, and they need no patch mode", async () => {
    const machines = ["store", "edge"].map((name) => ({
      ...{ kind: "arc", name, osType: "Windows", pending: { Security: 1 }, tags: { ring: "one" } },
      ...(name === "edge" && { connection: { state: "Disconnected" } }),
    }));
    world = await startWorld({ fleet: { ...fleet, machines } });
    await create({ install: { rebootSetting: "IfRequired" } });
    const filter = { machines: ["arc"], tags: { ring: ["one"] } };
    const scope = { subscriptionId: SUBSCRIPTION, name: "servers", filter };
    const { vms } = await post<AssignmentView>("schedules/assign", { scheduleId: SCHEDULE, scope });
    expect(vms.map(({ vmId, changes }) => [vmId.split("/").at(-1), changes])).toEqual([
      ["edge", []],
      ["store", []],
    ]);
    await world.passes(15 * HOUR);
    const shown = await show();
    expect(shown.scopes[0]?.filter).toMatchObject({ resourceTypes: ["Microsoft.HybridCompute/machines"] });
    expect(shown.runs[0]?.results).toEqual([
      expect.objectContaining({
        vmId: expect.stringMatching(/HybridCompute\/machines\/store$/),
        outcome: "patched",
        imageId: null,
        supportState: null,
      }),
    ]);
    expect(JSON.parse((await world.api("GET", "images")).body)).toEqual({ images: [] });
  });

  it("is cancelled no more when the event comes after its cut-off, which is told", async () => {
    await start();
    await create();
    await assign(["ready"]);
    await world.api("POST", "stop");
    const run = `${SCHEDULE}/providers/microsoft.maintenance/applyupdates/20261201210000`;
    await world.sendEvent(
      "CloudEventSchemaV1_0",
      {
        id: run,
        source: SCHEDULE,
        subject: "nightly",
        type: "Microsoft.Maintenance.PreMaintenanceEvent",
        time: "2026-12-01T11:00:00Z",
        specversion: "1.0",
        data: {
          CorrelationId: run,
          MaintenanceConfigurationId: SCHEDULE,
          StartDateTime: "2026-12-01T21:00:00Z",
          EndDateTime: "2026-12-01T23:00:00Z",
          CancellationCutOffDateTime: "2026-12-01T11:59:00Z",
          ResourceSubscriptionIds: [SUBSCRIPTION],
        },
      },
      "maintenanceEvent",
    );
    expect((await show()).runs[0]?.decision).toEqual({ kind: "tooLate", reason: "goldpatch is stopped" });
    expect(puts().filter(({ path }) => path.includes("/applyUpdates/"))).toEqual([]);
  });

  it.each([
    ["a recurrence", { window: { ...body.window, recurEvery: "Fortnight" } }, "window.recurEvery"],
    ["a window", { window: { ...body.window, duration: "05:00" } }, "a window lasts 03:55 at most"],
    ["a start too soon", { window: { ...body.window, startDateTime: "2026-12-01 13:10" } }, "Azure needs 15 minutes"],
    [
      "a start too soon for events",
      { window: { ...body.window, startDateTime: "2026-12-01 13:30" }, maintenanceEvents: true },
      "Azure needs 40 minutes",
    ],
    ["a name", { scheduleId: `${SCHEDULE}${"x".repeat(120)}` }, "fewer than 128"],
    ["an expiration", { expirationDateTime: "someday" }, "expirationDateTime"],
    ["a duration of the installation", { install: { maximumDuration: "PT1H" } }, "a schedule's window says how long"],
    ["a publish date", { install: { windows: { maxPatchPublishDate: "2026-11-01T00:00:00Z" } } }, "no such field"],
    [
      "another scope",
      { scheduleId: SCHEDULE.replace(SUBSCRIPTION, "00000000-0000-4000-8000-000000000009") },
      "outside",
    ],
    ["an id", { scheduleId: "nightly" }, "use ids such as"],
  ])("is refused for %s before any call", async (_, change, reason) => {
    await start();
    const answer = await world.api("POST", "schedules", { ...body, ...change });
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining(reason)]);
    expect(world.transcript).toEqual([]);
  });

  it("is neither created nor given machines while the app is paused", async () => {
    await start({ GOLDPATCH_PAUSED: "true" });
    const answer = await world.api("POST", "schedules", body);
    expect([answer.status, answer.body]).toEqual([409, expect.stringContaining("GOLDPATCH_PAUSED")]);
    expect(puts()).toEqual([]);
  });

  it("of which Azure knows nothing cannot be assigned", async () => {
    await start();
    expect(
      (await world.api("POST", "schedules/assign", { scheduleId: SCHEDULE, vmIds: [world.vmId("ready")] })).status,
    ).toBe(404);
  });

  it("is given VMs, or a scope, and not both", async () => {
    await start();
    const both = {
      scheduleId: SCHEDULE,
      vmIds: [world.vmId("ready")],
      scope: { subscriptionId: SUBSCRIPTION, name: "a", filter: {} },
    };
    expect((await world.api("POST", "schedules/assign", both)).status).toBe(400);
    expect((await world.api("POST", "schedules/assign", { scheduleId: SCHEDULE })).status).toBe(400);
  });
});
