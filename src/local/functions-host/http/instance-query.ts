import type { Instance } from "../durable/instance";

const PAGE_SIZE = 100;

export const CONTINUATION_HEADER = "x-ms-continuation-token";

const STATUSES = ["Pending", "Running", "Suspended", "Completed", "Failed", "Terminated"];

/** Instances that fit the query, ordered by id. Statuses and dates that make no sense are ignored (real-host: client-api). */
export function matching(instances: readonly Instance[], query: URLSearchParams): Instance[] {
  const from = dateOf(query.get("createdTimeFrom")) ?? Number.NEGATIVE_INFINITY;
  const to = dateOf(query.get("createdTimeTo")) ?? Number.POSITIVE_INFINITY;
  const prefix = query.get("instanceIdPrefix") ?? "";
  const named = (query.get("runtimeStatus") ?? "").toLowerCase().split(",");
  const statuses = STATUSES.filter((status) => named.includes(status.toLowerCase()));
  return instances
    .filter(
      ({ createdAt, instanceId, status }) =>
        createdAt >= from &&
        createdAt <= to &&
        instanceId.startsWith(prefix) &&
        (statuses.length === 0 || statuses.includes(status)),
    )
    .sort((left, right) => (left.instanceId < right.instanceId ? -1 : 1));
}

export interface Page {
  readonly instances: readonly Instance[];
  /** Where the next page begins; undefined on the last one. */
  readonly token: string | undefined;
}

/** The token is the next instance's id, so instances that come and go in between do no harm. */
export function pageOf(ordered: readonly Instance[], top: string | null, token: string | undefined): Page {
  const size = Math.max(1, Number.parseInt(top ?? "", 10) || PAGE_SIZE);
  const first = token ? Buffer.from(token, "base64").toString("utf8") : "";
  const rest = ordered.filter(({ instanceId }) => instanceId >= first);
  const next = rest[size];
  return {
    instances: rest.slice(0, size),
    token: next && Buffer.from(next.instanceId, "utf8").toString("base64"),
  };
}

const dateOf = (value: string | null): number | undefined => {
  const instant = value === null ? Number.NaN : Date.parse(value);
  return Number.isNaN(instant) ? undefined : instant;
};
