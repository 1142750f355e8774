import { describe, expect, it } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ARM_ORIGIN } from "../../src/azure/arm-transport";
import { permissions, permissionsFor } from "../../src/azure/permissions";
import { plannedCalls } from "../../src/azure/planned-calls";
import { callsOfAdapters, imageId, install, machineId, vmId } from "./adapter-calls";

describe("the table of permissions", () => {
  it("knows every call of the adapters, and no call that none makes", async () => {
    const calls = await callsOfAdapters();

    expect(calls.filter((call) => permissionsFor(call).length === 0)).toEqual([]);
    expect(new Set(calls.flatMap(permissionsFor))).toEqual(new Set(permissions));
  });

  it("knows every query in a .kql file", async () => {
    const folder = path.resolve("src/azure/resource-graph");
    const files = readdirSync(folder).filter((file) => file.endsWith(".kql"));
    const sent = (await callsOfAdapters()).map(({ body }) => (body as { query?: string } | null)?.query);

    const withIds = files.map((file) =>
      readFileSync(path.join(folder, file), "utf8")
        .replace("{{machineIds}}", `'${machineId}'`)
        .replaceAll("{{imageId}}", `'${imageId}'`),
    );
    expect([...new Set(sent.filter((query) => query !== undefined))].toSorted()).toEqual(withIds.toSorted());
  });

  it("knows every call that a dry run promises", async () => {
    const unknown = (await plannedCalls(vmId, install)).filter((call) => permissionsFor(call).length === 0);

    expect(unknown).toEqual([]);
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
