import type { TokenCredential } from "@azure/identity";
import {
  createDefaultHttpClient,
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { clouds, type Cloud } from "../domain/cloud/cloud";
import type { Embedding } from "../embedding";

/** Resource Manager of the public cloud. */
export const ARM_ORIGIN = clouds.AzureCloud.armOrigin;

/** An address outside Azure Resource Manager: nothing was sent to it. */
export class ForeignHostError extends Error {
  override readonly name = "ForeignHostError";
  constructor(
    readonly origin: string,
    armOrigin: string,
  ) {
    super(`refused to send a request to ${origin}: it is not ${armOrigin}`);
  }
}

/**
 * The URL to send through the pipeline, or undefined when it is not the Azure Resource Manager's of this cloud.
 * With a simulated endpoint its own addresses mean the same and go the same way.
 */
export function armAddress(
  url: string,
  endpoint: string | undefined,
  { armOrigin }: Cloud = clouds.AzureCloud,
): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { origin, pathname, search } = new URL(url);
  // Byte for byte: operation addresses are signed.
  if (origin === armOrigin) return url;
  return endpoint !== undefined && origin === new URL(endpoint).origin ? `${armOrigin}${pathname}${search}` : undefined;
}

/** What the SDK's pipeline ends in. Tokens leave for the cloud's Resource Manager only, or for the simulated endpoint if set. */
export function armTransport(
  endpoint: string | undefined,
  exchange: Embedding["exchange"],
  { armOrigin }: Cloud = clouds.AzureCloud,
): HttpClient {
  const network = createDefaultHttpClient();
  const send = endpoint === undefined ? network : simulated(endpoint, exchange, network);
  return {
    sendRequest(request) {
      const { origin } = new URL(request.url);
      return origin === armOrigin ? send.sendRequest(request) : Promise.reject(new ForeignHostError(origin, armOrigin));
    },
  };
}

function simulated(endpoint: string, exchange: Embedding["exchange"], network: HttpClient): HttpClient {
  return {
    async sendRequest(request) {
      if (exchange) return inProcess(request, exchange);
      const original = request.url;
      const { pathname, search } = new URL(original);
      // Joined as text: resolved against the endpoint, a path with two slashes in front would name another host.
      request.url = `${new URL(endpoint).origin}${pathname}${search}`;
      request.allowInsecureConnection = true;
      try {
        return await network.sendRequest(request);
      } finally {
        request.url = original;
      }
    },
  };
}

async function inProcess(
  request: PipelineRequest,
  exchange: NonNullable<Embedding["exchange"]>,
): Promise<PipelineResponse> {
  const answer = await exchange({
    method: request.method,
    url: request.url,
    headers: request.headers.toJSON(),
    ...(typeof request.body === "string" && { body: request.body }),
    ...(request.abortSignal && { signal: request.abortSignal as AbortSignal }),
  });
  return { request, status: answer.status, headers: createHttpHeaders({ ...answer.headers }), bodyAsText: answer.body };
}

/** Lies beyond every simulated time, so that virtual time never asks for another token. */
const FAR_FUTURE = 8.64e15;

/** For a simulated endpoint: no real credential is ever constructed beside one. */
export const simulatedCredential: TokenCredential = {
  getToken: () => Promise.resolve({ token: "simulated", expiresOnTimestamp: FAR_FUTURE }),
};
