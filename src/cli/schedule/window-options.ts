import { readWindow, type MaintenanceWindow, type WindowText } from "../../domain/maintenance/window";
import { text, type Given } from "../options";
import { UsageError } from "../usage-error";

/** A maintenance window, in Azure's words. */
export const windowOptions = {
  recur: text(
    "RECURRENCE",
    'How often: "Day", "3Days", "6Hours", "Week Saturday,Sunday", "Month day23,day24", "Month Second Tuesday Offset4".',
  ),
  start: text("TIME", 'From when on, on the clocks of --time-zone, such as "2026-12-01 22:00".'),
  "time-zone": text("ZONE", 'A time zone by its Windows name, such as "W. Europe Standard Time".'),
  duration: text("HH:MM", "How long a window is open: 01:30 to 03:55."),
};

const FLAGS = { recurEvery: "recur", startDateTime: "start", timeZone: "time-zone", duration: "duration" } as const;

/** The window as Azure takes it. @throws UsageError that names all that is missing, or all that Azure would refuse */
export function windowOf(given: Given<typeof windowOptions>): MaintenanceWindow {
  const missing = Object.values(FLAGS).filter((name) => given[name] === undefined);
  if (missing.length > 0) {
    const named = missing.map((name) => `--${name}`).join(", ");
    throw new UsageError(`${named}: missing; write for instance ${EXAMPLE}`);
  }
  const { recur = "", start = "", "time-zone": timeZone = "", duration = "" } = given;
  const written: WindowText = { recurEvery: recur, startDateTime: start, timeZone, duration };
  const reading = readWindow(written);
  if (reading.kind === "read") return reading.window;
  throw new UsageError(
    reading.problems.map(({ field, value, rule }) => `--${FLAGS[field]} "${value}": ${rule}`).join("; "),
  );
}

const EXAMPLE =
  '--recur "Month Second Tuesday Offset4" --start "2026-12-01 22:00" --time-zone "W. Europe Standard Time" --duration 02:00';
