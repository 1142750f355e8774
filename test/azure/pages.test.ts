import { describe, expect, test } from "@jest/globals";
import type { Arm } from "../../src/azure/arm";
import { readScopesOfSubscription } from "../../src/azure/maintenance/assignments";
import { readScopeVms } from "../../src/azure/maintenance/patch-settings";
import { readScheduledInstallations } from "../../src/azure/maintenance/runs";
import { installationQuery } from "../../src/azure/resource-graph/installation-rows";
import { queryMachineRows } from "../../src/azure/resource-graph/machine-rows";
import { readMissingPatches } from "../../src/azure/resource-graph/missing-patches";
import { pagesOf } from "../../src/azure/resource-graph/pages";
import { readSweepVms } from "../../src/azure/resource-graph/sweep-vms";
import { machineId, runId, vmId } from "./adapter-calls";
import { graph } from "./graph-stub";

const { subscriptionId } = vmId;
const rowsOf = (count: number, row: (index: number) => object): object[] =>
  Array.from({ length: count }, (_, i) => row(i));
const endless = (data: readonly object[] = []) => graph(() => ({ data, $skipToken: "more" }));

describe("an answer of several pages", () => {
  test("is asked for by the same query and place, with the token of the page before", async () => {
    const { arm, asked } = graph((turn) => ({ data: [], ...(turn < 2 && { $skipToken: `token ${turn}` }) }));
    expect(await readScopeVms(arm, subscriptionId)).toEqual({ kind: "done", value: [] });
    expect(asked.map(({ options }) => options.$skipToken)).toEqual([undefined, "token 0", "token 1"]);
    expect(new Set(asked.map(({ query, subscriptions }) => JSON.stringify([query, subscriptions]))).size).toBe(1);
    expect(asked.map(({ options }) => options.$top)).toEqual([1000, 1000, 1000]);
  });

  test("shows a machine the installation that only its last page has", async () => {
    const row = (name: string) => ({ id: `${machineId}/patchInstallationResults/${name}`, properties: {} });
    const { arm } = graph((turn) =>
      turn === 0
        ? { data: rowsOf(1000, (index) => row(`early-${index}`)), $skipToken: "rest" }
        : { data: [row("late")] },
    );
    const [read] = await queryMachineRows(arm, installationQuery, [machineId]);
    expect(read?.kind === "read" && read.rows.map(({ activityId }) => activityId).at(-1)).toBe("late");
  });

  test("is read a page a call for sweeps", async () => {
    const { arm, asked } = endless();
    const page = await readSweepVms(arm, { scope: [{ subscriptionId }] }, "from here");
    expect(page).toEqual({ kind: "read", vms: [], skipToken: "more" });
    expect(asked.map(({ options }) => options.$skipToken)).toEqual(["from here"]);
  });

  test("of a machine's patches is left off where the list says no more", async () => {
    const { arm, asked } = endless(rowsOf(1000, (index) => ({ name: `patch-${index}`, properties: {} })));
    const read = await readMissingPatches(arm, machineId);
    expect(read).toMatchObject({ kind: "read", complete: false });
    expect(read.kind === "read" && read.patches.length).toBe(5000);
    expect(asked).toHaveLength(5);
  });
});

describe("an answer that does not end", () => {
  const trouble = {
    kind: "unavailable",
    message: "Resource Graph's answer does not end: after 500 pages it names another one",
  };

  test.each([
    ["machines of a subscription", (arm: Arm) => readScopeVms(arm, subscriptionId)],
    ["dynamic scopes", (arm: Arm) => readScopesOfSubscription(arm, subscriptionId)],
    ["installations of runs", (arm: Arm) => readScheduledInstallations(arm, [runId], [subscriptionId])],
    ["missing patches", (arm: Arm) => readMissingPatches(arm, machineId)],
    ["rows of machines", async (arm: Arm) => (await queryMachineRows(arm, installationQuery, [machineId]))[0]],
  ])("is given up: %s", async (_, read) => {
    const { arm, asked } = endless();
    expect(await read(arm)).toEqual(trouble);
    expect(asked).toHaveLength(500);
  });

  test("is given up by whoever walks pages of VMs", async () => {
    const { arm } = endless();
    const walk = async () => {
      let pages = 0;
      for await (const page of pagesOf((token) => readSweepVms(arm, { scope: [{ subscriptionId }] }, token))) {
        pages += page.kind === "read" ? 1 : 0;
      }
      return pages;
    };
    await expect(walk()).rejects.toThrow(trouble.message);
  });
});

test("an answer that was cut off without a token is not taken for the whole", async () => {
  const { arm } = graph(() => ({ data: [], resultTruncated: "true" }));
  expect(await readScopeVms(arm, subscriptionId)).toEqual({
    kind: "unavailable",
    message: "Resource Graph cut its answer off and gave no token for the rest: the query must project id",
  });
});
