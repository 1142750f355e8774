import { afterEach, describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { API, at, cloud, closeClouds, GROUP, SUBSCRIPTION, vmIdOf } from "./cloud";

afterEach(closeClouds);

const example = (file: string): unknown => {
  const json: unknown = JSON.parse(readFileSync(`test/examples/compute/${file}`, "utf8"));
  return at(json, "responses.200.body") ?? json;
};
const keysOf = (value: unknown): string[] => Object.keys(value as object);

describe("GET virtualMachines/{name}", () => {
  it("has no property that the official example lacks, but for the documented ones", async () => {
    const { json } = await cloud({ managedBy: "/x", scaleSet: "pool" }).vm();
    const official = example("VirtualMachine_Get.2024-07-01.json");
    expect(keysOf(official)).toEqual(expect.arrayContaining(keysOf(json)));
    expect([...keysOf(at(official, "properties")), "virtualMachineScaleSet"]).toEqual(
      expect.arrayContaining(keysOf(json["properties"])),
    );
    expect(typeof at(json, "properties.vmId")).toBe("string");
  });

  it("carries the instance view when asked to expand it", async () => {
    const made = cloud();
    expect(at((await made.vm()).json, "properties.instanceView")).toBeUndefined();
    const { json } = await made.get(`${vmIdOf("vm1")}?$expand=instanceView&${API}`);
    expect(at(json, "properties.instanceView.statuses.1.code")).toBe("PowerState/running");
  });

  it.each([
    [
      "galleryVersion",
      "Windows",
      { id: expect.stringMatching(/\/galleries\/goldgallery\/images\/img\/versions\/1\.0\.0$/), exactVersion: "1.0.0" },
    ],
    [
      "galleryDefinition",
      "Windows",
      { id: expect.stringMatching(/\/galleries\/goldgallery\/images\/img$/), exactVersion: "1.0.0" },
    ],
    [
      "managedImage",
      "Linux",
      { id: expect.stringMatching(/\/rg-images\/providers\/Microsoft\.Compute\/images\/img$/) },
    ],
    [
      "directSharedGallery",
      "Linux",
      { sharedGalleryImageId: "/SharedGalleries/goldgallery/Images/img/Versions/1.0.0" },
    ],
    [
      "communityGallery",
      "Linux",
      { communityGalleryImageId: "/CommunityGalleries/goldgallery/Images/img/Versions/1.0.0" },
    ],
    [
      "marketplace",
      "Windows",
      expect.objectContaining({ publisher: "MicrosoftWindowsServer", sku: "2022-datacenter-azure-edition" }),
    ],
    ["attachedDisk", "Linux", undefined],
    ["unknown", "Linux", undefined],
  ])("refers to an image of kind %s as Azure does", async (kind, osType, reference) => {
    const made = cloud({ image: "img" }, { images: [{ name: "img", kind, osType }] });
    const { json } = await made.vm();
    expect(at(json, "properties.storageProfile.imageReference")).toEqual(reference);
    expect(at(json, "properties.storageProfile.osDisk.osType")).toBe(osType);
    const createOption = kind === "attachedDisk" ? "Attach" : "FromImage";
    expect(at(json, "properties.storageProfile.osDisk.createOption")).toBe(createOption);
  });

  it.each([
    ["specialized", { specialized: true }],
    ["created from an attached disk", { image: "disk" }],
  ])("has no osProfile when %s", async (_, vm) => {
    const images = [
      { name: "win", kind: "galleryVersion", osType: "Windows" },
      { name: "disk", kind: "attachedDisk", osType: "Linux" },
    ];
    expect(at((await cloud(vm, { images }).vm()).json, "properties.osProfile")).toBeUndefined();
  });

  it("tells patch mode and whether extensions are allowed", async () => {
    const { json } = await cloud({ patchMode: "AutomaticByPlatform", allowExtensionOperations: false }).vm();
    expect(at(json, "properties.osProfile")).toMatchObject({
      allowExtensionOperations: false,
      windowsConfiguration: { patchSettings: { patchMode: "AutomaticByPlatform" } },
    });
  });

  it.each([
    ["an unknown VM", vmIdOf("vm9"), "ResourceNotFound"],
    ["an unknown group", vmIdOf("vm1").replace(GROUP, "rg-other"), "ResourceGroupNotFound"],
    [
      "an unknown subscription",
      vmIdOf("vm1").replace(SUBSCRIPTION, SUBSCRIPTION.replace("1", "9")),
      "SubscriptionNotFound",
    ],
  ])("answers 404 for %s", async (_, path, code) => {
    const { status, json } = await cloud().get(`${path}?${API}`);
    expect([status, at(json, "error.code")]).toEqual([404, code]);
  });

  it("finds the VM whatever the case of its id", async () => {
    const { status, json } = await cloud().get(`${vmIdOf("vm1").toUpperCase()}?${API}`);
    expect([status, json["name"]]).toEqual([200, "vm1"]);
  });
});

describe("a VM's life", () => {
  const state = async (made: ReturnType<typeof cloud>) => {
    const { status, json } = await made.get(`${vmIdOf("vm1")}?$expand=instanceView&${API}`);
    if (status !== 200) return `${status}`;
    const view = at(json, "properties.instanceView");
    const power = at(view, "statuses.1.code") ?? "no power state";
    return [
      at(json, "properties.provisioningState"),
      power,
      at(view, "vmAgent.statuses.0.displayStatus") ?? "no agent",
    ].join(", ");
  };

  it.each<[string, Record<string, unknown>, [number, string][]]>([
    ["existing", {}, [[0, "Succeeded, PowerState/running, Ready"]]],
    [
      "created meanwhile",
      {
        createAfterSeconds: 100,
        provisioning: { succeedsAfterSeconds: 80 },
        power: { runningAfterSeconds: 40 },
        agent: { readyAfterSeconds: 60 },
      },
      [
        [99, "404"],
        [100, "Creating, PowerState/starting, Not Ready"],
        [140, "Creating, PowerState/running, Not Ready"],
        [180, "Succeeded, PowerState/running, Not Ready"],
        [200, "Succeeded, PowerState/running, Ready"],
      ],
    ],
    [
      "created meanwhile, with usual times",
      { createAfterSeconds: 10 },
      [
        [10, "Creating, PowerState/starting, Not Ready"],
        [110, "Succeeded, PowerState/running, Not Ready"],
        [245, "Succeeded, PowerState/running, Ready"],
      ],
    ],
    ["deallocated", { power: { state: "deallocated" } }, [[0, "Succeeded, PowerState/deallocated, no agent"]]],
    ["without power state", { power: { state: "missing" } }, [[0, "Succeeded, no power state, Ready"]]],
    ["without agent", { agent: { state: "absent" } }, [[9999, "Succeeded, PowerState/running, no agent"]]],
    ["with a silent agent", { agent: { state: "silent" } }, [[9999, "Succeeded, PowerState/running, Not Ready"]]],
    [
      "being updated",
      { provisioning: { state: "Updating", succeedsAfterSeconds: 5 } },
      [
        [0, "Updating, PowerState/running, Ready"],
        [5, "Succeeded, PowerState/running, Ready"],
      ],
    ],
    ["whose creation broke", { provisioning: { state: "Failed" } }, [[0, "Failed, PowerState/running, Ready"]]],
    [
      "starting",
      { power: { runningAfterSeconds: 30 }, agent: { readyAfterSeconds: 10 } },
      [
        [0, "Succeeded, PowerState/starting, Not Ready"],
        [40, "Succeeded, PowerState/running, Ready"],
      ],
    ],
    [
      "stopped later",
      { power: { changes: [{ afterSeconds: 50, state: "stopped" }] } },
      [
        [49, "Succeeded, PowerState/running, Ready"],
        [50, "Succeeded, PowerState/stopped, Not Ready"],
      ],
    ],
    [
      "deleted",
      { deletedAfterSeconds: 300 },
      [
        [239, "Succeeded, PowerState/running, Ready"],
        [240, "Deleting, PowerState/running, Ready"],
        [300, "404"],
      ],
    ],
  ])("%s", async (_, vm, expected) => {
    const made = cloud(vm);
    for (const [seconds, text] of expected) {
      await made.until(seconds);
      expect([seconds, await state(made)]).toEqual([seconds, text]);
    }
  });

  it("reports a stale agent as ready, with an old time", async () => {
    const { json } = await cloud({ agent: { state: "stale" } }).view();
    const status = at(json, "vmAgent.statuses.0");
    expect(status).toMatchObject({ displayStatus: "Ready", time: "2026-11-23T01:00:00+00:00" });
  });

  it("changes its tags when an event says so", async () => {
    const made = cloud({ tags: { a: "1" }, events: [{ afterSeconds: 60, tags: { a: "2" } }] });
    expect((await made.vm()).json["tags"]).toEqual({ a: "1" });
    await made.until(60);
    expect((await made.vm()).json["tags"]).toEqual({ a: "2" });
  });
});

describe("GET instanceView", () => {
  it("has no property that the official example lacks", async () => {
    const made = cloud({ failedExtension: "setup", pending: { Security: 1 } });
    const quiet = cloud({
      pending: { Security: 1 },
      assess: { durationSeconds: 10 },
      install: { durationSeconds: 10 },
    });
    await quiet.assess();
    await quiet.until(10);
    await quiet.install();
    await quiet.until(30);
    const official = example("VirtualMachine_Get_InstanceView.2024-07-01.json");
    expect(keysOf(official)).toEqual(expect.arrayContaining(keysOf((await made.view()).json)));
    const { json } = await quiet.view();
    for (const path of [
      "patchStatus",
      "patchStatus.availablePatchSummary",
      "patchStatus.lastPatchInstallationSummary",
      "vmAgent",
    ]) {
      expect(keysOf(at(official, path))).toEqual(expect.arrayContaining(keysOf(at(json, path))));
    }
  });

  it("has no patch status before a first operation", async () => {
    expect((await cloud().view()).json["patchStatus"]).toBeUndefined();
  });

  it("shows an operation in progress and then its end", async () => {
    const made = cloud({ pending: { Security: 2 }, assess: { durationSeconds: 100 } });
    const { headers } = await made.assess();
    await made.until(50);
    const during = at((await made.view()).json, "patchStatus.availablePatchSummary");
    expect(during).toMatchObject({ status: "InProgress", assessmentActivityId: headers["x-ms-request-id"] });
    await made.until(100);
    const after = at((await made.view()).json, "patchStatus.availablePatchSummary");
    expect(after).toMatchObject({ status: "Succeeded", criticalAndSecurityPatchCount: 2, error: { code: "Success" } });
  });

  it("stays in progress when told", async () => {
    const made = cloud({ instanceViewStuckInProgress: "assess", assess: { durationSeconds: 10 } });
    await made.assess();
    await made.until(5000);
    expect(at((await made.view()).json, "patchStatus.availablePatchSummary.status")).toBe("InProgress");
  });

  it("shows the agent silent while an install reboots the machine, which stays running", async () => {
    const made = cloud({
      pending: [{ name: "CU", kbId: "5069841", classification: "Security", reboot: "always" }],
      install: { durationSeconds: 1000 },
    });
    await made.install();
    await made.until(805);
    const { json } = await made.view();
    expect(at(json, "vmAgent.statuses.0.displayStatus")).toBe("Not Ready");
    expect(at(json, "statuses.1.code")).toBe("PowerState/running");
    await made.until(900);
    expect(at((await made.view()).json, "vmAgent.statuses.0.displayStatus")).toBe("Ready");
  });

  it("shows what an install leaves behind", async () => {
    const afterwards = { agentSilentSeconds: 300, powerState: "stopped" };
    const made = cloud({ install: { durationSeconds: 100, afterwards } });
    await made.install();
    await made.until(100);
    const { json } = await made.view();
    expect([at(json, "statuses.1.code"), at(json, "vmAgent.statuses.0.displayStatus")]).toEqual([
      "PowerState/stopped",
      "Not Ready",
    ]);
  });
});
