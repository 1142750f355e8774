import { expect, test } from "@jest/globals";
import { imageSourceOf, sourceOf } from "../../../src/domain/machine/image";

const GALLERY =
  "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/Images/providers/Microsoft.Compute/galleries/Gold/images/Ubuntu";
const MANAGED =
  "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/Images/providers/Microsoft.Compute/images/Golden-42";
const SHARED = "/SharedGalleries/1P-Gold/Images/Ubuntu";
const COMMUNITY = "/CommunityGalleries/Gold-0001/Images/Ubuntu";

test.each([
  [
    "a gallery image version",
    { id: `${GALLERY}/versions/1.2.3`, exactVersion: "1.2.3" },
    { kind: "galleryVersion", imageId: `${GALLERY}/versions/1.2.3`.toLowerCase() },
  ],
  [
    "a gallery image version in upper case",
    { id: `${GALLERY}/Versions/1.2.3`.toUpperCase() },
    { kind: "galleryVersion", imageId: `${GALLERY}/versions/1.2.3`.toLowerCase() },
  ],
  [
    "the latest version of a gallery image, which exactVersion names",
    { id: GALLERY, exactVersion: "1.2.3" },
    { kind: "galleryDefinition", imageId: `${GALLERY}/versions/1.2.3`.toLowerCase() },
  ],
  [
    "the latest version of a gallery image, which exactVersion names in upper case",
    { id: GALLERY, exactVersion: "1.2.3-RC" },
    { kind: "galleryDefinition", imageId: `${GALLERY}/versions/1.2.3-rc`.toLowerCase() },
  ],
  [
    "the latest version of a gallery image, which nothing names",
    { id: GALLERY },
    { kind: "galleryDefinition", imageId: GALLERY.toLowerCase() },
  ],
  [
    "a gallery image with the publisher of the paid marketplace image it derives from",
    { id: `${GALLERY}/versions/1.2.3`, publisher: "RedHat" },
    { kind: "galleryVersion", imageId: `${GALLERY}/versions/1.2.3`.toLowerCase() },
  ],
  ["a managed image", { id: MANAGED }, { kind: "managedImage", imageId: MANAGED.toLowerCase() }],
  [
    "a managed image, whose version nobody asks for",
    { id: MANAGED, exactVersion: "1.2.3" },
    { kind: "managedImage", imageId: MANAGED.toLowerCase() },
  ],
  [
    "a shared gallery",
    { sharedGalleryImageId: SHARED, exactVersion: "1.2.3" },
    { kind: "sharedGallery", imageId: "/sharedgalleries/1p-gold/images/ubuntu/versions/1.2.3" },
  ],
  [
    "a shared gallery's version",
    { sharedGalleryImageId: `${SHARED}/Versions/2.0.0`, exactVersion: "1.2.3" },
    { kind: "sharedGallery", imageId: "/sharedgalleries/1p-gold/images/ubuntu/versions/2.0.0" },
  ],
  [
    "a community gallery, with an id beside it",
    { communityGalleryImageId: COMMUNITY, id: `${GALLERY}/versions/1.2.3` },
    { kind: "communityGallery", imageId: "/communitygalleries/gold-0001/images/ubuntu" },
  ],
  ["the marketplace", { publisher: "Canonical", exactVersion: "22.04.2026" }, { kind: "marketplace", imageId: null }],
  [
    "the marketplace, on a disk that was attached later",
    { publisher: "Canonical", diskCreateOption: "Attach" },
    { kind: "marketplace", imageId: null },
  ],
  ["an attached disk", { diskCreateOption: "ATTACH" }, { kind: "attachedDisk", imageId: null }],
  [
    "a disk from an image that Azure no longer names",
    { diskCreateOption: "FromImage" },
    { kind: "unknown", imageId: null },
  ],
  ["an image id of another kind", { id: "/Somewhere/Else" }, { kind: "unknown", imageId: "/somewhere/else" }],
  ["nothing", {}, { kind: "unknown", imageId: null }],
] as const)("a VM from %s", (_, image, source) => {
  expect(imageSourceOf(image)).toEqual(source);
});

test("an Arc-enabled server has no image, and a VM its own", () => {
  expect(sourceOf({ arc: {}, image: {} })).toEqual({ kind: "none", imageId: null });
  expect(sourceOf({ image: { id: MANAGED } })).toEqual(imageSourceOf({ id: MANAGED }));
});
