import { looking, type Read } from "./get";
import type { Arm } from "../arm";

export interface ImageLook {
  /** Of the image definition, such as `x64`; absent for a managed image. */
  readonly architecture?: string;
}

const GALLERY =
  /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/providers\/microsoft\.compute\/galleries\/([^/]+)\/images\/([^/]+)(?:\/versions\/([^/]+))?$/;
const MANAGED = /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/providers\/microsoft\.compute\/images\/([^/]+)$/;

/**
 * Reads the image that a VM came from: the gallery's definition, then the version.
 *
 * @param imageId in lower case
 * @returns undefined for an image that has no address of its own to read (shared by others, or none)
 */
export function readImage(arm: Arm, imageId: string): Promise<Read<ImageLook>> | undefined {
  const [, galleryHome, galleryGroup, gallery, definition, version] = GALLERY.exec(imageId) ?? [];
  if (galleryHome && galleryGroup && gallery && definition) {
    const { galleryImages, galleryImageVersions } = arm.compute(galleryHome);
    return looking(async () => {
      const { architecture } = await galleryImages.get(galleryGroup, gallery, definition);
      if (version) await galleryImageVersions.get(galleryGroup, gallery, definition, version);
      return { ...(architecture !== undefined && { architecture }) };
    });
  }
  const [, home, group, name] = MANAGED.exec(imageId) ?? [];
  if (!home || !group || !name) return undefined;
  return looking(async () => {
    await arm.compute(home).images.get(group, name);
    return {};
  });
}
