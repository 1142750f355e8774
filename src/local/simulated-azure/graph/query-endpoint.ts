import { createHash } from "node:crypto";
import { jsonAnswer, type ArmResponse } from "../arm-message";
import type { Fleet } from "../fleet/fleet-schema";
import { KqlError } from "../kql/kql-error";
import { Planner, type Plan, type RunnableQuery } from "../kql/plan";
import type { Machine } from "../machine/machine";
import { badRequest, parseQueryRequest, type QueryRequest } from "./query-request";
import type { Row } from "./row";
import { MAINTENANCE_TABLE, readTable, ROW_IDS, TABLE_COLUMNS } from "./tables";

/** Rows of a page; also the most that one answer carries. */
const PAGE_ROWS = 1000;
const VM_ID =
  /\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.(?:compute\/virtualmachines|hybridcompute\/machines)\/[^/]+/i;

export interface GraphAnswer {
  readonly response: ArmResponse;
  /** The VMs whose ids the query names, in lower case. */
  readonly vmIds: readonly string[];
}

/** A machine and its place among all. */
interface Placed {
  readonly machine: Machine;
  readonly place: number;
}

/** What a query found at an instant, of which pages are still to be asked for. */
interface Found {
  readonly fingerprint: string;
  readonly now: number;
  readonly rows: readonly Row[];
}

const toPlaced = (machine: Machine, place: number): Placed => ({ machine, place });

/** `POST /providers/Microsoft.ResourceGraph/resources`: evaluates the KQL text it is sent. */
export class QueryEndpoint {
  readonly #fleet: Fleet;
  readonly #machines: readonly Machine[];
  readonly #maintenance: (now: number) => readonly Row[];
  readonly #subscriptions: ReadonlySet<string>;
  readonly #planner = new Planner(TABLE_COLUMNS);
  /** The machines by what a plan's filter makes of their rows' id. */
  readonly #placed = new WeakMap<Plan, ReadonlyMap<string, readonly Placed[]>>();
  /** Pages of one instant are of one result: evaluated for each page, a fleet would cost the square of its size. */
  #found: Found | undefined;

  /** @param maintenance the rows of `maintenanceresources` */
  constructor(fleet: Fleet, machines: readonly Machine[], maintenance: (now: number) => readonly Row[]) {
    this.#fleet = fleet;
    this.#maintenance = maintenance;
    this.#machines = machines;
    this.#subscriptions = new Set([fleet, ...machines].map(({ subscriptionId }) => subscriptionId.toLowerCase()));
  }

  /** @throws ArmError 400 that names what cannot be evaluated */
  answer(body: string | undefined, now: number): GraphAnswer {
    const request = parseQueryRequest(body);
    const query = this.#plan(request.query);
    const rows = this.#rows(request, query, now);
    const answer = page(request, query, rows);
    if (answer.$skipToken === undefined) this.#found = undefined;
    return { response: jsonAnswer(200, answer), vmIds: namedVms(query) };
  }

  #rows(request: QueryRequest, query: RunnableQuery, now: number): readonly Row[] {
    const inScope = this.#scope(request);
    const isNextPage = request.options?.$skipToken !== undefined;
    const found = this.#found;
    if (isNextPage && found?.now === now && found.fingerprint === fingerprint(request)) return found.rows;
    const machines = this.#candidates(query).filter(inScope);
    const rows = query.run([
      ...readTable(query.plan.table, machines, now),
      ...this.#maintenanceRows(request, query, now),
    ]);
    this.#found = { fingerprint: fingerprint(request), now, rows };
    return rows;
  }

  #maintenanceRows({ subscriptions }: QueryRequest, { plan }: RunnableQuery, now: number): readonly Row[] {
    if (plan.table !== MAINTENANCE_TABLE) return [];
    const wanted = subscriptions?.map((id) => id.toLowerCase());
    return this.#maintenance(now).filter(
      (row) => !wanted || wanted.includes(String(row["subscriptionId"]).toLowerCase()),
    );
  }

  #plan(query: string): RunnableQuery {
    try {
      return this.#planner.plan(query);
    } catch (error) {
      if (error instanceof KqlError) throw badRequest("InvalidQuery", `Query is invalid: ${error.message}.`);
      throw error;
    }
  }

  /** Every machine that may have a row which the query keeps: a fleet's size does not slow queries that name VMs. */
  #candidates({ plan, lists }: RunnableQuery): readonly Machine[] {
    const { idFilter, table } = plan;
    const rowIds = ROW_IDS.get(table);
    if (!idFilter || !rowIds) return this.#machines;
    const valueOf = (id: string) => (idFilter.caseless ? idFilter.valueOf(id).toLowerCase() : idFilter.valueOf(id));
    const keyOf = ({ machine }: Placed) => valueOf(rowIds(machine)[0]);
    // A filter that tells rows of one machine apart tells nothing about machines.
    const [sample] = this.#machines;
    if (sample && new Set(rowIds(sample).map(valueOf)).size > 1) return this.#machines;
    const placed = this.#placed.get(plan) ?? Map.groupBy(this.#machines.map(toPlaced), keyOf);
    this.#placed.set(plan, placed);
    const list = lists[idFilter.list];
    return [...((idFilter.caseless ? list?.lower : list?.exact) ?? [])]
      .flatMap((item) => placed.get(item) ?? [])
      .sort((one, other) => one.place - other.place)
      .map(({ machine }) => machine);
  }

  /** Whether a machine lies in the scope of the request. @throws ArmError */
  #scope({ subscriptions, managementGroups }: QueryRequest): (machine: Machine) => boolean {
    if (!subscriptions && !managementGroups) return () => true;
    const wanted = new Set((subscriptions ?? []).map((id) => id.toLowerCase()));
    for (const name of managementGroups ?? []) {
      const group = this.#fleet.managementGroups.find((one) => one.name.toLowerCase() === name.toLowerCase());
      if (!group) throw badRequest("InvalidManagementGroup", `The management group '${name}' could not be found.`);
      for (const id of group.subscriptions) wanted.add(id.toLowerCase());
    }
    if (![...this.#subscriptions].some((id) => wanted.has(id))) {
      throw badRequest(
        "NoValidSubscriptionsInQueryRequest",
        `There must be at least one subscription that is eligible to contain resources. Given: '${[...wanted].join(",")}'.`,
      );
    }
    return (machine) => wanted.has(machine.subscriptionId.toLowerCase());
  }
}

interface Page {
  readonly totalRecords: number;
  readonly count: number;
  readonly resultTruncated: string;
  readonly $skipToken?: string;
  readonly facets: readonly unknown[];
  readonly data: unknown;
}

/** Paging needs a projected `id`; without it, what does not fit is cut off: facts/azure.md §3.1 [DOC]. */
function page(request: QueryRequest, { plan }: RunnableQuery, rows: readonly Row[]): Page {
  const { options } = request;
  const pageable = plan.columns.includes("id") && !plan.limited;
  const from = options?.$skipToken === undefined ? (options?.$skip ?? 0) : offsetOf(options.$skipToken, request);
  const until = from + (options?.$top ?? PAGE_ROWS);
  const data = rows.slice(from, until);
  const more = until < rows.length;
  return {
    totalRecords: rows.length,
    count: data.length,
    resultTruncated: more && !pageable ? "true" : "false",
    ...(more && pageable ? { $skipToken: tokenOf(until, request) } : {}),
    facets: [],
    data: options?.resultFormat === "table" ? table(plan.columns, data) : data,
  };
}

const table = (columns: readonly string[], rows: readonly Row[]): unknown => ({
  columns: columns.map((name) => ({ name, type: "object" })),
  rows: rows.map((row) => columns.map((name) => row[name] ?? null)),
});

const fingerprint = ({ query, subscriptions, managementGroups }: QueryRequest): string =>
  createHash("sha256")
    .update(JSON.stringify([query, subscriptions, managementGroups]))
    .digest("base64url");

const tokenOf = (offset: number, request: QueryRequest): string =>
  Buffer.from(JSON.stringify({ offset, of: fingerprint(request) })).toString("base64");

function offsetOf(token: string, request: QueryRequest): number {
  const content: unknown = parsed(Buffer.from(token, "base64").toString("utf8"));
  if (typeof content === "object" && content !== null && "offset" in content && "of" in content) {
    if (typeof content.offset === "number" && content.of === fingerprint(request)) return content.offset;
  }
  throw badRequest("InvalidSkipToken", "The skip token does not belong to this query and scope.");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const namedVms = ({ strings }: RunnableQuery): string[] => [
  ...new Set(strings.flatMap((item) => VM_ID.exec(item)?.[0].toLowerCase() ?? [])),
];
