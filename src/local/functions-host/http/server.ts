import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { HostClock } from "../../clock/host-clock";
import { HostStartError, messageOf, stackOf } from "../errors";
import type { HostLog } from "../log";
import { RPC_PATH } from "./management-links";
import { empty, problem, type HostRequest, type Reply } from "./reply";

const LOOPBACK = "127.0.0.1";
const BODY_LIMIT_BYTES = 10 * 1024 * 1024;

export type Answer = (request: HostRequest) => Promise<Reply>;

export interface LoopbackServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Until this is called, every request is answered 503. */
  answerWith(answer: Answer): void;
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1. Time stands still while a request is in flight: from its arrival until its response is out.
 *
 * @throws HostStartError when the port is taken.
 */
export async function listen(port: number, clock: HostClock, log: HostLog): Promise<LoopbackServer> {
  let answer: Answer = () => Promise.resolve(empty(503));
  const server = createServer((request, response) => {
    response.once("close", clock.hold());
    void serve(request, response, (read) => answer(read), log);
  });
  await bind(server, port);
  const address = server.address();
  const url = `http://${LOOPBACK}:${typeof address === "object" && address ? address.port : port}`;
  return {
    url,
    answerWith: (value) => (answer = value),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function bind(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (thrown: NodeJS.ErrnoException) => {
      const taken = thrown.code === "EADDRINUSE";
      const message = taken
        ? `Port ${port} of ${LOOPBACK} is taken. Stop the program that listens there, or choose another port (0 takes a free one).`
        : `Cannot listen on ${LOOPBACK}:${port}: ${messageOf(thrown)}`;
      reject(new HostStartError(taken ? "PortTaken" : "ListenFailed", message, thrown));
    });
    server.listen(port, LOOPBACK, resolve);
  });
}

async function serve(incoming: IncomingMessage, response: ServerResponse, answer: Answer, log: HostLog): Promise<void> {
  try {
    const body = await bodyOf(incoming);
    const url = urlOf(incoming);
    if (!body) respond(response, TOO_LARGE);
    else if (!url) respond(response, empty(400));
    else respond(response, await answer({ method: incoming.method ?? "GET", url, headers: headersOf(incoming), body }));
  } catch (thrown) {
    const cut = incoming.destroyed && !incoming.complete;
    if (cut || response.headersSent) return;
    log({ level: "error", category: "http", message: `${incoming.method} ${pathOf(incoming)}: ${stackOf(thrown)}` });
    respond(response, empty(500));
  }
}

const TOO_LARGE = problem(
  413,
  "Body too large",
  `body: more than ${BODY_LIMIT_BYTES} bytes: send it as several requests`,
);

/** As it may be logged: keys stand in the query, and the durable client's secret in its path. */
function pathOf({ url = "/" }: IncomingMessage): string {
  const [path = "/"] = url.split("?");
  return path.startsWith(RPC_PATH) ? `${RPC_PATH}…` : path;
}

function respond(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, headers);
  response.end(body);
}

/** Undefined when the body is over the limit; it is read to its end all the same, so that the client reads the answer. */
async function bodyOf(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= BODY_LIMIT_BYTES) chunks.push(chunk);
  }
  return size > BODY_LIMIT_BYTES ? undefined : Buffer.concat(chunks);
}

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : `${value}`]),
  );

/** With the host that the client named, as addresses in answers should work for it; undefined when that makes no URL. */
function urlOf({ url = "/", headers }: IncomingMessage): URL | undefined {
  const origin = `http://${headers.host ?? LOOPBACK}`;
  return URL.canParse(origin + url) ? new URL(origin + url) : undefined;
}
