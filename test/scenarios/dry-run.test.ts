import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { ArmExchange } from "../../src/embedding";
import { fleetOf } from "../support/fleet";
import { startLastingWorld, startWorld, type World } from "../support/outside-jest";

interface Call {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
}
interface Plan {
  readonly vmId: string;
  readonly calls: readonly Call[];
  readonly endsWith?: string;
}

async function plansOf(world: World, names: readonly string[], more: object): Promise<readonly Plan[]> {
  const answer = await world.api("POST", "runs", {
    mode: "patch",
    vmIds: names.map((name) => world.vmId(name)),
    dryRun: true,
    ...more,
  });
  expect(answer.status).toBe(200);
  return (JSON.parse(answer.body) as { plans: readonly Plan[] }).plans;
}

/** What left the app, but for following operations, whose addresses only Azure knows. */
const callOf = ({ method, url, body }: ArmExchange): Call => ({
  method,
  url,
  body: body === undefined ? null : (JSON.parse(body) as unknown),
});

describe("a dry run shows the calls of the real run to the letter", () => {
  test.each([
    ["Windows, all defaults, an old VM", { image: "win", createdAt: "2026-11-01T00:00:00Z" }, {}],
    ["a VM younger than a day", { image: "win", createdAt: "2026-11-30T20:00:00Z" }, {}],
    [
      "Windows with KB ids",
      { image: "win" },
      {
        install: {
          rebootSetting: "always",
          maximumDuration: "PT1H30M",
          windows: {
            classificationsToInclude: ["security", "UPDATEROLLUP"],
            kbNumbersToInclude: ["890830"],
            kbNumbersToExclude: ["kb5122871"],
            excludeKbsRequiringReboot: true,
          },
        },
      },
    ],
    [
      "Linux with masks",
      { image: "lin" },
      {
        install: {
          linux: { packageNameMasksToInclude: ["kernel*"], packageNameMasksToExclude: ["lib??-dev_1.0:any"] },
        },
      },
    ],
    ["an assessment only", { image: "lin" }, { mode: "assess" }],
    ["a resource group with signs in its name", { image: "win", resourceGroup: "rg_(web).1" }, {}],
  ])("%s", async (_what, vm, ask) => {
    const sent: Call[] = [];
    const world = await startWorld({
      fleet: fleetOf([{ name: "vm", events: [], ...vm }]),
      intercept: (request, azure) => {
        if (!request.url.includes("/operations/")) sent.push(callOf(request));
        return azure(request);
      },
    });
    const [plan] = await plansOf(world, ["vm"], ask);
    expect(sent.map(({ method }) => method)).toEqual(["GET"]);
    expect(world.host.instances()).toEqual([]);
    expect(await world.runs()).toEqual([]);

    sent.length = 0;
    await world.run("patch", ["vm"], ask);
    await world.settle();
    const different = [...new Set(sent.map((call) => JSON.stringify(call)))];
    const planned = (plan?.calls ?? []).map((call) => JSON.stringify(call));
    expect(different.sort()).toEqual([...planned].sort());
  });
});

describe("a dry run says with which code the run would end by what Azure says now", () => {
  const vms = [
    { says: "ready", vm: {}, calls: 4 },
    { says: "marketplace", vm: { image: "market" }, calls: 1, endsWith: "MarketplaceImage" },
    { says: "deallocated", vm: { power: { state: "deallocated" } }, calls: 1, endsWith: "VmDeallocated" },
    {
      says: "extensions-off",
      vm: { allowExtensionOperations: false },
      calls: 1,
      endsWith: "ExtensionOperationsDisabled",
    },
    { says: "scale-set", vm: { scaleSet: "flex" }, calls: 1, endsWith: "ScaleSetMember" },
    { says: "deleted", vm: { deletedAfterSeconds: 0 }, calls: 0, endsWith: "VmNotFound" },
    {
      says: "denied",
      vm: { denied: ["Microsoft.Compute/virtualMachines/read"] },
      calls: 0,
      endsWith: "PermissionMissing",
    },
  ];
  let world: World;
  let plans: readonly Plan[];
  beforeAll(async () => {
    world = await startLastingWorld({
      fleet: fleetOf(vms.map(({ says, vm }) => ({ name: says, image: "win", events: [], ...vm }))),
    });
    plans = await plansOf(
      world,
      vms.map(({ says }) => says),
      {},
    );
  });
  afterAll(() => world.close());

  test.each(vms)("$says", ({ says, calls, endsWith }) => {
    const plan = plans.find(({ vmId }) => vmId.endsWith(`/${says}`));
    expect(plan?.calls).toHaveLength(calls);
    expect(plan?.endsWith).toBe(endsWith);
  });

  test("and sends nothing but reads", () => {
    expect(new Set(world.transcript.map(({ method }) => method))).toEqual(new Set(["GET"]));
    expect(world.host.instances()).toEqual([]);
  });
});
