/** One request to simulated Azure. */
export interface TranscriptLine {
  /** When it arrived: simulated time on our clock, ISO 8601. */
  readonly t: string;
  readonly method: string;
  /** Path and query; of a signed address only what is no secret. */
  readonly path: string;
  /** Null when the client got no answer. */
  readonly status: number | null;
  /** The bucket of the service that it was charged to. ARM's own buckets follow from the method. */
  readonly bucket: string | null;
  /** In lower case; a Resource Graph query lists all VMs that it names. */
  readonly vmIds: readonly string[];
  readonly operationId: string | null;
  readonly clientRequestId: string | null;
}

const TOLD_PARAMETERS = new Set(["api-version", "monitor", "$expand"]);

/** Path and query with the value of every other parameter hidden: operation addresses are signed. */
export function told(url: URL): string {
  const query = [...url.searchParams].map(([name, value]) => `${name}=${TOLD_PARAMETERS.has(name) ? value : "*"}`);
  return url.pathname + (query.length > 0 ? `?${query.join("&")}` : "");
}
