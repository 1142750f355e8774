import type { VmId } from "../machine/vm-id";

/** A probe's address for one VM: its places filled in, so that no name can reach beyond its own place. */
export function probeAddress(url: string, { subscriptionId, resourceGroup, name }: VmId): string {
  const values: Readonly<Record<string, string>> = { subscriptionId, resourceGroup, vmName: name };
  return url.replaceAll(/\{(\w+)\}/g, (place, word: string) => {
    const value = values[word];
    return value === undefined ? place : encoded(value);
  });
}

/** What encodeURIComponent leaves alone is encoded too, and dots alone twice: as they are they would climb up the path. */
const encoded = (value: string): string =>
  /^\.+$/.test(value)
    ? value.replaceAll(".", "%252E")
    : encodeURIComponent(value).replaceAll(
        /[!'()*]/g,
        (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
      );
