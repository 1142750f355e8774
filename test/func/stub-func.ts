import { readFileSync } from "node:fs";
import { createServer, request as httpRequest } from "node:http";
import path from "node:path";
import { parseArgs } from "node:util";
import { lendToApp } from "../../src/embedding";
import { scaledClock } from "../../src/local/clock/scaled-clock";
import { startFunctionsHost } from "../../src/local/functions-host";

/**
 * Stands for `func start`, so that all that `npm run test:func` does beside it can be tested where func is not to be had:
 * reads the folder's local.settings.json and host.json as func does, runs the app in the embedded host, and asks for no
 * key. STUB_FUNC_SPEED is the pace of its clock.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: "string", default: "7071" } }, allowPositionals: true });
  const read = (file: string): unknown => JSON.parse(readFileSync(path.resolve(file), "utf8"));
  const settings = read("local.settings.json") as { Values: Readonly<Record<string, string>> };
  Object.assign(process.env, settings.Values);
  const { main: entry } = read("package.json") as { main: string };
  const { extensions } = read("host.json") as { extensions: { durableTask: { defaultVersion: string } } };
  const clock = scaledClock(Date.now(), Number(process.env["STUB_FUNC_SPEED"] ?? "1"));
  lendToApp({ clock, log: (line) => process.stdout.write(`${line}\n`) });
  const host = await startFunctionsHost({
    main: path.resolve(entry),
    clock,
    defaultVersion: extensions.durableTask.defaultVersion,
    onLog: ({ level, message }) => process.stderr.write(`${level} ${message}\n`),
  });
  const { hostname, port } = new URL(host.url);
  createServer((request, response) => {
    const headers = { ...request.headers, "x-functions-key": host.functionKey };
    const { method, url } = request;
    const passed = httpRequest({ hostname, port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.once("error", () => response.writeHead(502).end());
    request.pipe(passed);
  }).listen(Number(values.port), "127.0.0.1");
}

main().catch((failure: unknown) => {
  process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
  process.exit(1);
});
