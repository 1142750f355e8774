import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { PeriodicAssessmentChange, PeriodicAssessmentView } from "../../src/contracts/api/periodic-assessment";
import { fleetOf } from "../support/fleet";
import { startLastingWorld, startWorld, type World } from "../support/outside-jest";

const HOUR_MS = 3_600_000;
const SUBSCRIPTION = "/subscriptions/11111111-2222-4333-8444-555555555555";

const vm = (name: string, more: object = {}) => ({ name, image: "win", events: [], ...more });
const picky = {
  ...{ name: "picky", kind: "galleryVersion", osType: "Windows", version: "1.0.0" },
  refusesPeriodicAssessment: true,
};
const fleet = () => {
  const base = fleetOf([
    vm("a"),
    vm("b", { image: "lin" }),
    vm("refused", { image: "picky" }),
    vm("secret", { denied: ["Microsoft.Compute/virtualMachines/write"] }),
    vm("elsewhere", { resourceGroup: "rg-other" }),
  ]) as { images: object[] };
  return { ...base, images: [...base.images, picky] };
};

/** Of one that is there or is not. */
const idOf = (world: World, name: string): string => world.vmId("a").replace(/\/a$/, `/${name}`);

async function show(world: World, scope: string): Promise<Record<string, boolean>> {
  const answer = await world.api("GET", `periodic-assessment?scope=${encodeURIComponent(scope)}`);
  expect(answer.status).toBe(200);
  const { vms } = JSON.parse(answer.body) as { vms: PeriodicAssessmentView[] };
  return Object.fromEntries(vms.map(({ vmId, on }) => [vmId.split("/").at(-1) ?? "", on]));
}

async function set(world: World, on: boolean, names: readonly string[]): Promise<Record<string, string>> {
  const answer = await world.api("POST", "periodic-assessment", { on, vmIds: names.map((name) => idOf(world, name)) });
  expect(answer.status).toBe(200);
  const { vms } = JSON.parse(answer.body) as { vms: PeriodicAssessmentChange[] };
  return Object.fromEntries(
    vms.map(({ vmId, result, message }) => [vmId.split("/").at(-1) ?? "", message ? `${result}: ${message}` : result]),
  );
}

describe("periodic assessment", () => {
  let world: World;
  beforeAll(async () => {
    world = await startLastingWorld({ fleet: fleet() });
  });
  afterAll(() => world.close());

  test("is turned on: what changed, what was so, and what Azure refused, without stopping for it", async () => {
    expect(await set(world, true, ["a"])).toEqual({ a: "changed" });
    expect(await set(world, true, ["refused", "a", "secret", "gone", "b"])).toEqual({
      refused: expect.stringMatching(
        /^refused: .*The selected VM image is not supported for VM Guest patch operations/,
      ),
      a: "alreadySo",
      secret: expect.stringMatching(/^refused: .*Microsoft\.Compute\/virtualMachines\/write/),
      gone: "notFound",
      b: "changed",
    });
    expect(await show(world, world.vmId("a"))).toEqual({ a: true });
    expect(await show(world, world.vmId("refused"))).toEqual({ refused: false });
  });

  test("is shown for a scope", async () => {
    await world.passes(2 * 60_000);
    const all = { a: true, b: true, refused: false, secret: false };
    expect(await show(world, `${SUBSCRIPTION}/resourceGroups/RG-TEST`)).toEqual(all);
    expect(await show(world, SUBSCRIPTION)).toEqual({ ...all, elsewhere: false });
  });

  test("lets the platform assess at once and each day, and touches nothing else", async () => {
    const assessedBy = async () => {
      const answer = await world.api("GET", `vms${world.vmId("a")}`);
      return JSON.parse(answer.body) as { supportState: string; seenAt: string };
    };
    await world.passes(HOUR_MS);
    const first = await assessedBy();
    expect(first.supportState).toBe("Supported");
    await world.passes(25 * HOUR_MS);
    const second = await assessedBy();
    expect(Date.parse(second.seenAt) - Date.parse(first.seenAt)).toBe(24 * HOUR_MS);

    expect(await set(world, false, ["a", "b"])).toEqual({ a: "changed", b: "changed" });
    await world.passes(30 * HOUR_MS);
    expect((await assessedBy()).seenAt).toBe(second.seenAt);
    const posts = world.transcript.filter(
      ({ method, path }) => method === "POST" && path.includes("/virtualMachines/"),
    );
    expect(posts).toEqual([]);
  });

  test.each([
    ["no VM", { on: true, vmIds: [] }, /^vmIds: \[\]: name at least one VM id/],
    ["a word for on", { on: "yes", vmIds: ["/x"] }, /^on: "yes"/],
    ["what is no VM", { on: true, vmIds: ["/x"] }, /^vmIds: "\/x": use ids such as/],
    [
      "a VM outside the scope",
      {
        on: true,
        vmIds: [
          `/subscriptions/99999999-2222-4333-8444-555555555555/resourceGroups/r/providers/Microsoft.Compute/virtualMachines/v`,
        ],
      },
      /^vmIds: outside GOLDPATCH_SCOPE: .+: nothing was changed$/,
    ],
  ])("refuses %s", async (_, body, detail) => {
    const answer = await world.api("POST", "periodic-assessment", body);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ detail: expect.stringMatching(detail) });
  });

  test.each([
    ["", /^scope: "": use /],
    [
      "/subscriptions/99999999-2222-4333-8444-555555555555/resourceGroups/r/providers/Microsoft.Compute/virtualMachines/v",
      /^scope: outside GOLDPATCH_SCOPE, which holds .+: it was not read$/,
    ],
    ["/subscriptions/99999999-2222-4333-8444-555555555555", /^scope: outside GOLDPATCH_SCOPE, which holds /],
    ["/subscriptions/99999999-2222-4333-8444-555555555555/resourceGroups/r", /^scope: outside GOLDPATCH_SCOPE, which /],
  ])("does not show %j", async (scope, detail) => {
    const answer = await world.api("GET", `periodic-assessment?scope=${encodeURIComponent(scope)}`);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ detail: expect.stringMatching(detail) });
  });

  test("is not changed while the app is stopped", async () => {
    await world.api("POST", "stop");
    const answer = await world.api("POST", "periodic-assessment", { on: true, vmIds: [world.vmId("a")] });
    expect(answer.status).toBe(409);
    await world.api("DELETE", "stop");
  });
});

test("what is not there, and what does not answer", async () => {
  const fault = { on: "resourceGraph", answer: { status: 429, code: "RateLimiting", message: "slow down" } };
  const world = await startWorld({ fleet: fleetOf([vm("a")], { faults: [fault] }) });
  const ask = async (scope: string) =>
    (await world.api("GET", `periodic-assessment?scope=${encodeURIComponent(scope)}`)).status;
  expect(await ask(idOf(world, "gone"))).toBe(404);
  expect(await ask(SUBSCRIPTION)).toBe(503);
});
