import { describe, expect, it } from "@jest/globals";
import { globSync, readFileSync } from "node:fs";
import { ARM_ORIGIN } from "../../src/azure/arm-transport";
import { permissions, permissionsFor } from "../../src/azure/permissions";
import { plannedCalls } from "../../src/azure/planned-calls";
import { canonicalScheduleId } from "../../src/domain/maintenance/schedule-id";
import { arcId, callsOfAdapters, imageId, install, machineId, runId, scheduleId, vmId } from "./adapter-calls";

describe("the table of permissions", () => {
  it("knows every call of the adapters, and no call that none makes", async () => {
    const calls = await callsOfAdapters();

    expect(calls.filter((call) => permissionsFor(call).length === 0)).toEqual([]);
    expect(new Set(calls.flatMap(permissionsFor))).toEqual(new Set(permissions));
  });

  it("knows every query in a .kql file", async () => {
    const files = globSync("src/azure/**/*.kql");
    const sent = (await callsOfAdapters()).map(({ body }) => (body as { query?: string } | null)?.query);

    const withIds = files.map((file) =>
      readFileSync(file, "utf8")
        .replace("{{machineIds}}", `'${machineId}'`)
        .replace("{{subscriptionId}}", vmId.subscriptionId)
        .replaceAll("{{imageId}}", `'${imageId}'`)
        .replace("{{scheduleIds}}", `'${canonicalScheduleId(scheduleId)}'`)
        .replace("{{runIds}}", `'${runId}'`),
    );
    expect([...new Set(sent.filter((query) => query !== undefined))].toSorted()).toEqual(withIds.toSorted());
  });

  it("knows every call that a dry run promises", async () => {
    const promised = [...(await plannedCalls(vmId, install)), ...(await plannedCalls(arcId, install))];

    expect(promised).toHaveLength(8);
    expect(promised.filter((call) => permissionsFor(call).length === 0)).toEqual([]);
  });

  it("has one wildcard", () => {
    const wide = permissions.map(({ action }) => action).filter((action) => action.includes("*"));

    expect([...new Set(wide)]).toEqual(["Microsoft.Compute/virtualMachines/patchAssessmentResults/*"]);
  });

  it.each([
    ["a call of another service", { method: "GET", url: `${ARM_ORIGIN}/subscriptions/1/providers/x/y` }],
    ["another method", { method: "PUT", url: `${ARM_ORIGIN}${machineId}` }],
    ["what lies below a VM", { method: "GET", url: `${ARM_ORIGIN}${machineId}/instanceView` }],
  ])("does not take %s for one of ours", (_, call) => {
    expect(permissionsFor({ ...call, body: null })).toEqual([]);
  });

  it("does not take rows of another table for those that it knows", () => {
    const url = `${ARM_ORIGIN}/providers/Microsoft.ResourceGraph/resources`;
    const query = "advisorresources\n| where type =~ 'microsoft.compute/virtualmachines'";

    expect(permissionsFor({ method: "POST", url, body: { query } })).toEqual([]);
  });
});
