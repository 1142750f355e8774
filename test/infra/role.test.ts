import { expect, it } from "@jest/globals";
import { permissionsFor, type OutgoingCall } from "../../src/azure/permissions";
import { callsOfAdapters } from "../azure/adapter-calls";
import { describeWithBicep, HOME, OTHER, predicted, type Parameters, type Resource } from "./bicep";

/** Actions for the calls that are sent, each once. */
async function needed(isSent: (call: OutgoingCall) => boolean): Promise<string[]> {
  const wanted = (await callsOfAdapters()).filter(isSent).flatMap(permissionsFor);
  return [...new Set(wanted.map(({ action }) => action))].toSorted();
}

interface Grant {
  readonly actions: readonly string[];
}

/** Actions of the one role that a deployment makes. */
function granted(file: string, parameters: Parameters): string[] {
  const grants = rolesIn(predicted(file, parameters)).flatMap(
    ({ properties }) => properties?.["permissions"] as Grant[],
  );
  expect(grants).toEqual([{ actions: expect.anything(), notActions: [], dataActions: [], notDataActions: [] }]);
  return grants.flatMap((grant) => grant.actions).toSorted();
}

const rolesIn = (resources: readonly Resource[]): Resource[] =>
  resources.filter(({ type }) => type === "Microsoft.Authorization/roleDefinitions");

const own = { roleGuid: OTHER, roleName: "Goldpatch", assignableScopes: [`/subscriptions/${HOME}`] };
const deployment = {
  environmentName: "test",
  location: "westeurope",
  patchScope: `/subscriptions/${OTHER}/resourceGroups/a, /subscriptions/${HOME},/subscriptions/${OTHER.toUpperCase()}`,
};

const ends = ({ url }: OutgoingCall, ...actions: readonly string[]): boolean =>
  actions.some((action) => new URL(url).pathname.endsWith(`/${action}`));
const isPower = (call: OutgoingCall): boolean => ends(call, "start", "deallocate");

describeWithBicep("the custom role", () => {
  it("lets the app do what it does but for starting and deallocating VMs, and nothing else", async () => {
    expect(granted("main.bicep", deployment)).toEqual(await needed((call) => !isPower(call)));
  });

  it("lets it do that too where a deployment says so", async () => {
    expect(granted("main.bicep", { ...deployment, allowPower: true })).toEqual(await needed(() => true));
  });

  it("lets it only assess where installing is switched off", async () => {
    const assessing = await needed((call) => !isPower(call) && !ends(call, "installPatches"));

    expect(granted("role/definition.bicep", { ...own, allowInstall: false, allowPower: false })).toEqual(assessing);
  });

  it("is the same when made for a management group", async () => {
    expect(granted("role/in-management-group.bicep", {})).toEqual(await needed((call) => !isPower(call)));
    expect(granted("role/in-management-group.bicep", { allowPower: true })).toEqual(await needed(() => true));
  });

  it("is assigned on every subscription of the scope, where operations are followed", () => {
    const resources = predicted("main.bicep", deployment);
    const [role] = rolesIn(resources);

    const assignments = resources.filter(({ properties }) =>
      String(properties?.["roleDefinitionId"]).endsWith(`/${role?.name ?? "none"}`),
    );
    const subscriptions = assignments.map(({ id }) => /subscriptionResourceId\('([^']+)'/.exec(id)?.[1]);
    expect(subscriptions).toEqual([OTHER, HOME]);
    expect(role?.properties?.["assignableScopes"]).toEqual([`/subscriptions/${OTHER}`, `/subscriptions/${HOME}`]);
  });
});
