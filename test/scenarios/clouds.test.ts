import { createHttpHeaders } from "@azure/core-rest-pipeline";
import { describe, expect, test } from "@jest/globals";
import { Arm } from "../../src/azure/arm";
import { armTransport, ForeignHostError } from "../../src/azure/arm-transport";
import { plannedCalls } from "../../src/azure/planned-calls";
import { armScopeOf, cloudNames, clouds, type CloudName } from "../../src/domain/cloud/cloud";
import { fleetOf } from "../support/fleet";
import { startWorld } from "../support/outside-jest";

const SUBSCRIPTION = "11111111-2222-4333-8444-555555555555";
const vm = { kind: "azureVm", subscriptionId: SUBSCRIPTION, resourceGroup: "rg", name: "vm" } as const;
const arc = { ...vm, kind: "arc" } as const;
const pairs = cloudNames.flatMap((own) =>
  cloudNames.filter((other) => other !== own).map((other) => [own, other] as const),
);

/** A connection that writes down what leaves, with which token, and answers nothing of use. */
function listening(cloudName: CloudName) {
  const cloud = clouds[cloudName];
  const asked: (string | string[])[] = [];
  const left: { readonly origin: string; readonly token: string | undefined }[] = [];
  const credential = {
    getToken: (scopes: string | string[]) => {
      asked.push(scopes);
      return Promise.resolve({ token: `for ${cloudName}`, expiresOnTimestamp: Number.MAX_SAFE_INTEGER });
    },
  };
  const network = {
    sendRequest(request: Parameters<ReturnType<typeof armTransport>["sendRequest"]>[0]) {
      left.push({ origin: new URL(request.url).origin, token: request.headers.get("authorization") });
      return Promise.resolve({ request, status: 404, headers: createHttpHeaders(), bodyAsText: "" });
    },
  };
  const guard = armTransport(undefined, undefined, cloud);
  const transport: typeof guard = {
    // The guard's own refusals, and in place of its network one that listens.
    sendRequest: (request) =>
      new URL(request.url).origin === cloud.armOrigin ? network.sendRequest(request) : guard.sendRequest(request),
  };
  return { arm: new Arm(credential, transport, undefined, cloud), asked, left };
}

describe.each(cloudNames)("in %s", (name) => {
  const cloud = clouds[name];

  test("every request goes to its own Resource Manager, with a token for that", async () => {
    const { arm, asked, left } = listening(name);
    await arm
      .compute(SUBSCRIPTION)
      .virtualMachines.get("rg", "vm")
      .catch(() => undefined);
    await arm.graph.resources({ query: "resources" }).catch(() => undefined);
    await arm.sendRaw(SUBSCRIPTION, { method: "GET", url: `${arm.origin}/subscriptions/x` });

    expect(left).toEqual(Array.from({ length: 3 }, () => ({ origin: cloud.armOrigin, token: `Bearer for ${name}` })));
    expect(new Set(asked.flat())).toEqual(new Set([armScopeOf(cloud)]));
  });

  test("a dry run names its own addresses", async () => {
    const calls = [...(await plannedCalls(vm, undefined, name)), ...(await plannedCalls(arc, undefined, name))];
    expect(new Set(calls.map(({ url }) => new URL(url).origin))).toEqual(new Set([cloud.armOrigin]));
  });

  test("a VM and a server are patched, by addresses of its own", async () => {
    const world = await startWorld({
      fleet: fleetOf([{ name: "vm", image: "win", events: [] }], {
        cloud: name,
        machines: [{ kind: "arc", name: "store", osType: "Linux", pending: { Security: 1 } }],
      }),
    });
    await world.run("patch", ["vm", "store"], { install: { rebootSetting: "IfRequired" } });
    const runs = await world.settle();

    expect(runs.map(({ code }) => code)).toEqual(["Patched", "Patched"]);
    // Simulated Azure tells the origin of requests that are not its own.
    expect(world.transcript.filter(({ path }) => !path.startsWith("/"))).toEqual([]);
    expect(world.transcript.some(({ operationId, method }) => method === "GET" && operationId !== null)).toBe(true);
  });
});

describe.each(pairs)("a token of %s", (own, other) => {
  const foreign = `${clouds[other].armOrigin}/subscriptions/${SUBSCRIPTION}/providers/x/operations/1`;

  test(`does not leave for ${other}`, async () => {
    const { arm, left } = listening(own);

    expect(arm.address(foreign)).toBeUndefined();
    await expect(arm.get(SUBSCRIPTION, foreign)).rejects.toThrow(ForeignHostError);
    await expect(arm.get(SUBSCRIPTION, foreign)).rejects.toThrow(
      `refused to send a request to ${clouds[other].armOrigin}: it is not ${clouds[own].armOrigin}`,
    );
    expect(left).toEqual([]);
  });
});

test("an operation whose address lies in another cloud is followed by the machine's own word, and gets no token", async () => {
  const world = await startWorld({
    fleet: fleetOf([{ name: "vm", image: "win", events: [] }]),
    intercept: async (request, azure) => {
      const answer = await azure(request);
      const moved = Object.entries(answer.headers).map(([name, value]) => [
        name,
        value.replace(clouds.AzureCloud.armOrigin, clouds.AzureUSGovernment.armOrigin),
      ]);
      return { ...answer, headers: Object.fromEntries(moved) as typeof answer.headers };
    },
  });
  await world.run("patch", ["vm"], { install: { rebootSetting: "IfRequired" } });
  const [run] = await world.settle();

  expect(run).toMatchObject({ code: "Patched" });
  expect(world.transcript.filter(({ operationId, method }) => method === "GET" && operationId !== null)).toEqual([]);
});
