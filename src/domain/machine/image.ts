import type { ImageReference, MachineView } from "./view";

/** Where a VM's operating system disk came from (Compute API: storageProfile.imageReference and osDisk). */
export type ImageKind =
  | "galleryVersion"
  | "galleryDefinition"
  | "managedImage"
  | "sharedGallery"
  | "communityGallery"
  | "attachedDisk"
  | "marketplace"
  | "unknown"
  /** An Azure Arc-enabled server: Azure knows of no image. */
  | "none";

export interface ImageSource {
  readonly kind: ImageKind;
  /** Lower case, with the version where Azure tells it; null where no image stands behind the VM. */
  readonly imageId: string | null;
}

/** Where a machine of either kind came from. */
export const sourceOf = ({ arc, image }: Pick<MachineView, "arc" | "image">): ImageSource =>
  arc ? { kind: "none", imageId: null } : imageSourceOf(image);

/** A gallery id wins over publisher and plan: images derived from paid marketplace images carry both. */
export function imageSourceOf(image: ImageReference): ImageSource {
  if (image.communityGalleryImageId) {
    return { kind: "communityGallery", imageId: versioned(image.communityGalleryImageId, image.exactVersion) };
  }
  if (image.sharedGalleryImageId) {
    return { kind: "sharedGallery", imageId: versioned(image.sharedGalleryImageId, image.exactVersion) };
  }
  const id = image.id?.toLowerCase() ?? "";
  if (id.includes("/providers/microsoft.compute/galleries/")) {
    const kind = id.includes("/versions/") ? "galleryVersion" : "galleryDefinition";
    return { kind, imageId: versioned(id, image.exactVersion) };
  }
  if (id.includes("/providers/microsoft.compute/images/")) return { kind: "managedImage", imageId: id };
  if (image.publisher) return { kind: "marketplace", imageId: null };
  if (image.diskCreateOption?.toLowerCase() === "attach") return { kind: "attachedDisk", imageId: null };
  return { kind: "unknown", imageId: id || null };
}

/** `id` without a version means the latest at creation; `exactVersion` then tells which one that was. */
function versioned(imageId: string, exactVersion: string | undefined): string {
  const id = imageId.toLowerCase();
  return exactVersion && !id.includes("/versions/") ? `${id}/versions/${exactVersion.toLowerCase()}` : id;
}
