import { ComputeManagementClient } from "@azure/arm-compute";
import { ResourceGraphClient } from "@azure/arm-resourcegraph";
import {
  createHttpHeaders,
  createPipelineRequest,
  RestError,
  type HttpClient,
  type HttpMethods,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import { armScopeOf, clouds, type Cloud, type CloudName } from "../domain/cloud/cloud";
import type { Embedding } from "../embedding";
import { armAddress, armTransport, simulatedCredential } from "./arm-transport";
import { azureCredential } from "./credential";

export interface ArmSettings {
  /** GOLDPATCH_ARM_ENDPOINT: a simulated Azure on loopback. */
  readonly endpoint?: string;
  /** AZURE_CLIENT_ID of a user-assigned identity. */
  readonly clientId?: string;
  /** GOLDPATCH_CLOUD; the public one if absent. */
  readonly cloud?: CloudName;
}

/** Retries belong to durable timers; a retried POST might install twice. */
const NO_RETRIES = { retryOptions: { maxRetries: 0 } } as const;

/** The app's way to Azure, real or simulated. */
export function connectArm(
  { endpoint, clientId, cloud: cloudName = "AzureCloud" }: ArmSettings,
  exchange: Embedding["exchange"],
): Arm {
  const cloud = clouds[cloudName];
  const credential = endpoint === undefined ? azureCredential(clientId, cloud) : simulatedCredential;
  return new Arm(credential, armTransport(endpoint, exchange, cloud), endpoint, cloud);
}

/** A request with its whole address. */
export interface RawRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object;
  readonly signal?: AbortSignal;
}

/** The SDK's clients over one transport and one credential, for one cloud. */
export class Arm {
  readonly graph: ResourceGraphClient;
  readonly #cloud: Cloud;
  readonly #endpoint: string | undefined;
  readonly #credential: TokenCredential;
  readonly #transport: HttpClient;
  readonly #compute = new Map<string, ComputeManagementClient>();

  constructor(credential: TokenCredential, transport: HttpClient, endpoint?: string, cloud: Cloud = clouds.AzureCloud) {
    this.#cloud = cloud;
    this.#endpoint = endpoint;
    this.#credential = credential;
    this.#transport = transport;
    this.graph = new ResourceGraphClient(credential, this.#options());
  }

  /** Where paths are sent that no client of the SDK's has a method for. */
  get origin(): string {
    return this.#cloud.armOrigin;
  }

  compute(subscriptionId: string): ComputeManagementClient {
    const known = this.#compute.get(subscriptionId);
    if (known) return known;
    const client = new ComputeManagementClient(this.#credential, subscriptionId, this.#options());
    this.#compute.set(subscriptionId, client);
    return client;
  }

  /** The address as it may be sent, or undefined when it lies outside Azure Resource Manager. */
  address(url: string): string | undefined {
    return armAddress(url, this.#endpoint, this.#cloud);
  }

  /** Sends what no client of the SDK's has a method for. @throws when the connection breaks */
  sendRaw(subscriptionId: string, { method, url, headers, body, signal }: RawRequest): Promise<PipelineResponse> {
    const request = createPipelineRequest({
      url,
      method,
      headers: createHttpHeaders({ ...headers, ...(body !== undefined && { "content-type": "application/json" }) }),
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { abortSignal: signal }),
    });
    return this.compute(subscriptionId).pipeline.sendRequest(this.#transport, request);
  }

  /**
   * Sends a request that no SDK makes, and answers the body's JSON; undefined for an empty body.
   *
   * @param path with its query, or an absolute address of Azure Resource Manager
   * @throws RestError for an answer that is no success, or none
   */
  async send(subscriptionId: string, method: HttpMethods, path: string, body?: object): Promise<unknown> {
    const url = path.startsWith("/") ? `${this.origin}${path}` : (this.address(path) ?? path);
    const request = createPipelineRequest({
      url,
      method,
      headers: createHttpHeaders({ accept: "application/json", ...(body && { "content-type": "application/json" }) }),
      ...(body && { body: JSON.stringify(body) }),
    });
    const response = await this.compute(subscriptionId).pipeline.sendRequest(this.#transport, request);
    const { status, bodyAsText } = response;
    if (status >= 300)
      throw new RestError(`${method} was answered ${status}`, { statusCode: status, request, response });
    return bodyAsText ? JSON.parse(bodyAsText) : undefined;
  }

  /** GETs an operation's address. @throws when it lies outside Azure Resource Manager, or the connection breaks. */
  get(subscriptionId: string, url: string): Promise<PipelineResponse> {
    return this.sendRaw(subscriptionId, { method: "GET", url: this.address(url) ?? url });
  }

  #options() {
    return {
      httpClient: this.#transport,
      endpoint: this.#cloud.armOrigin,
      // Without it they ask for a token of the public cloud, whatever the endpoint.
      credentials: { scopes: [armScopeOf(this.#cloud)] },
      ...NO_RETRIES,
    };
  }
}
