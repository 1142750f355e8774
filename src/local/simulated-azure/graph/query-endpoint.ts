import { createHash } from "node:crypto";
import { jsonAnswer, type ArmResponse } from "../arm-message";
import type { Fleet } from "../fleet/fleet-schema";
import { KqlError } from "../kql/kql-error";
import { Planner, type RunnableQuery } from "../kql/plan";
import type { Machine } from "../machine/machine";
import type { Maintenance } from "../maintenance/maintenance";
import { badRequest, parseQueryRequest, type QueryRequest } from "./query-request";
import type { Row } from "./row";
import { MAINTENANCE_TABLE, readTable, TABLE_COLUMNS } from "./tables";

/** Rows of a page; also the most that one answer carries. */
const PAGE_ROWS = 1000;
const VM_ID = /\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.compute\/virtualmachines\/[^/]+/i;

export interface GraphAnswer {
  readonly response: ArmResponse;
  /** The VMs whose ids the query names, in lower case. */
  readonly vmIds: readonly string[];
}

/** `POST /providers/Microsoft.ResourceGraph/resources`: evaluates the KQL text it is sent. */
export class QueryEndpoint {
  readonly #fleet: Fleet;
  readonly #machines: readonly Machine[];
  readonly #maintenance: Maintenance;
  readonly #planner = new Planner(TABLE_COLUMNS);

  constructor(fleet: Fleet, machines: readonly Machine[], maintenance: Maintenance) {
    this.#fleet = fleet;
    this.#maintenance = maintenance;
    this.#machines = machines;
  }

  /** @throws ArmError 400 that names what cannot be evaluated */
  answer(body: string | undefined, now: number): GraphAnswer {
    const request = parseQueryRequest(body);
    const query = this.#plan(request.query);
    const machines = this.#inScope(request);
    const rows = query.run([
      ...readTable(query.plan.table, machines, now),
      ...this.#maintenanceRows(request, query, now),
    ]);
    return { response: jsonAnswer(200, page(request, query, rows)), vmIds: namedVms(query) };
  }

  #maintenanceRows({ subscriptions }: QueryRequest, { plan }: RunnableQuery, now: number): readonly Row[] {
    if (plan.table !== MAINTENANCE_TABLE) return [];
    const wanted = subscriptions?.map((id) => id.toLowerCase());
    return this.#maintenance
      .rows(now)
      .filter((row) => !wanted || wanted.includes(String(row["subscriptionId"]).toLowerCase()));
  }

  #plan(query: string): RunnableQuery {
    try {
      return this.#planner.plan(query);
    } catch (error) {
      if (error instanceof KqlError) throw badRequest("InvalidQuery", `Query is invalid: ${error.message}.`);
      throw error;
    }
  }

  #inScope({ subscriptions, managementGroups }: QueryRequest): readonly Machine[] {
    if (!subscriptions && !managementGroups) return this.#machines;
    const wanted = new Set((subscriptions ?? []).map((id) => id.toLowerCase()));
    for (const name of managementGroups ?? []) {
      const group = this.#fleet.managementGroups.find((one) => one.name.toLowerCase() === name.toLowerCase());
      if (!group) throw badRequest("InvalidManagementGroup", `The management group '${name}' could not be found.`);
      for (const id of group.subscriptions) wanted.add(id.toLowerCase());
    }
    const known = new Set([this.#fleet.subscriptionId, ...this.#machines.map((machine) => machine.subscriptionId)]);
    if (![...known].some((id) => wanted.has(id.toLowerCase()))) {
      throw badRequest(
        "NoValidSubscriptionsInQueryRequest",
        `There must be at least one subscription that is eligible to contain resources. Given: '${[...wanted].join(",")}'.`,
      );
    }
    return this.#machines.filter((machine) => wanted.has(machine.subscriptionId.toLowerCase()));
  }
}

/** Paging needs a projected `id`; without it, what does not fit is cut off: facts/azure.md §3.1 [DOC]. */
function page(request: QueryRequest, { plan }: RunnableQuery, rows: readonly Row[]): unknown {
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
