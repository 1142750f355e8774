import { describe, expect, it } from "@jest/globals";
import { countScopes } from "../../src/activities/schedule/scope-count";
import { scopeIdOf } from "../../src/azure/maintenance/assignments";

const HERE = "11111111-2222-4333-8444-555555555555";
const schedule = { subscriptionId: HERE, resourceGroup: "rg", name: "weekly" };
const idOf = (name: string) =>
  `/subscriptions/${HERE}/resourceGroups/rg/providers/Microsoft.Maintenance/maintenanceConfigurations/${name}`;
const association = (index: number, of: string) => ({
  ...{ id: scopeIdOf(HERE, `scope-${index}`), name: `scope-${index}`, scheduleId: idOf(of) },
  ...{ filter: {}, resourceId: `/subscriptions/${HERE}` },
});
const scopes = (count: number, of = "weekly") => Array.from({ length: count }, (_, index) => association(index, of));

/** A subscription with these dynamic scopes, and a schedule in each of two regions. */
function apiOf(known: ReturnType<typeof scopes>) {
  const asked: string[] = [];
  const scheduleIn = (name: string, location: string) => ({
    ...{ id: idOf(name), location, maintenanceScope: "InGuestPatch", window: null, installPatches: null },
  });
  const api = {
    readScopesOfSubscription: () => Promise.resolve({ kind: "done" as const, value: known }),
    listSchedules(subscriptionId: string) {
      asked.push(subscriptionId);
      return Promise.resolve({
        kind: "done" as const,
        value: [scheduleIn("weekly", "West Europe"), scheduleIn("far", "uksouth")],
      });
    },
  };
  return { api, asked };
}

describe("dynamic scopes of a subscription in the schedule's region", () => {
  const scope = { subscriptionId: HERE, name: "new" };
  const count = (known: ReturnType<typeof scopes>, name = "new") => {
    const { api, asked } = apiOf(known);
    return countScopes(api, { ...scope, name }, schedule, "westeurope").then((answer) => ({ answer, asked }));
  };

  it("are counted with the new one, without asking for regions where there are few", async () => {
    expect(await count(scopes(249))).toEqual({ answer: { kind: "done", value: 250 }, asked: [] });
  });

  it("count one that is changed once", async () => {
    expect((await count(scopes(250), "SCOPE-7")).answer).toEqual({ kind: "done", value: 250 });
  });

  it("are too many only if their schedules lie there", async () => {
    expect(await count(scopes(250))).toEqual({ answer: { kind: "done", value: 251 }, asked: [HERE] });
    expect((await count(scopes(250, "far"))).answer).toEqual({ kind: "done", value: 1 });
  });

  it("are not counted when Azure does not tell them", async () => {
    const failed = { kind: "unavailable" as const, message: "busy" };
    const { api } = apiOf([]);
    const silent = { ...api, readScopesOfSubscription: () => Promise.resolve(failed) };
    expect(await countScopes(silent, scope, schedule, "westeurope")).toEqual(failed);
    const noList = { ...apiOf(scopes(250)).api, listSchedules: () => Promise.resolve(failed) };
    expect(await countScopes(noList, scope, schedule, "westeurope")).toEqual(failed);
  });
});
