import { expect, test } from "@jest/globals";
import { fleetOf } from "../support/fleet";
import { startWorld, type World } from "../support/outside-jest";

const MINUTE = 60_000;
const PATCH = { install: { rebootSetting: "IfRequired" } };
const isInstall = ({ url }: { url: string }) => url.includes("/installPatches");
/** Installs that Azure began. */
const begun = (world: World) =>
  world.transcript.filter(({ path, operationId }) => path.includes("/installPatches?") && operationId !== null);

test("a delivery that stalled before its POST and wakes after a restarted host decided sends nothing", async () => {
  let stalled = 0;
  const world: World = await startWorld({
    fleet: fleetOf([{ name: "vm", image: "win", events: [] }]),
    intercept: async (request, azure) => {
      if (isInstall(request) && stalled++ === 0) {
        await world.passes(20_000);
        await world.restartHost();
        // It wakes when the run is long over.
        await world.passes(30 * MINUTE);
        if (request.signal?.aborted) throw Object.assign(new Error("aborted"), { name: "AbortError" });
      }
      return azure(request);
    },
  });
  await world.run("patch", ["vm"], PATCH);
  await world.passes(90 * MINUTE);

  expect(stalled).toBe(1);
  expect(begun(world)).toEqual([]);
  expect(await world.settle()).toMatchObject([{ code: "IntentUnresolved", installPosts: 1 }]);
});

test("a lost 202 whose install finishes before the restarted host looks is adopted, and not sent again", async () => {
  let sent = 0;
  const world: World = await startWorld({
    fleet: fleetOf([{ name: "vm", image: "win", events: [], install: { durationSeconds: 30 } }]),
    intercept: async (request, azure) => {
      const answer = await azure(request);
      if (isInstall(request) && sent++ === 0) {
        await world.restartHost();
        return new Promise(() => undefined);
      }
      return answer;
    },
  });
  await world.run("patch", ["vm"], PATCH);
  await world.passes(60 * MINUTE);
  const [run] = await world.settle();

  expect(sent).toBe(1);
  expect(begun(world)).toHaveLength(1);
  expect(run).toMatchObject({ code: "Patched", installedPatchCount: 3, installPosts: 1 });
  expect(run?.steps.find(({ name }) => name === "installPatches")?.evidence).toMatchObject({
    adopted: true,
    source: "instanceView",
  });
});
