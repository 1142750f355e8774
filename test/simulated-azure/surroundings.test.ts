import { afterEach, describe, expect, it } from "@jest/globals";
import { at, cloud, closeClouds, GROUP, SUBSCRIPTION, vmIdOf } from "./cloud";

afterEach(closeClouds);

const PERMISSIONS = "/providers/Microsoft.Authorization/permissions?api-version=2022-04-01";
const PROVIDER = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute?api-version=2021-04-01`;
const IMAGES = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-images/providers/Microsoft.Compute`;
const DEFINITION = `${IMAGES}/galleries/goldgallery/images/win`;

describe("beside the machines", () => {
  it("permissions are what the fleet does not deny, at the scope that is asked", async () => {
    const { get } = bound({ denied: ["One/action"] }, { denied: ["Other/action"] });
    const granted = async (scope: string) => at((await get(`${scope}${PERMISSIONS}`)).json, "value");

    expect(await granted(`/subscriptions/${SUBSCRIPTION}`)).toMatchObject([
      { actions: ["*"], notActions: ["Other/action"] },
    ]);
    expect(await granted(vmIdOf("vm1"))).toMatchObject([{ notActions: ["Other/action", "One/action"] }]);
    expect((await get(`${vmIdOf("vm9")}${PERMISSIONS}`)).status).toBe(404);
    expect((await get(`/subscriptions/${GROUP}${PERMISSIONS}`)).json).toMatchObject({
      error: { code: "SubscriptionNotFound" },
    });
  });

  it.each([
    ["Microsoft.Authorization/permissions/read", `/subscriptions/${SUBSCRIPTION}${PERMISSIONS}`],
    ["Microsoft.Resources/subscriptions/providers/read", PROVIDER],
    ["Microsoft.Compute/galleries/images/read", `${DEFINITION}?api-version=2025-03-03`],
    ["Microsoft.Compute/galleries/images/versions/read", `${DEFINITION}/versions/1.0.0?api-version=2025-03-03`],
    ["Microsoft.Compute/images/read", `${IMAGES}/images/lin?api-version=2025-04-01`],
  ])("%s is needed", async (action, path) => {
    expect((await bound({}, {}).get(path)).status).toBe(200);
    const refused = await bound({}, { denied: [action] }).get(path);
    expect(refused).toMatchObject({ status: 403, json: { error: { code: "AuthorizationFailed" } } });
    expect(refused.body).toContain(`'${action}'`);
  });

  it("a provider that is not registered refuses what is Compute's", async () => {
    const made = cloud({}, { unregisteredProviders: ["microsoft.compute"] });
    expect((await made.get(PROVIDER)).json).toMatchObject({ registrationState: "NotRegistered" });
    expect(await made.vm()).toMatchObject({
      status: 409,
      json: { error: { code: "MissingSubscriptionRegistration" } },
    });
    expect((await cloud().get(PROVIDER)).json).toMatchObject({ registrationState: "Registered" });
  });

  it("an image tells its architecture, and is not there once it is gone", async () => {
    const images = (more: object) => ({
      images: [{ name: "win", kind: "galleryVersion", osType: "Windows", ...more }],
    });
    const path = `${DEFINITION}?api-version=2025-03-03`;
    expect(at((await bound({}, images({ architecture: "Arm64" })).get(path)).json, "properties.architecture")).toBe(
      "Arm64",
    );
    expect((await bound({}, images({ gone: true })).get(path)).status).toBe(404);
    expect((await bound({}, images({})).get(`${DEFINITION}/versions/9.9.9?api-version=1`)).status).toBe(404);
    expect((await bound({}, images({})).get(`${IMAGES}/images/win?api-version=1`)).status).toBe(404);
  });

  it("nothing is written there", async () => {
    expect((await cloud().send("PUT", PROVIDER, {})).json).toMatchObject({ error: { code: "NotSimulated" } });
  });
});

function bound(vm: object, fleet: object) {
  const made = cloud({ ...vm }, { ...fleet });
  return { get: (path: string) => made.get(path) };
}
