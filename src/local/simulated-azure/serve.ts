import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { sleepUntil, type HostClock } from "../clock/host-clock";
import { ConnectionCut, type ArmResponse } from "./arm-message";
import type { SimulatedAzure } from "./simulated-azure";

export interface ServeOptions {
  /** Any free port when absent. */
  readonly port?: number;
  readonly clock: HostClock;
}

export interface ServedAzure {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves simulated Azure on loopback. A cut connection becomes a destroyed socket. */
export async function serveSimulatedAzure(
  azure: SimulatedAzure,
  { port = 0, clock }: ServeOptions,
): Promise<ServedAzure> {
  const server = createServer((request, response) => void answer(azure, clock, request, response));
  await new Promise<void>((listening, failed) => {
    server.once("error", failed);
    server.listen(port, "127.0.0.1", listening);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  azure: SimulatedAzure,
  clock: HostClock,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let release = clock.hold();
  let over = false;
  /** Time must pass while the answer itself waits for it. */
  const sleep = async (instant: number): Promise<void> => {
    release();
    await sleepUntil(clock, instant);
    if (!over) release = clock.hold();
  };
  const gone = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) gone.abort();
  });
  try {
    const body = await bodyOf(request);
    const { method = "GET", url = "/" } = request;
    const answered = await azure.handle({ method, url, headers: headersOf(request), body, signal: gone.signal }, sleep);
    await new Promise<void>((sent) => {
      response.once("close", sent);
      response.writeHead(answered.status, answered.headers).end(answered.body);
    });
  } catch (error) {
    if (error instanceof ConnectionCut && error.begun) await sendPart(response, error.begun);
    request.socket.destroy();
  } finally {
    over = true;
    release();
  }
}

/** The head promises the whole body, of which half comes. */
function sendPart(response: ServerResponse, { status, headers, body }: ArmResponse): Promise<void> {
  const whole = Buffer.from(body);
  if (whole.length === 0) return Promise.resolve();
  response.writeHead(status, { ...headers, "content-length": whole.length });
  return new Promise((sent) => {
    response.write(whole.subarray(0, Math.ceil(whole.length / 2)), () => sent());
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

const headersOf = (request: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
