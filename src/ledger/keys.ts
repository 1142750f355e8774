import { hash } from "node:crypto";

/** 32 hexadecimal digits: short enough for instance ids, wide enough never to meet. */
const digest = (...parts: readonly string[]): string => hash("sha256", JSON.stringify(parts), "hex").slice(0, 32);

/** All rows of one VM share a partition, so that a lease and an intent change together. */
export const vmPartition = (canonicalVmId: string): string => `vm-${digest(canonicalVmId)}`;

/** Events of one deployment share the correlation id; redelivery and both schemas carry the same. */
export const eventRunId = (canonicalVmId: string, correlationId: string): string =>
  `event-${digest(canonicalVmId, correlationId.toLowerCase())}`;

export const sweepRunId = (canonicalVmId: string, sweepId: string): string => `sweep-${digest(canonicalVmId, sweepId)}`;

export const httpRunId = (canonicalVmId: string, requestId: string): string =>
  `http-${digest(canonicalVmId, requestId)}`;

/** Every run id begins with one of these, in order: a share of all runs is found without reading the others. */
export const runIdPrefixes: readonly string[] = ["event", "http", "sweep"].flatMap((trigger) =>
  Array.from({ length: 16 }, (_, digit) => `${trigger}-${digit.toString(16)}`),
);

export const imageKey = (imageId: string): string => `image-${digest(imageId)}`;

/** A GUID that is the same for the same intent: Azure logs it with the operation. */
export function requestIdOf(...parts: readonly string[]): string {
  const hex = digest(...parts);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}

/** 0 to 1, the same for the same run: spreads polls without randomness. */
export const spreadOf = (runId: string): number => parseInt(digest(runId).slice(0, 8), 16) / 0xffffffff;

/** A share of an index, so that none is read whole: at 100,000 rows a scan reads about 1,600. */
const SHARDS = 64;
const shardName = (index: number): string => String(index).padStart(2, "0");
export const shards: readonly string[] = Array.from({ length: SHARDS }, (_, index) => shardName(index));
export const shardOf = (runId: string): string => shardName(Math.min(SHARDS - 1, Math.floor(spreadOf(runId) * SHARDS)));

/** Begins with the hour in which it was asked for, by which it is forgotten (ledger/policy-sweeps.ts). */
export const policySweepId = (requestedAt: string, requestId: string): string =>
  `policy-${requestedAt.replaceAll(/[^0-9TZ]/g, "")}-${digest(requestId).slice(0, 8)}`;

/** @param id of a schedule or one of its runs, in lower case */
export const scheduleKey = (id: string): string => digest(id);

/** @param vmId in any case */
export const machineKey = (vmId: string): string => digest(vmId.toLowerCase());

/** An order's key may be any text; and what was asked for may be long. */
export const orderId = (key: string): string => digest("order", key);
export const bodyHash = (body: string): string => digest("body", body);
