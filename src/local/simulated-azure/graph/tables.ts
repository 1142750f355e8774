import type { Machine } from "../machine/machine";
import { assessmentRowId } from "./assessment-rows";
import { resourceRow } from "./resource-rows";
import { COLUMNS, type Row } from "./row";

type TableReader = (machine: Machine, now: number) => readonly Row[];

/** ARG checks this action, although no custom role can list it: azure-addenda A7 [3P]. */
const ASSESSMENTS_READ = "patchAssessmentResults/read";
const INSTALLATIONS_READ = "patchInstallationResults/read";
const READ = "read";

/** @param action below the machine's type */
const readable =
  (action: string, reader: TableReader): TableReader =>
  (machine, now) =>
    machine.denies(`${machine.type}/${action}`) || !machine.life.exists(now) ? [] : reader(machine, now);

const TABLES: ReadonlyMap<string, TableReader> = new Map<string, TableReader>([
  [
    "resources",
    readable(READ, (machine, now) => {
      const row = resourceRow(machine, now);
      return row ? [row] : [];
    }),
  ],
  ["patchassessmentresources", readable(ASSESSMENTS_READ, (machine, now) => machine.patches.assessmentRows(now))],
  ["patchinstallationresources", readable(INSTALLATIONS_READ, (machine, now) => machine.patches.installationRows(now))],
]);

/** Not of machines alone: subscriptions have assignments too. */
export const MAINTENANCE_TABLE = "maintenanceresources";

export const TABLE_COLUMNS: ReadonlyMap<string, readonly string[]> = new Map(
  [...TABLES.keys(), MAINTENANCE_TABLE].map((name) => [name, COLUMNS]),
);

export const readTable = (table: string, machines: readonly Machine[], now: number): readonly Row[] => {
  const reader = TABLES.get(table);
  return reader ? machines.flatMap((machine) => reader(machine, now)) : [];
};

/** The ids that rows of a machine bear, one of each form, in tables where these forms are the same at all times. */
export const ROW_IDS: ReadonlyMap<string, (machine: Machine) => readonly [string, ...string[]]> = new Map<
  string,
  (machine: Machine) => readonly [string, ...string[]]
>([
  ["resources", ({ id }) => [id]],
  [
    "patchassessmentresources",
    (machine) => [assessmentRowId(machine), `${assessmentRowId(machine)}/softwarePatches/any`],
  ],
]);
