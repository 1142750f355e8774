import { describe, expect, test } from "@jest/globals";
import type { DryRunPlan, RunView } from "../../src/contracts/api/runs";
import type { VmView } from "../../src/contracts/api/vms";
import { fleetOf } from "../support/fleet";
import { startWorld, type World } from "../support/outside-jest";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A server that lacks patches and is connected, but for what a test says. */
const server = (name: string, causes: object = {}) => ({
  kind: "arc",
  name,
  osType: "Windows",
  pending: { Security: 2, Updates: 1 },
  graph: { lagSeconds: 30 },
  ...causes,
});
const worldOf = (...machines: readonly object[]): Promise<World> => startWorld({ fleet: fleetOf([], { machines }) });

/** What the world did for the one run that it was asked for. */
async function patched(world: World, name: string, install: object = {}): Promise<RunView> {
  await world.run("patch", [name], { install: { rebootSetting: "IfRequired", ...install } });
  const runs = await world.settle();
  expect(runs).toHaveLength(1);
  const [run] = runs;
  if (!run) throw new Error("no run");
  return run;
}

const posts = (world: World, action: "assessPatches" | "installPatches") =>
  world.transcript.filter(({ method, path }) => method === "POST" && path.includes(`/${action}?`));
const stepOf = ({ steps }: RunView, name: string) => steps.find((step) => step.name === name)?.evidence;

describe("an Arc-enabled server", () => {
  test.each([
    ["Windows", { Security: 2, Updates: 1 }],
    ["Linux", { Critical: 1, Security: 1, Other: 4 }],
  ])("on %s is patched by the same steps, through its own provider", async (osType, pending) => {
    const world = await worldOf(server("store", { osType, pending }));
    const run = await patched(world, "store");

    expect(run).toMatchObject({
      ...{ outcome: "patched", code: "Patched", supportState: "Supported", osType },
      ...{ imageId: null, imageKind: "none", installedPatchCount: 2, failedPatchCount: 0, installPosts: 1 },
      warnings: [],
    });
    expect(run.steps.map(({ name }) => name)).toEqual([
      ...["claimRun", "checkProvisioning", "assessPatches", "readSupportState"],
      ...["installPatches", "confirmInstall", "recordOutcome"],
    ]);
    expect(stepOf(run, "checkProvisioning")).toMatchObject({ status: "Connected", agentVersion: "1.47.02924.1798" });
    expect(stepOf(run, "readSupportState")).toMatchObject({
      ...{ decision: "supported", evidence: "assessmentSucceeded", rawSupportState: null },
    });
    expect(stepOf(run, "assessPatches")).toMatchObject({
      criticalAndSecurityPatchCount: 2,
      activityId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(world.transcript.filter(({ path }) => path.includes("Microsoft.Compute"))).toEqual([]);
    expect(JSON.parse((await world.api("GET", "images")).body)).toEqual({ images: [] });
  });

  test("is sent the Linux class as the API spells it, and its own system's block only", async () => {
    const bodies: unknown[] = [];
    const world = await startWorld({
      fleet: fleetOf([], { machines: [server("edge", { osType: "Linux", pending: { Other: 1 } })] }),
      intercept: (request, azure) => {
        if (request.url.includes("/installPatches?")) bodies.push(JSON.parse(request.body ?? ""));
        return azure(request);
      },
    });
    await patched(world, "edge", { linux: { classificationsToInclude: ["other"] } });

    expect(bodies).toEqual([
      {
        rebootSetting: "IfRequired",
        maximumDuration: "PT3H55M",
        linuxParameters: { classificationsToInclude: ["Other"] },
      },
    ]);
  });

  test.each(["both", "asyncOnly", "locationOnly", "none"])("is followed with %s of the addresses", async (headers) => {
    const world = await worldOf(server("store", { assess: { headers }, install: { headers } }));
    const run = await patched(world, "store");

    expect(run).toMatchObject({ code: "Patched", installedPatchCount: 2, installPosts: 1 });
  });

  test.each([
    ["that lies outside Azure", { foreignHost: true }],
    ["that Azure forgets", { gonePolls: 1 }],
  ])("is followed by its rows where the address is one %s", async (_, install) => {
    const world = await worldOf(server("store", { install }));
    const run = await patched(world, "store");

    expect(run).toMatchObject({ code: "Patched", installedPatchCount: 2, installPosts: 1 });
  });

  test("whose installation fails is told with Azure's words", async () => {
    const pending = [{ name: "KB", kbId: "5030001", classification: "Security", whenInstalled: "fails" }];
    const world = await worldOf(
      server("store", { pending, install: { resultError: { code: "UpdateFailed", message: "no space left" } } }),
    );
    const run = await patched(world, "store");

    expect(run).toMatchObject({ code: "NothingInstalledSomeFailed", failedPatchCount: 1 });
    expect(run.detail).toBe("UpdateFailed: no space left");
  });

  test("whose assessments break is not installed on", async () => {
    const breaks = { error: { code: "ExtensionFailed", message: "the extension could not be run" } };
    const world = await worldOf(server("store", { assess: { breaks } }));
    const run = await patched(world, "store");

    expect(run).toMatchObject({ outcome: "undetermined", code: "AssessmentFailed", supportState: null });
    expect(posts(world, "assessPatches")).toHaveLength(3);
    expect(posts(world, "installPatches")).toEqual([]);
  });
});

describe("the connection of an Arc-enabled server", () => {
  test.each([
    ["Disconnected", "ArcDisconnected", 0],
    ["Expired", "ArcExpired", 0],
    ["Error", "ArcNotYetConnected", 30],
  ])("%s ends the run as %s, and nothing is sent", async (state, code, waitsMinutes) => {
    const world = await worldOf(server("store", { connection: { state } }));
    const run = await patched(world, "store");

    expect(run).toMatchObject({ outcome: "notReady", code, nextStep: expect.stringMatching(/^On the server, /) });
    expect(run.detail).toBe(`provisioning Succeeded, ${state}, agent 1.47.02924.1798`);
    const minutes = (Date.parse(run.endedAt ?? "") - Date.parse(run.startedAt)) / MINUTE;
    expect(Math.round(minutes)).toBeCloseTo(waitsMinutes, -1);
    expect(posts(world, "assessPatches")).toEqual([]);
  });

  test("is waited for while it is made", async () => {
    const world = await worldOf(server("store", { connection: { state: "Error", connectsAfterSeconds: 300 } }));
    const run = await patched(world, "store");

    expect(run).toMatchObject({ code: "Patched" });
  });

  test("of an agent that has not told its version counts for nothing", async () => {
    const world = await worldOf(server("store", { connection: { agentVersion: null } }));
    const run = await patched(world, "store");

    expect(run).toMatchObject({ code: "ArcNotYetConnected" });
    expect(run.detail).toMatch(/Connected, agent without a version$/);
  });

  test("that is lost after the assessment keeps the installation from being sent", async () => {
    const world = await worldOf(
      server("store", {
        connection: { lostAfterSeconds: 400 },
        assess: { durationSeconds: 300 },
        graph: { lagSeconds: 1100 },
      }),
    );
    const run = await patched(world, "store");

    expect(run).toMatchObject({ outcome: "notReady", code: "ArcDisconnected" });
    expect(posts(world, "installPatches")).toEqual([]);
  });
});

describe("a request to an Arc-enabled server whose answer is lost", () => {
  const lost = { cut: { when: "afterEffect" }, durationSeconds: 1200 };

  test("is adopted by its row in Resource Graph, and not sent again", async () => {
    const world = await worldOf(server("store", { install: lost }));
    const run = await patched(world, "store");

    expect(run).toMatchObject({ code: "Patched", installedPatchCount: 2, installPosts: 1 });
    expect(stepOf(run, "installPatches")).toMatchObject({ adopted: true });
    expect(posts(world, "installPatches")).toHaveLength(1);
  });

  test("ends unresolved where no row shows in time, and holds the server for as long as it may still install", async () => {
    const late = await startWorld({
      fleet: fleetOf([], { machines: [server("store", { install: lost, assess: { durationSeconds: 60 } })] }),
      // Nothing shows what became of it.
      intercept: async (request, azure) => {
        const answer = await azure(request);
        return request.body?.includes("patchinstallationresources")
          ? { ...answer, body: JSON.stringify({ ...JSON.parse(answer.body), data: [] }) }
          : answer;
      },
    });
    const run = await patched(late, "store");
    expect(run).toMatchObject({ outcome: "undetermined", code: "IntentUnresolved", installPosts: 1 });

    await late.run("patch", ["store"], {});
    const [second] = (await late.settle()).filter(({ runId }) => runId !== run.runId);
    expect(second).toMatchObject({ outcome: "busy", code: "OperationInProgress" });
    expect(second?.detail).toMatch(/its install may still run until/);

    await late.passes(6 * HOUR);
    await late.run("assess", ["store"]);
    const third = (await late.settle()).find(({ mode }) => mode === "assess");
    expect(third).toMatchObject({ code: "Supported" });
    expect(posts(late, "installPatches")).toHaveLength(1);
  });

  test("is repeated when it was an assessment", async () => {
    const world = await worldOf(server("store", { assess: { cut: { when: "beforeEffect" } } }));
    const run = await patched(world, "store");

    expect(run).toMatchObject({ code: "Patched" });
    expect(posts(world, "assessPatches")).toHaveLength(2);
  });

  test("is not taken for what a schedule began meanwhile", async () => {
    const other = { kind: "install", startsAfterAssessmentSeconds: 60, lastsSeconds: 900, startedBy: "Platform" };
    const world = await worldOf(
      server("store", {
        install: { cut: { when: "beforeEffect" } },
        assess: { durationSeconds: 60 },
        otherOperations: [other],
      }),
    );
    const run = await patched(world, "store");

    expect(run).toMatchObject({ outcome: "undetermined", code: "IntentUnresolved", installedPatchCount: 0 });
  });
});

test("an operation of somebody else's on an Arc-enabled server is waited for, then the run is busy", async () => {
  const other = { kind: "install", alreadyRunningForSeconds: 1800, lastsSeconds: 4 * 3600 };
  const world = await worldOf(server("store", { otherOperations: [other] }));
  const run = await patched(world, "store");

  expect(run).toMatchObject({ outcome: "busy", code: "OperationInProgress" });
  expect(posts(world, "assessPatches")).toEqual([]);
});

describe("options for the other system", () => {
  test.each([
    ["Windows", { linux: { packageNameMasksToInclude: ["openssl"] } }, "install.linux: the machine runs Windows"],
    ["Linux", { windows: { kbNumbersToInclude: ["5030001"] } }, "install.windows: the machine runs Linux"],
  ])("of a server on %s are refused before anything is sent", async (osType, install, words) => {
    const world = await worldOf(server("store", { osType, pending: {} }));
    const run = await patched(world, "store", install);

    expect(run).toMatchObject({ outcome: "failed", code: "RequestRefused", detail: expect.stringContaining(words) });
    expect(posts(world, "assessPatches")).toEqual([]);
  });
});

test("without leave to follow operations on the subscription, the rows tell how they ended", async () => {
  const denied = ["Microsoft.HybridCompute/locations/updateCenterOperationResults/read"];
  const world = await worldOf(server("store", { denied }));
  const run = await patched(world, "store");

  expect(run).toMatchObject({ code: "Patched", installedPatchCount: 2 });
  expect(JSON.stringify(run.steps)).toContain(denied[0]);
});

test("a lacking permission is named", async () => {
  const world = await worldOf(server("store", { denied: ["Microsoft.HybridCompute/machines/installPatches/action"] }));
  const run = await patched(world, "store");

  expect(run).toMatchObject({
    code: "PermissionMissing",
    detail: "missing action Microsoft.HybridCompute/machines/installPatches/action",
  });
});

describe("the routes", () => {
  const viewOf = async (world: World) => {
    const answer = await world.api("GET", `vms${world.vmId("store")}`);
    expect(answer.status).toBe(200);
    return JSON.parse(answer.body) as VmView;
  };

  test("tell what is known of a server, before and after an assessment", async () => {
    const world = await worldOf(server("store"));
    expect(await viewOf(world)).toMatchObject({
      ...{ imageId: null, imageKind: "none", osType: "Windows", supportState: null, source: "none", ready: true },
      connection: { status: "Connected", agentVersion: "1.47.02924.1798", since: expect.stringMatching(/Z$/) },
    });

    await world.run("assess", ["store"]);
    const [run] = await world.settle();
    expect(run).toMatchObject({ outcome: "assessed", supportState: "Supported" });
    expect(await viewOf(world)).toMatchObject({
      ...{ supportState: "Supported", evidence: "assessmentSucceeded", source: "resourceGraph" },
      pending: expect.objectContaining({ security: 2, updates: 1 }),
      missing: { complete: true, patches: { length: 3 } },
    });
  });

  test("tell of one that Azure does not know", async () => {
    const world = await worldOf(server("store"));
    const answer = await world.api("GET", `vms${world.vmId("store")}-2`);
    expect(answer.status).toBe(404);
  });

  test("plan the calls of a run, and make none but the look", async () => {
    const world = await worldOf(server("store"));
    const vmIds = [world.vmId("store").toUpperCase()];
    const answer = await world.api("POST", "runs", { mode: "patch", vmIds, dryRun: true });
    const { plans } = JSON.parse(answer.body) as { plans: DryRunPlan[] };

    const paths = plans[0]?.calls.map(
      ({ method, url }) => `${method} ${new URL(url).pathname.split("/").slice(-1).join()}`,
    );
    expect(paths).toEqual(["GET STORE", "POST assessPatches", "POST resources", "POST installPatches"]);
    expect(posts(world, "assessPatches")).toEqual([]);
  });
});
