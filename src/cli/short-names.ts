export const vmName = (vmId: string): string => vmId.split("/").at(-1) ?? vmId;

const FIXED = new Set([
  "galleries",
  "sharedgalleries",
  "communitygalleries",
  "images",
  "versions",
  "providers",
  "microsoft.compute",
]);

/** `gallery/image/version` of an image's ARM id; anything else as it is. */
export function shortImage(imageId: string): string {
  const parts = imageId.split("/").filter((part) => part !== "");
  const from = parts.findIndex((part) => part.toLowerCase() === "microsoft.compute" || FIXED.has(part.toLowerCase()));
  return from < 0
    ? imageId
    : parts
        .slice(from)
        .filter((part) => !FIXED.has(part.toLowerCase()))
        .join("/");
}
