import type { ImageSource } from "../machine/image";
import { isTaggedOff } from "../machine/readiness";
import { isInScope, parseScopeEntry } from "../machine/scope";
import type { VmId } from "../machine/vm-id";
import { sameText } from "../text";
import type { PolicyScope } from "./policy";
import { hasAnyTag, hasEveryTag } from "./tags";

/** What is known of a VM when a sweep looks for its machines. */
export interface Candidate {
  readonly vmId: VmId;
  /** Names of the groups above its subscription. */
  readonly managementGroups: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly image: ImageSource;
  readonly osType?: string;
}

/** Why a VM is not of a policy. */
export type NotSelected =
  "place" | "taggedOff" | "tagMissing" | "tagExcluded" | "imageKind" | "image" | "imageVersion" | "operatingSystem";

/** Why a VM is none of the policy's, or undefined when it is. */
export function whyNotSelected(scope: PolicyScope, vm: Candidate): NotSelected | undefined {
  if (!isInPlace(scope, vm)) return "place";
  if (isTaggedOff(vm.tags)) return "taggedOff";
  if (!hasEveryTag(vm.tags, scope.tags.include)) return "tagMissing";
  if (hasAnyTag(vm.tags, scope.tags.exclude)) return "tagExcluded";
  const { kinds, ids, versions } = scope.images;
  if (kinds.length > 0 && !kinds.some((kind) => kind === vm.image.kind)) return "imageKind";
  if (ids.length > 0 && !ids.some((id) => isImage(vm.image.imageId, id))) return "image";
  if (versions.length > 0 && !versions.some((mask) => isVersion(vm.image.imageId, mask))) return "imageVersion";
  const systems = scope.operatingSystems;
  return systems.some((system) => sameText(vm.osType, system)) ? undefined : "operatingSystem";
}

function isInPlace({ subscriptions, managementGroups, resourceGroups }: PolicyScope, vm: Candidate): boolean {
  const places = [...subscriptions.map((id) => `/subscriptions/${id}`), ...resourceGroups];
  return (
    isInScope(
      places.flatMap((place) => parseScopeEntry(place) ?? []),
      vm.vmId,
    ) || managementGroups.some((wanted) => vm.managementGroups.some((name) => sameText(name, wanted)))
  );
}

/** An image's own id, or that of the definition that it is a version of. */
function isImage(imageId: string | null, wanted: string): boolean {
  const id = wanted.toLowerCase();
  return imageId === id || (imageId?.startsWith(`${id}/`) ?? false);
}

function isVersion(imageId: string | null, mask: string): boolean {
  const [, version] = imageId?.split("/versions/") ?? [];
  return version !== undefined && matches(version, mask.toLowerCase());
}

/** Whether a text fits a mask in which `*` stands for anything. Without regular expressions: masks come from users. */
function matches(text: string, mask: string): boolean {
  const [first, last] = [mask.indexOf("*"), mask.lastIndexOf("*")];
  if (first < 0) return text === mask;
  const [start, end] = [mask.slice(0, first), mask.slice(last + 1)];
  if (!text.startsWith(start)) return false;
  let from = start.length;
  for (const part of mask.slice(first, last).split("*")) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return text.length - end.length >= from && text.endsWith(end);
}
