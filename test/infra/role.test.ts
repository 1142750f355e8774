import { expect, it } from "@jest/globals";
import { permissionsFor, type OutgoingCall, type Permission } from "../../src/azure/permissions";
import { callsOfAdapters } from "../azure/adapter-calls";
import { describeWithBicep, HOME, OTHER, predicted, type Parameters, type Resource } from "./bicep";

/** Actions for the calls that are sent, each once. */
async function needed(
  isSent: (call: OutgoingCall) => boolean,
  parts: readonly Permission["part"][] = [undefined],
): Promise<string[]> {
  const wanted = (await callsOfAdapters())
    .filter(isSent)
    .flatMap(permissionsFor)
    .filter(({ part }) => parts.includes(part));
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

describeWithBicep("the custom role", () => {
  it("lets the app do what it does, and nothing else", async () => {
    expect(granted("main.bicep", deployment)).toEqual(await needed(() => true));
  });

  it("lets it only assess where installing is switched off", async () => {
    const assessing = await needed(({ url }) => !new URL(url).pathname.endsWith("/installPatches"));

    expect(granted("role/definition.bicep", { ...own, allowInstall: false })).toEqual(assessing);
  });

  it.each([
    [{ allowSchedules: true }, [undefined, "schedules"]],
    [{ allowPrerequisites: true }, [undefined, "prerequisites"]],
    [{ allowPower: true }, [undefined, "power"]],
    [{ allowSchedules: true, allowPrerequisites: true }, [undefined, "schedules", "prerequisites"]],
  ] as const)("with %j lets it do that part too", async (asked, parts) => {
    expect(granted("main.bicep", { ...deployment, ...asked })).toEqual(await needed(() => true, parts));
  });

  it("is the same when made for a management group", async () => {
    expect(granted("role/in-management-group.bicep", {})).toEqual(await needed(() => true));
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
