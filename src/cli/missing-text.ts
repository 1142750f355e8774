import type { MissingPatchList } from "../contracts/api/vms";

const REBOOTS: Readonly<Record<string, string>> = {
  neverreboots: "no reboot",
  canrequestreboot: "may need a reboot",
  alwaysrequiresreboot: "needs a reboot",
};

/** A list for a person; `--json` has all. */
const MOST_LINES = 40;

/** The patches that a machine lacks, one line each, by classification. */
export function missingText({ patches, complete, seenAt }: MissingPatchList): string {
  const lines = patches
    .map(({ name, kbId, version, classifications, rebootBehavior }) => ({
      classification: classifications.join(", ") || "unclassified",
      reboot: REBOOTS[(rebootBehavior ?? "").toLowerCase()] ?? rebootBehavior ?? "reboot not known",
      what: [name, ...(version !== null ? [version] : kbId !== null && !name.includes(kbId) ? [`KB${kbId}`] : [])].join(
        " ",
      ),
    }))
    .sort((one, other) => textOrder(one.classification, other.classification) || textOrder(one.what, other.what));
  const shown = lines.slice(0, MOST_LINES);
  const width = (of: "classification" | "reboot") => Math.max(...shown.map((line) => line[of].length));
  const rest = patches.length - shown.length;
  return [
    `Missing patches by name${seenAt === null ? "" : `, from Resource Graph, as of ${seenAt}`}:`,
    ...shown.map(
      ({ classification, reboot, what }) =>
        `  ${classification.padEnd(width("classification"))}  ${reboot.padEnd(width("reboot"))}  ${what}`,
    ),
    ...(rest > 0 ? [`  and ${rest} more: --json lists them`] : []),
    ...(complete ? [] : ["  Azure lists still more than were read."]),
  ].join("\n");
}

const textOrder = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
