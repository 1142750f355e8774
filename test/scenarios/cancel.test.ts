import { describe, expect, test } from "@jest/globals";
import type { RunView } from "../../src/contracts/api/runs";
import { fleetOf } from "../support/fleet";
import { startWorld, type World } from "../support/outside-jest";

const SECOND = 1000;
const MINUTE = 60_000;

const cancel = async (world: World, runId: string) => {
  const answer = await world.api("POST", `runs/${runId}/cancel`);
  return { status: answer.status, body: JSON.parse(answer.body) as Partial<RunView> & { detail?: string } };
};
const posts = (world: World) =>
  world.transcript.flatMap(({ method, path }) =>
    method === "POST" ? (/\/(assessPatches|installPatches)\?/.exec(path)?.[1] ?? []) : [],
  );
const started = async (vm: object): Promise<readonly [World, string]> => {
  const world = await startWorld({ fleet: fleetOf([{ name: "vm", image: "managed", events: [], ...vm }]) });
  const [runId = ""] = await world.run("patch", ["vm"], { install: { rebootSetting: "IfRequired" } });
  return [world, runId];
};

describe("a run is cancelled", () => {
  test.each([
    ["while the VM is still being provisioned", { provisioning: { state: "Creating" } }, 2 * MINUTE, [], "cancelled"],
    ["while its assessment runs", { assess: { durationSeconds: 600 } }, 4 * MINUTE, ["assessPatches"], "cancelled"],
    [
      "while Resource Graph has no row",
      { assess: { durationSeconds: 60 }, graph: { lagSeconds: 900 } },
      8 * MINUTE,
      ["assessPatches"],
      "cancelled",
    ],
    [
      "while its install runs, which Azure cannot cancel",
      { assess: { durationSeconds: 60 }, graph: { lagSeconds: 20 }, install: { durationSeconds: 3000 } },
      20 * MINUTE,
      ["assessPatches", "installPatches"],
      "patched",
    ],
  ] as const)("%s", async (_when, vm, after, sent, outcome) => {
    const [world, runId] = await started(vm);
    await world.passes(after);
    expect(posts(world)).toEqual(sent);
    expect(await cancel(world, runId)).toMatchObject({
      status: 202,
      body: { runId, cancelRequested: true, outcome: null },
    });

    expect(await world.settle()).toMatchObject([{ outcome, cancelRequested: true }]);
    expect(posts(world)).toEqual(sent);
  });

  test("at once, before it has a row: it ends without a look at the VM", async () => {
    const [world, runId] = await started({});
    const release = world.clock.hold();
    const answer = await cancel(world, runId);
    release();
    expect(answer.status).toBe(202);

    expect(await world.settle()).toMatchObject([{ outcome: "cancelled", cancelRequested: true }]);
    expect(posts(world)).toEqual([]);
  });

  test("and does not wait for a row in Resource Graph that it no longer needs", async () => {
    const [world, runId] = await started({ assess: { durationSeconds: 60 }, graph: { lagSeconds: 1000 } });
    await world.passes(8 * MINUTE);
    await cancel(world, runId);
    const [run] = await world.settle();
    expect(Date.parse(run?.endedAt ?? "") - Date.parse(run?.startedAt ?? "")).toBeLessThan(9 * MINUTE);
  });

  test("twice: the second request changes nothing", async () => {
    const [world, runId] = await started({ assess: { durationSeconds: 600 } });
    await world.passes(2 * MINUTE);
    expect((await cancel(world, runId)).status).toBe(202);
    await world.passes(10 * SECOND);
    expect((await cancel(world, runId)).status).toBe(202);
    expect(await world.settle()).toMatchObject([{ outcome: "cancelled" }]);
  });

  test("and says so while it goes on", async () => {
    const [world, runId] = await started({ assess: { durationSeconds: 3000 } });
    await world.passes(2 * MINUTE);
    await cancel(world, runId);
    const answer = await world.api("GET", `runs/${runId}`);
    expect(JSON.parse(answer.body)).toMatchObject({ outcome: null, cancelRequested: true });
  });

  test("a cancelled run leaves the VM to the next one", async () => {
    const [world, runId] = await started({ provisioning: { state: "Creating", succeedsAfterSeconds: 300 } });
    await world.passes(MINUTE);
    await cancel(world, runId);
    await world.settle();
    const [next] = await world.run("assess", ["vm"]);
    const runs = await world.settle();
    expect(runs.find((run) => run.runId === next)).toMatchObject({ outcome: "assessed" });
  });
});

test.each([
  ["http-00000000000000000000000000000000", "a run that nobody started"],
  ["patchVm", "a name"],
  ["sweep-20261201T000000000Z", "an orchestration that is no run"],
])("%s is 404: %s", async (runId) => {
  const world = await startWorld({ fleet: fleetOf([]) });
  expect(await cancel(world, runId)).toEqual({
    status: 404,
    body: expect.objectContaining({ title: "Unknown run", detail: expect.stringContaining(`"${runId}"`) }),
  });
});

test.each(["Patched", "VmDeallocated"])(
  "a run that ended as %s cannot be cancelled, and stays as it is",
  async (code) => {
    const [world, runId] = await started(code === "Patched" ? {} : { power: { state: "deallocated" } });
    const [before] = await world.settle();
    expect(before).toMatchObject({ code });
    const answer = await cancel(world, runId);
    expect(answer).toMatchObject({ status: 409, body: { detail: expect.stringContaining(before?.outcome ?? "") } });
    expect(await world.settle()).toEqual([before]);
  },
);
