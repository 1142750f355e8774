import { describe, expect, it } from "@jest/globals";
import { definitionOf, isOfImage, parseImageId } from "../../src/domain/machine/image-id";
import { countStates, disagree } from "../../src/domain/support/of-image";

const GALLERY =
  "/subscriptions/11111111-2222-4333-8444-555555555555/resourcegroups/rg/providers/microsoft.compute/galleries/gold/images/win";

describe("an image's id", () => {
  it.each([
    `${GALLERY}/versions/1.2.3`,
    GALLERY,
    "/subscriptions/s/resourcegroups/rg/providers/microsoft.compute/images/managed",
    "/sharedgalleries/s-gold/images/win/versions/1.0.0",
    "/communitygalleries/gold-1/images/win",
  ])("is %s in any case", (id) => {
    expect(parseImageId(` ${id.toUpperCase()}/ `)).toBe(id);
  });

  it.each(["", "win", "/subscriptions/s", `${GALLERY}/versions`, `${GALLERY}/versions/1/2`, "/galleries/g/images/i"])(
    "is not %j",
    (text) => expect(parseImageId(text)).toBeUndefined(),
  );

  it("of a definition means each of its versions, and no other definition's", () => {
    expect(isOfImage(`${GALLERY}/versions/1.0.0`, GALLERY)).toBe(true);
    expect(isOfImage(`${GALLERY}/versions/1.0.0`, `${GALLERY}/versions/1.0.0`)).toBe(true);
    expect(isOfImage(`${GALLERY}/versions/1.0.0`, `${GALLERY}/versions/1.0`)).toBe(false);
    expect(isOfImage(`${GALLERY}2/versions/1.0.0`, GALLERY)).toBe(false);
    expect(definitionOf(`${GALLERY}/versions/1.0.0`)).toBe(GALLERY);
    expect(definitionOf(GALLERY)).toBe(GALLERY);
  });
});

describe("the VMs of one image version", () => {
  const vms = (...states: readonly ("Supported" | "Unsupported" | "Unknown" | null)[]) =>
    states.map((supportState, index) => ({ vmId: `/vm-${index}`, supportState }));

  it("are counted by state", () => {
    expect(countStates(vms("Supported", null, "Supported", "Unknown"))).toEqual({ Supported: 2, none: 1, Unknown: 1 });
  });

  it("disagree only when some are Supported and others Unsupported", () => {
    expect(disagree(vms("Supported", "Unsupported"))).toBe(true);
    expect(disagree(vms("Supported", "Unknown", null))).toBe(false);
    expect(disagree(vms("Unsupported"))).toBe(false);
    expect(disagree([])).toBe(false);
  });
});
