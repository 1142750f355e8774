import type { RuntimeStatus } from "../durable/instance";
import type { InstanceQuery } from "../durable/store";

const PAGE_SIZE = 100;

export const CONTINUATION_HEADER = "x-ms-continuation-token";

const STATUSES: readonly RuntimeStatus[] = ["Pending", "Running", "Suspended", "Completed", "Failed", "Terminated"];

/** Statuses and dates that make no sense are ignored (real-host: client-api). */
export function queryOf(parameters: URLSearchParams): InstanceQuery {
  const named = (parameters.get("runtimeStatus") ?? "").toLowerCase().split(",");
  return {
    createdFrom: instantOf(parameters.get("createdTimeFrom")),
    createdTo: instantOf(parameters.get("createdTimeTo")),
    idPrefix: parameters.get("instanceIdPrefix") ?? "",
    statuses: STATUSES.filter((status) => named.includes(status.toLowerCase())),
  };
}

export const pageSizeOf = (parameters: URLSearchParams): number =>
  Math.max(1, Number.parseInt(parameters.get("top") ?? "", 10) || PAGE_SIZE);

/** The token is the next instance's id, so instances that come and go in between do no harm. */
export const tokenOf = (nextId: string): string => Buffer.from(nextId, "utf8").toString("base64");

export const continuationOf = (token: string | undefined): string | undefined =>
  token ? Buffer.from(token, "base64").toString("utf8") : undefined;

const instantOf = (value: string | null): number | undefined => {
  const instant = value === null ? Number.NaN : Date.parse(value);
  return Number.isNaN(instant) ? undefined : instant;
};
