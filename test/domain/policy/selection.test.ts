import { describe, expect, it } from "@jest/globals";
import type { PolicyScope } from "../../../src/domain/policy/policy";
import { whyNotSelected, type Candidate, type NotSelected } from "../../../src/domain/policy/selection";

const A = "aaaaaaaa-1111-4111-8111-111111111111";
const B = "bbbbbbbb-1111-4111-8111-111111111111";
const GALLERY = `/subscriptions/${A}/resourcegroups/images/providers/microsoft.compute/galleries/corp`;

const scope: PolicyScope = {
  subscriptions: [A],
  managementGroups: [],
  resourceGroups: [],
  tags: { include: {}, exclude: {} },
  images: { kinds: [], ids: [], versions: [] },
  operatingSystems: ["Windows", "Linux"],
};
const vm: Candidate = {
  vmId: { kind: "azureVm", subscriptionId: A.toUpperCase(), resourceGroup: "Web", name: "web-01" },
  managementGroups: ["platform"],
  tags: { Environment: "Prod", owner: "web" },
  image: { kind: "galleryVersion", imageId: `${GALLERY}/images/ubuntu/versions/2026.11.2` },
  osType: "Linux",
};
const images = (what: Partial<PolicyScope["images"]>) => ({ images: { ...scope.images, ...what } });
const tags = (include: PolicyScope["tags"]["include"], exclude: PolicyScope["tags"]["exclude"] = {}) => ({
  tags: { include, exclude },
});

describe("a VM is the policy's", () => {
  it.each<[string, Partial<PolicyScope>, Partial<Candidate>]>([
    ["in its subscription", {}, {}],
    ["in its resource group", { subscriptions: [], resourceGroups: [`/subscriptions/${A}/resourcegroups/web`] }, {}],
    ["below its management group", { subscriptions: [], managementGroups: ["PLATFORM"] }, {}],
    ["with a tag of these values, in any case", tags({ environment: ["test", "prod"] }), {}],
    ["with a tag of any value", tags({ OWNER: ["*"] }), {}],
    ["with no tag that keeps it out", tags({}, { owner: ["finance"], ring: ["*"] }), {}],
    ["from an image of this kind", images({ kinds: ["managedImage", "galleryVersion"] }), {}],
    ["from this version", images({ ids: [`${GALLERY}/images/ubuntu/versions/2026.11.2`] }), {}],
    ["from a version of this definition", images({ ids: [`${GALLERY}/images/ubuntu`.toUpperCase()] }), {}],
    ["from this gallery", images({ ids: [GALLERY] }), {}],
    ["with this version number", images({ versions: ["2026.11.2"] }), {}],
    ["with such a version number", images({ versions: ["2025.*", "2026.*"] }), {}],
    ["with wildcards around", images({ versions: ["*.11.*"] }), {}],
    ["with two wildcards in a row", images({ versions: ["2026.**2"] }), {}],
    ["with any version number", images({ versions: ["*"] }), {}],
    ["of this operating system, in any case", { operatingSystems: ["Linux"] }, { osType: "linux" }],
  ])("%s", (_, wanted, is) => {
    expect(whyNotSelected({ ...scope, ...wanted }, { ...vm, ...is })).toBeUndefined();
  });
});

describe("a VM is not the policy's", () => {
  it.each<[string, NotSelected, Partial<PolicyScope>, Partial<Candidate>]>([
    ["in another subscription", "place", { subscriptions: [B] }, {}],
    [
      "in another resource group",
      "place",
      { subscriptions: [], resourceGroups: [`/subscriptions/${A}/resourcegroups/we`] },
      {},
    ],
    ["in a resource group that cannot be read", "place", { subscriptions: [], resourceGroups: ["web"] }, {}],
    ["below another management group", "place", { subscriptions: [], managementGroups: ["platform-test"] }, {}],
    ["tagged off", "taggedOff", {}, { tags: { Goldpatch: "OFF" } }],
    ["without a tag", "tagMissing", tags({ environment: ["prod"], ring: ["*"] }), {}],
    ["with another value of the tag", "tagMissing", tags({ environment: ["pro"] }), {}],
    ["with one of the tags that keep it out", "tagExcluded", tags({}, { ring: ["*"], owner: ["web"] }), {}],
    ["from another kind of image", "imageKind", images({ kinds: ["managedImage"] }), {}],
    ["from another definition", "image", images({ ids: [`${GALLERY}/images/ubu`] }), {}],
    ["from no known image", "image", images({ ids: [GALLERY] }), { image: { kind: "attachedDisk", imageId: null } }],
    ["with another version number", "imageVersion", images({ versions: ["2026.11", "2026.11.2*0", "6.11.2"] }), {}],
    ["with a mask that would use a letter twice", "imageVersion", images({ versions: ["2026.11.2*2"] }), {}],
    ["with a mask whose middle is not there", "imageVersion", images({ versions: ["2026.*.12.*"] }), {}],
    ["with a mask that ends otherwise", "imageVersion", images({ versions: ["2026.*.3"] }), {}],
    [
      "without a version number",
      "imageVersion",
      images({ versions: ["*"] }),
      { image: { kind: "managedImage", imageId: "/x" } },
    ],
    [
      "without an image that has one",
      "imageVersion",
      images({ versions: ["*"] }),
      { image: { kind: "unknown", imageId: null } },
    ],
    ["of another operating system", "operatingSystem", { operatingSystems: ["Windows"] }, {}],
  ])("%s: %s", (_, why, wanted, is) => {
    expect(whyNotSelected({ ...scope, ...wanted }, { ...vm, ...is })).toBe(why);
  });

  it("of an operating system that Azure does not tell", () => {
    const { osType: _osType, ...unknown } = vm;
    expect(whyNotSelected(scope, unknown)).toBe("operatingSystem");
  });
});
