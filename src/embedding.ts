import type { Clock } from "./clock";
import type { Store } from "./store/store";

/** One request to Azure Resource Manager as it leaves the SDK's pipeline, and its answer. Header names are lower case. */
export interface ArmExchange {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}
export interface ArmAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One call to a service that a policy names: a hook or a probe. Header names are lower case. */
export interface HttpsRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}
/** The head of its answer; nobody reads the body. */
export interface HttpsAnswer {
  readonly status: number;
  readonly retryAfter?: string;
}

/**
 * What a host that runs the app on one machine may lend to it before it loads the app.
 * On Azure nobody does, and the app uses the wall clock, the network and the configured store.
 */
export interface Embedding {
  readonly clock?: Clock;
  readonly store?: Store;
  /** Where log lines go; the console otherwise. */
  readonly log?: (line: string) => void;
  /** Answers instead of the network, for the endpoint named by GOLDPATCH_ARM_ENDPOINT only. */
  readonly exchange?: (request: ArmExchange) => Promise<ArmAnswer>;
  /** Answers hooks and probes instead of the network, for tests. */
  readonly outside?: (request: HttpsRequest) => Promise<HttpsAnswer>;
}

const slot = Symbol.for("goldpatch.embedding");
interface Holder {
  [slot]?: Embedding;
}

export const lendToApp = (embedding: Embedding | undefined): void => {
  const holder = globalThis as Holder;
  if (embedding) holder[slot] = embedding;
  else delete holder[slot];
};

export const embedding = (): Embedding => (globalThis as Holder)[slot] ?? {};
