import { lateStartWarning } from "../../domain/maintenance/lead-time";
import { nextWindowStarts, type MaintenanceWindow, type StartView } from "../../domain/maintenance/window";
import { nothing } from "../argument";
import { command } from "../command";
import { flag } from "../options";
import { tell } from "../tell";
import { windowOf, windowOptions } from "./window-options";

/** What `--json` prints; a change of its fields is a change of this number. */
const SCHEMA_VERSION = 1;
const STARTS = 5;

export const previewCommand = command(
  "schedule preview",
  "Tells the first five starts of a schedule, or why Azure would refuse it. Needs no host.",
  nothing,
  { ...windowOptions, json: flag("Prints one JSON document instead of words.") },
  async (_, { json = false, ...given }) => {
    const window = windowOf(given);
    const starts = nextWindowStarts(window, STARTS);
    const warning = lateStartWarning(window);
    if (json) {
      const warnings = warning === undefined ? [] : [warning];
      process.stdout.write(
        `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, window: window.text, starts, warnings })}\n`,
      );
    } else {
      tell(warning === undefined ? undefined : `Note: ${warning}.`);
      process.stdout.write(previewText(window, starts));
    }
    return 0;
  },
);

export function previewText({ text }: MaintenanceWindow, starts: readonly StartView[]): string {
  const lines = starts.map(({ local, utc }) => `${local}  ${utc}`);
  const shown = lines.length > 0 ? `LOCAL                      UTC\n${lines.join("\n")}` : "It never starts.";
  return `${text.recurEvery} from ${text.startDateTime} ${text.timeZone}, for ${text.duration}\n${shown}\n`;
}
