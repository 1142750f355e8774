import { nearestName } from "../nearest";
import { windowsZones } from "./windows-zones";

/** Windows names of time zones, which Azure's schedules use, each with its IANA zones: the general one first. */
const zones = new Map(Object.entries(windowsZones));

const byName = new Map([...zones.keys()].map((name) => [name.toLowerCase(), name]));

const MOST_SUGGESTIONS = 3;

export type ZoneReading =
  | { readonly kind: "known"; readonly name: string; readonly iana: string }
  /** The nearest names there are, best first; none when nothing comes near. */
  | { readonly kind: "unknown"; readonly nearest: readonly string[] };

/** Reads a Windows zone name, in any case. */
export function readWindowsZone(text: string): ZoneReading {
  const name = byName.get(text.trim().toLowerCase()) ?? "";
  const [iana] = zones.get(name) ?? [];
  return iana === undefined ? { kind: "unknown", nearest: nearestZones(text.trim()) } : { kind: "known", name, iana };
}

/** By IANA name, which most people know; else by spelling, and by the words of the name. */
function nearestZones(text: string): string[] {
  const wanted = text.toLowerCase();
  const isWanted = (iana: string) => iana.toLowerCase() === wanted;
  const ofIana = [...zones].filter(([, ianas]) => ianas.some(isWanted));
  // The general zone of one name is a lesser one of others.
  if (ofIana.length > 0) return ofIana.map(([name]) => name).slice(0, 1);
  const names = [...zones.keys()];
  const meant = nearestName(text, names);
  const words = wanted.split(/[^a-z]+/).filter((word) => word.length > 2 && !GENERAL.includes(word));
  const similar = names.filter((name) => words.some((word) => name.toLowerCase().includes(word)));
  return [...new Set([...(meant === undefined ? [] : [meant]), ...similar])].slice(0, MOST_SUGGESTIONS);
}

/** In nearly all names. */
const GENERAL = ["standard", "time"];
