import { createServer } from "node:net";
import { Program } from "../support/program";

/** Azurite's blob, queue and table services; the Functions host wants all three. */
export interface Storage {
  /** As AzureWebJobsStorage takes it. */
  readonly connectionString: string;
  /** As GOLDPATCH_TABLES_ENDPOINT takes it. */
  readonly tablesEndpoint: string;
}

/** What every Azurite has: learn.microsoft.com/azure/storage/common/storage-use-azurite. */
const ACCOUNT = "devstoreaccount1";
const KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/** On free ports of loopback; its files lie in `folder`. */
export async function startStorage(azurite: string, folder: string): Promise<Storage> {
  const [blob, queue, table] = await freePorts(3);
  const ports = { blob, queue, table };
  const places = Object.entries(ports).flatMap(([service, port]) => [
    ...[`--${service}Host`, "127.0.0.1"],
    ...[`--${service}Port`, String(port)],
  ]);
  const options = ["--location", folder, "--silent", "--skipApiVersionCheck", "--disableTelemetry"];
  const program = new Program(process.execPath, [azurite, ...places, ...options], { cwd: folder, env: process.env });
  for (const service of ["Blob", "Queue", "Table"]) {
    await program.says("stdout", new RegExp(`Azurite ${service} service (?:is|successfully).* listen`));
  }
  const endpoint = (port: number | undefined) => `http://127.0.0.1:${String(port)}/${ACCOUNT}`;
  const endpoints = `BlobEndpoint=${endpoint(blob)};QueueEndpoint=${endpoint(queue)};TableEndpoint=${endpoint(table)};`;
  return {
    connectionString: `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${KEY};${endpoints}`,
    tablesEndpoint: endpoint(table),
  };
}

/** All are open at once, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  return Promise.all(
    servers.map(async (server) => {
      const address = server.address();
      await new Promise((resolve) => server.close(resolve));
      return typeof address === "object" && address ? address.port : 0;
    }),
  );
}
