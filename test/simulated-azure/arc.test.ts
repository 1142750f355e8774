import { afterEach, describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { Cloud, fleetFile, GROUP, SUBSCRIPTION, type Causes } from "./cloud";

const ID = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}/providers/Microsoft.HybridCompute/machines/store-01`;
const V = "api-version=2025-01-13";
const OPEN: Cloud[] = [];
const exampleOf = (file: string) =>
  (
    JSON.parse(readFileSync(`test/examples/hybridcompute/${file}`, "utf8")) as {
      responses: { 200: { body: Record<string, unknown> } };
    }
  ).responses[200].body;

function cloudWith(causes: Causes = {}, fleet: Causes = {}): Cloud {
  const machine = { kind: "arc", name: "store-01", osType: "Windows", graph: { lagSeconds: 30 }, ...causes };
  const cloud = new Cloud(fleetFile({}, { machines: [machine], ...fleet }));
  OPEN.push(cloud);
  return cloud;
}

afterEach(() => {
  for (const cloud of OPEN.splice(0)) cloud.close();
});

const pathOf = (address: string | undefined): string => {
  const { pathname, search } = new URL(address ?? "");
  return `${pathname}${search}`;
};

describe("an Arc-enabled server of simulated Azure", () => {
  it("tells its connection and its agent, in the form of Machines_Get", async () => {
    const { status, json } = await cloudWith().get(`${ID}?${V}`);

    expect(status).toBe(200);
    expect(json).toMatchObject({
      ...{ name: "store-01", id: ID, type: "Microsoft.HybridCompute/machines", location: "westeurope" },
      properties: {
        ...{ status: "Connected", osType: "windows", agentVersion: "1.47.02924.1798", provisioningState: "Succeeded" },
        vmId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        lastStatusChange: expect.stringMatching(/Z$/),
      },
    });
    expect(json).not.toHaveProperty("properties.instanceView");
  });

  it("answers 202 with Location alone, whose id is not the activity id, then a flat result without patches", async () => {
    const cloud = cloudWith({ pending: { Security: 2, Updates: 1 }, assess: { durationSeconds: 300 } });
    const accepted = await cloud.send("POST", `${ID}/assessPatches?${V}`);

    expect(accepted).toMatchObject({ status: 202, body: "" });
    expect(accepted.headers).not.toHaveProperty("azure-asyncoperation");
    const address = pathOf(accepted.headers["location"]);
    expect(address).toMatch(
      new RegExp(
        `^/subscriptions/${SUBSCRIPTION}/providers/Microsoft.HybridCompute/locations/westeurope/updateCenterOperationResults/[0-9a-f-]{36}\\?`,
      ),
    );
    expect((await cloud.get(address)).status).toBe(202);

    await cloud.until(300);
    const { status, json } = await cloud.get(address);
    expect(status).toBe(200);
    const shown = exampleOf("Machine_AssessPatches.2025-01-13.json");
    expect(Object.keys(json).toSorted()).toEqual(Object.keys(shown).toSorted());
    expect(json).toMatchObject({ status: "Succeeded", osType: "Windows", startedBy: "User", errorDetails: null });
    expect(json["availablePatchCountByClassification"]).toMatchObject({ security: 2, updates: 1, critical: 0 });
    expect(address).not.toContain(json["assessmentActivityId"]);
  });

  it("installs with the counts of the official example", async () => {
    const cloud = cloudWith({ pending: { Security: 1 }, install: { durationSeconds: 600 } });
    const body = { rebootSetting: "Never", windowsParameters: { classificationsToInclude: ["Security"] } };
    const accepted = await cloud.send("POST", `${ID}/installPatches?${V}`, body);
    await cloud.until(600);
    const { json } = await cloud.get(pathOf(accepted.headers["location"]));

    const shown = exampleOf("Machine_InstallPatches.2024-07-10.json");
    expect(Object.keys(json).toSorted()).toEqual(Object.keys(shown).toSorted());
    expect(json).toMatchObject({ status: "Succeeded", installedPatchCount: 1, rebootStatus: "Required" });
  });

  it("refuses the documents' spelling of a Linux class", async () => {
    const cloud = cloudWith({ osType: "Linux" });
    const body = { rebootSetting: "Never", linuxParameters: { classificationsToInclude: ["Others"] } };
    expect(await cloud.send("POST", `${ID}/installPatches?${V}`, body)).toMatchObject({
      status: 400,
      json: { error: { code: "InvalidParameter" } },
    });
  });

  it("has rows of its own type in the two tables, without a support state", async () => {
    const cloud = cloudWith({ assess: { durationSeconds: 60 }, pending: { Security: 1 } });
    await cloud.send("POST", `${ID}/assessPatches?${V}`);
    await cloud.until(120);
    const [row, patch, ...more] = await cloud.rows("patchassessmentresources");

    expect(more).toEqual([]);
    expect(patch).toMatchObject({
      type: "microsoft.hybridcompute/machines/patchassessmentresults/softwarepatches",
      properties: { classifications: ["Security"] },
    });
    expect(row).toMatchObject({
      id: `${ID}/patchAssessmentResults/latest`,
      type: "microsoft.hybridcompute/machines/patchassessmentresults",
      properties: { status: "Succeeded", availablePatchCountByClassification: { security: 1 } },
    });
    expect(row).not.toHaveProperty("properties.configurationStatus.vmGuestPatchReadiness");
    const resources = await cloud.rows("resources | where type =~ 'Microsoft.HybridCompute/machines'");
    expect(resources).toMatchObject([{ id: ID, properties: { status: "Connected" } }]);
  });

  it.each([
    ["disconnected", { connection: { state: "Disconnected" } }],
    ["busy", { otherOperations: [{ kind: "assess", alreadyRunningForSeconds: 10, lastsSeconds: 600 }] }],
  ])("that is %s refuses operations", async (_, causes) => {
    expect(await cloudWith(causes).send("POST", `${ID}/assessPatches?${V}`)).toMatchObject({
      status: 409,
      json: { error: { code: "Conflict" } },
    });
  });

  it("is Disconnected a quarter of an hour after its agent fell silent", async () => {
    const cloud = cloudWith({ connection: { lostAfterSeconds: 100 } });
    const statusAt = async (seconds: number) => {
      await cloud.until(seconds);
      return (await cloud.get(`${ID}?${V}`)).json["properties"];
    };
    expect(await statusAt(900)).toMatchObject({ status: "Connected" });
    expect(await statusAt(1001)).toMatchObject({ status: "Disconnected" });
  });

  it("costs ARM's tokens and none of Compute's", async () => {
    const { headers } = await cloudWith().send("POST", `${ID}/assessPatches?${V}`);
    expect(headers).toHaveProperty("x-ms-ratelimit-remaining-subscription-writes", "199");
    expect(headers).not.toHaveProperty("x-ms-ratelimit-remaining-resource");
  });

  it.each([
    [404, "ResourceNotFound", `${ID}-2`, {}],
    [409, "MissingSubscriptionRegistration", ID, { unregisteredProviders: ["Microsoft.HybridCompute"] }],
    [403, "AuthorizationFailed", ID, { denied: ["Microsoft.HybridCompute/machines/read"] }],
  ])("answers %s %s where there is cause", async (status, code, id, fleet) => {
    expect(await cloudWith({}, fleet).get(`${id}?${V}`)).toMatchObject({ status, json: { error: { code } } });
  });

  it("is no VM, though a VM may have its name", async () => {
    const cloud = cloudWith({ name: "vm1" });
    expect((await cloud.vm()).json).toMatchObject({ type: "Microsoft.Compute/virtualMachines" });
    expect((await cloud.get(`${ID.replace("store-01", "vm1")}?${V}`)).json).toMatchObject({ name: "vm1", kind: null });
  });
});

describe("a fleet of another cloud", () => {
  it("answers at its own Resource Manager only", async () => {
    const cloud = cloudWith({}, { cloud: "AzureUSGovernment" });
    const at = async (origin: string) => (await cloud.send("GET", `${origin}${ID}?${V}`)).status;

    expect(await at("https://management.usgovcloudapi.net")).toBe(200);
    expect(await at("https://management.azure.com")).toBe(404);
    const { headers } = await cloud.send("POST", `https://management.usgovcloudapi.net${ID}/assessPatches?${V}`);
    expect(headers["location"]).toMatch(/^https:\/\/management\.usgovcloudapi\.net\//);
  });
});
