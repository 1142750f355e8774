import type { PolicyScope } from "../../domain/policy/policy";
import { counted, listed, tagsText } from "./words";

const MOST_NAMED = 5;

const named = (names: readonly string[], one: string): string[] => {
  if (names.length === 0) return [];
  return names.length > MOST_NAMED
    ? [counted(names.length, one)]
    : [`${one}${names.length === 1 ? "" : "s"} ${listed(names)}`];
};

/** Which VMs a policy is for, one condition a line. */
export function scopeText({
  subscriptions,
  managementGroups,
  resourceGroups,
  tags,
  images,
  operatingSystems,
}: PolicyScope): string[] {
  const places = [
    ...named(subscriptions, "subscription"),
    ...named(managementGroups, "management group"),
    ...named(resourceGroups, "resource group"),
  ];
  const has = (of: object): boolean => Object.keys(of).length > 0;
  const origin = [
    ...(images.kinds.length > 0 ? [`of kind ${listed(images.kinds, "or")}`] : []),
    ...(images.ids.length > 0 ? [`being ${listed(images.ids, "or")}`] : []),
    ...(images.versions.length > 0 ? [`in version ${listed(images.versions, "or")}`] : []),
  ];
  return [
    `${listed(operatingSystems)} in ${listed(places)}, where GOLDPATCH_SCOPE holds them too`,
    `from ${origin.length > 0 ? `customized images ${listed(origin)}` : "any customized image"}`,
    ...(has(tags.include) ? [`with the tags ${tagsText(tags.include)}`] : []),
    `without the tags ${tagsText({ ...tags.exclude, goldpatch: [...(tags.exclude["goldpatch"] ?? []), "off"] }, "or")}`,
  ];
}
