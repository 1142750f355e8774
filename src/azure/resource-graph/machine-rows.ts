import DataLoader from "dataloader";
import type { z } from "zod";
import { sleepUntil, type Clock } from "../../clock";
import { readFailureOf, type ReadFailure } from "../answers";
import type { Arm } from "../arm";
import { GRAPH_COALESCE_MS, GRAPH_IDS_PER_QUERY } from "../limits";
import { readAllRows } from "./pages";

export type Rows<T> = { readonly kind: "read"; readonly rows: readonly T[] } | ReadFailure;

/** A query with the placeholder `{{machineIds}}`, and the shape of its rows. */
export interface MachineQuery<T extends MachineRow> {
  readonly query: string;
  readonly row: z.ZodType<T>;
}

export interface MachineRow {
  /** The VM's ARM id in lower case. */
  readonly machineId: string;
}

/** Reads the rows of machines; reads that begin at about the same time share one query. */
export class MachineRows<T extends MachineRow> {
  readonly #loader: DataLoader<string, Rows<T>>;

  constructor(arm: Arm, clock: Clock, query: MachineQuery<T>) {
    this.#loader = new DataLoader((machineIds: readonly string[]) => queryTogether(arm, query, machineIds), {
      cache: false,
      maxBatchSize: GRAPH_IDS_PER_QUERY,
      batchScheduleFn: (dispatch) => void sleepUntil(clock, clock.now() + GRAPH_COALESCE_MS).then(dispatch),
    });
  }

  /** @param machineId the VM's ARM id in lower case */
  read(machineId: string): Promise<Rows<T>> {
    return this.#loader.load(machineId);
  }
}

/** The rows of each machine, in their order; one query after the other for as many as one may name. */
export async function queryMachineRows<T extends MachineRow>(
  arm: Arm,
  query: MachineQuery<T>,
  machineIds: readonly string[],
): Promise<Rows<T>[]> {
  const rows: Rows<T>[] = [];
  for (let at = 0; at < machineIds.length; at += GRAPH_IDS_PER_QUERY) {
    rows.push(...(await queryTogether(arm, query, machineIds.slice(at, at + GRAPH_IDS_PER_QUERY))));
  }
  return rows;
}

/** One query for up to GRAPH_IDS_PER_QUERY machines, all its pages: a machine has a row for each installation of 30 days. */
async function queryTogether<T extends MachineRow>(
  arm: Arm,
  { query, row }: MachineQuery<T>,
  machineIds: readonly string[],
): Promise<Rows<T>[]> {
  const ids = [...new Set(machineIds)];
  const subscriptions = [...new Set(ids.map((id) => id.split("/")[2] ?? ""))];
  try {
    const text = query.replace("{{machineIds}}", ids.map(quoted).join(", "));
    const rows = await readAllRows(arm, { subscriptions, query: text, row });
    return machineIds.map((id) => ({ kind: "read", rows: rows.filter(({ machineId }) => machineId === id) }));
  } catch (failure) {
    return machineIds.map(() => readFailureOf(failure));
  }
}

/** A KQL string literal; ids were validated before, so nothing is left to escape but the quote itself. */
export const quoted = (id: string): string => `'${id.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
