import { afterEach, describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { cloud, closeClouds, GROUP, SUBSCRIPTION, vmIdOf } from "./cloud";

const SUPPORT_QUERY = readFileSync("src/azure/resource-graph/support-state.kql", "utf8");

describe("the main job through the real SDK clients", () => {
  afterEach(closeClouds);

  it("assesses, shows the support state late in Resource Graph, and installs", async () => {
    const made = cloud({
      pending: { Security: 2, Updates: 1 },
      assess: { durationSeconds: 300 },
      install: { durationSeconds: 900 },
    });
    const { compute, graph } = made;
    const vm = await compute.virtualMachines.get(GROUP, "vm1", { expand: "instanceView" });
    expect(vm.provisioningState).toBe("Succeeded");
    expect(vm.instanceView?.vmAgent?.statuses?.[0]?.displayStatus).toBe("Ready");

    const assessing = compute.virtualMachines.assessPatches(GROUP, "vm1", { updateIntervalInMs: 1 });
    await assessing.submitted();
    await made.until(300);
    const assessed = await assessing.pollUntilDone();
    expect(assessed).toMatchObject({ status: "Succeeded", criticalAndSecurityPatchCount: 2, otherPatchCount: 1 });

    const query = SUPPORT_QUERY.replace("{{machineIds}}", `'${vmIdOf("vm1").toLowerCase()}'`);
    const ask = () => graph.resources({ subscriptions: [SUBSCRIPTION], query });
    expect((await ask()).data).toMatchObject([{ properties: { status: "InProgress" } }]);
    await made.until(330);
    expect((await ask()).data).toMatchObject([
      {
        properties: {
          status: "Succeeded",
          assessmentActivityId: assessed.assessmentActivityId,
          configurationStatus: { vmGuestPatchReadiness: { detectedVMGuestPatchSupportState: "Supported" } },
        },
      },
    ]);

    const input = {
      rebootSetting: "IfRequired",
      maximumDuration: "PT2H",
      windowsParameters: { classificationsToInclude: ["Security"] },
    };
    const installing = compute.virtualMachines.installPatches(GROUP, "vm1", input, { updateIntervalInMs: 1 });
    await installing.submitted();
    await made.until(330 + 900);
    expect(await installing.pollUntilDone()).toMatchObject({
      status: "Succeeded",
      installedPatchCount: 2,
      notSelectedPatchCount: 1,
      rebootStatus: "Completed",
    });
    const view = await compute.virtualMachines.instanceView(GROUP, "vm1");
    expect(view.patchStatus?.availablePatchSummary).toMatchObject({
      criticalAndSecurityPatchCount: 0,
      otherPatchCount: 1,
    });
  });
});
