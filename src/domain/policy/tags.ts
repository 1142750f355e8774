import { sameText } from "../text";
import type { TagValues } from "./policy";

type Tags = Readonly<Record<string, string>>;

/** Azure compares names of tags in any case; so do we with values, for nobody means Prod and prod to differ. */
function hasTag(tags: Tags, name: string, values: readonly string[]): boolean {
  return Object.entries(tags).some(
    ([tag, value]) => sameText(tag, name) && values.some((wanted) => wanted === "*" || sameText(value, wanted)),
  );
}

export const hasEveryTag = (tags: Tags, wanted: TagValues): boolean =>
  Object.entries(wanted).every(([name, values]) => hasTag(tags, name, values));

export const hasAnyTag = (tags: Tags, wanted: TagValues): boolean =>
  Object.entries(wanted).some(([name, values]) => hasTag(tags, name, values));
