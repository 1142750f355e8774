import type { Image } from "../fleet/image-schema";

type Json = Readonly<Record<string, unknown>>;

/** How a VM's storage profile names its image: facts/azure.md §4.1 [V-TYPE, V-SPEC]. Undefined: no imageReference. */
export function imageReference(image: Image, subscriptionId: string): Json | undefined {
  const home = `/subscriptions/${subscriptionId}/resourceGroups/${image.resourceGroup}/providers/Microsoft.Compute`;
  const definition = `${home}/galleries/${image.gallery}/images/${image.name}`;
  switch (image.kind) {
    case "galleryVersion":
      return { id: `${definition}/versions/${image.version}`, exactVersion: image.version };
    case "galleryDefinition":
      return { id: definition, exactVersion: image.version };
    case "managedImage":
      return { id: `${home}/images/${image.name}` };
    case "directSharedGallery":
      return {
        sharedGalleryImageId: `/SharedGalleries/${image.gallery}/Images/${image.name}/Versions/${image.version}`,
      };
    case "communityGallery":
      return {
        communityGalleryImageId: `/CommunityGalleries/${image.gallery}/Images/${image.name}/Versions/${image.version}`,
      };
    case "marketplace":
      return {
        publisher: image.publisher,
        offer: image.offer,
        sku: image.sku,
        version: "latest",
        exactVersion: image.version,
      };
    case "attachedDisk":
    case "unknown":
      return undefined;
    default:
      return image.kind satisfies never;
  }
}

/** The rest of the OS disk that tells where it came from. */
export function diskOrigin(image: Image): Json {
  if (image.kind === "attachedDisk") return { createOption: "Attach" };
  const vhd = { image: { uri: `https://goldimages.blob.core.windows.net/vhds/${image.name}.vhd` } };
  return { createOption: "FromImage", ...(image.kind === "unknown" ? vhd : {}) };
}
