import { CLASSIFICATIONS } from "../fleet/patch-schema";
import type { MachineResource } from "../machine/machine-resource";
import type { PatchOperation } from "../patching/operation";
import type { Patch } from "../patching/patch";
import { DAY_MS, SECOND_MS } from "../timestamps";
import { missingPatchRows } from "./missing-patch-rows";
import { lagOf, rowOf, type Row } from "./row";

interface Publication {
  readonly at: number;
  readonly row: Row;
  /** What an assessment that is over found missing. */
  readonly patches: readonly Row[] | undefined;
  /** Last change of what the row tells of. */
  readonly modifiedAt: number;
}

/** Assessments are kept for 7 days: [DOC] query-logs. */
const RETENTION_MS = 7 * DAY_MS;

export const assessmentRowId = ({ id }: MachineResource): string => `${id}/patchAssessmentResults/latest`;

/** The row `latest` of one machine in `patchassessmentresources`: each assessment overwrites it, late. */
export class AssessmentRows {
  readonly #machine: MachineResource;
  readonly #publications: Publication[] = [];

  constructor(machine: MachineResource) {
    this.#machine = machine;
  }

  publish(operation: PatchOperation, givenLagMs?: number): void {
    const { graph } = this.#machine.vm;
    if (!operation.reaches || (graph.row === "missing" && givenLagMs === undefined)) return;
    if (operation.kind === "install" && !operation.assessed) return;
    const lagMs = givenLagMs ?? lagOf(this.#machine, operation.id);
    const shownAt = operation.endsAt + lagMs;
    const finalAt = shownAt + graph.inProgressSeconds * SECOND_MS;
    if (operation.kind === "assess" && givenLagMs === undefined) {
      const begins = graph.showsInProgress ? Math.min(operation.startsAt + lagMs, shownAt) : shownAt;
      if (begins < finalAt) this.#add(begins, operation.startsAt, this.#row(operation, false), undefined);
    }
    this.#add(finalAt, operation.endsAt, this.#row(operation, true), missingPatchRows(this.#machine, operation));
  }

  visible(now: number): readonly Row[] {
    const [publication, older] = this.#publications.filter(({ at }) => at <= now).reverse();
    if (!publication || publication.modifiedAt < now - RETENTION_MS) return [];
    switch (this.#machine.vm.graph.row) {
      case "duplicated":
        return [publication.row, publication.row];
      case "besideOlder":
        return older ? [older.row, publication.row] : [publication.row];
      default:
        return [publication.row];
    }
  }

  /** One row for each patch that the last assessment found missing; one that is under way leaves them as they were. */
  visiblePatches(now: number): readonly Row[] {
    const over = this.#publications.filter(({ at, patches }) => at <= now && patches !== undefined);
    const newest = over.at(-1);
    return newest && newest.modifiedAt >= now - RETENTION_MS ? (newest.patches ?? []) : [];
  }

  #add(at: number, modifiedAt: number, row: Row, patches: readonly Row[] | undefined): void {
    this.#publications.push({ at, modifiedAt, row, patches });
    this.#publications.sort((one, other) => one.at - other.at);
  }

  #row(operation: PatchOperation, over: boolean): Row {
    const { graph } = this.#machine.vm;
    return rowOf(this.#machine, {
      id: assessmentRowId(this.#machine),
      name: graph.rowName === "guid" ? operation.id : "latest",
      type: `${this.#machine.type.toLowerCase()}/patchassessmentresults`,
      properties: this.#properties(operation, over),
    });
  }

  /** [DOC] query-logs; assessmentActivityId [3P] azure-addenda A6. A full public row with readiness is not known. */
  #properties(operation: PatchOperation, over: boolean): unknown {
    const { vm, image, world } = this.#machine;
    const { assessed } = operation;
    const broken = operation.ending.status !== "Succeeded";
    const common = {
      status: over ? (vm.graph.status ?? (broken ? "Failed" : (assessed?.status ?? "Failed"))) : "InProgress",
      ...(vm.graph.activityId ? { assessmentActivityId: operation.id } : {}),
      osType: image.osType,
      patchServiceUsed: image.osType === "Windows" ? "WU-WSUS" : "APT",
      startDateTime: world.calendar.zulu(wholeSecond(operation.startsAt)),
      lastModifiedDateTime: world.calendar.zulu(wholeSecond(over ? operation.endsAt : operation.startsAt)),
      startedBy: operation.startedBy,
    };
    if (!over) return common;
    const { readiness } = operation;
    const error = vm.graph.errorDetails ?? operation.ending.error;
    return {
      ...common,
      rebootPending: assessed?.rebootPending ?? false,
      ...(error ? { errorDetails: { ...error, details: [] } } : {}),
      availablePatchCountByClassification: countByClassification(assessed?.patches ?? []),
      configurationStatus: {
        ...(readiness === null ? {} : { vmGuestPatchReadiness: { detectedVMGuestPatchSupportState: readiness } }),
        assessmentModeConfiguration: { status: "Ready" },
        patchModeConfiguration: { status: "Ready" },
      },
    };
  }
}

const wholeSecond = (instant: number): number => Math.ceil(instant / SECOND_MS) * SECOND_MS;

export function countByClassification(patches: readonly Patch[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    CLASSIFICATIONS.map((word) => [
      word === "UpdateRollUp" ? "updateRollup" : word.charAt(0).toLowerCase() + word.slice(1),
      patches.filter(({ classification }) => classification === word).length,
    ]),
  );
}
