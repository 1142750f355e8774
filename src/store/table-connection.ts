import { AzureNamedKeyCredential, TableClient } from "@azure/data-tables";
import { createDefaultHttpClient, type HttpClient } from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";

export interface TablesSettings {
  /** GOLDPATCH_TABLES_ENDPOINT: a storage account's table service, or Azurite on loopback. */
  readonly endpoint: string;
  /** Makes the credential, for a storage account only. */
  readonly credential: () => TokenCredential;
  /** What takes requests to the service; the network when absent. */
  readonly transport?: HttpClient;
}

const TABLE = "goldpatch";

/** Until an answer is complete. A try takes no longer. */
const TIMEOUT_MS = 10_000;

/** The key that every Azurite has, which Microsoft publishes: learn.microsoft.com/azure/storage/common/storage-use-azurite. */
const AZURITE = new AzureNamedKeyCredential(
  "devstoreaccount1",
  "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
);

/** A table, and what its requests go through. */
export interface TableConnection {
  readonly client: TableClient;
  readonly transport: HttpClient;
  /** Of the service, without a slash at its end. */
  readonly address: string;
}

export function connectTable(settings: TablesSettings, table = TABLE): TableConnection {
  const address = settings.endpoint.replace(/\/$/, "");
  const transport = toOnly(new URL(address).origin, settings.transport ?? createDefaultHttpClient());
  // attempts() tries again.
  const options = { httpClient: transport, retryOptions: { maxRetries: 0 } };
  const client = address.startsWith("https:")
    ? new TableClient(address, table, settings.credential(), options)
    : new TableClient(address, table, AZURITE, { ...options, allowInsecureConnection: true });
  return { client, transport, address };
}

/** Tokens leave for the table service only, whatever a redirect says. */
function toOnly(origin: string, transport: HttpClient): HttpClient {
  return {
    async sendRequest(request) {
      const target = new URL(request.url).origin;
      if (target !== origin) throw new Error(`refused to send a request to ${target}: it is not ${origin}`);
      request.timeout = TIMEOUT_MS;
      return transport.sendRequest(request);
    },
  };
}
