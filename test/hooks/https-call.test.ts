import { afterEach, describe, expect, test } from "@jest/globals";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { HttpsRequest } from "../../src/embedding";
import { callHttps, ForbiddenAddress, type CallRules } from "../../src/hooks/https-call";
import { isPublicAddress } from "../../src/hooks/public-address";
import { certificate, privateKey } from "./certificate";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<number> {
  const server = createServer({ cert: certificate, key: privateKey }, answer);
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return (server.address() as AddressInfo).port;
}

const never = new AbortController().signal;
const get = (url: string, signal = never): HttpsRequest => ({ method: "GET", url, headers: {}, signal });
const local: CallRules = { privateHosts: ["localhost"], ca: certificate };
const at =
  (...addresses: string[]) =>
  () =>
    Promise.resolve(addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })));

describe("an https call", () => {
  test("sends what it is told, and answers with the head alone", async () => {
    const seen: unknown[] = [];
    const port = await serve((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        seen.push(request.method, request.url, request.headers["x-test"], request.headers.host, body);
        response.writeHead(202, { "retry-after": "7" }).end("ignored");
      });
    });
    const url = `https://localhost:${port}/path?query=1`;
    const call = { method: "POST", url, headers: { "x-test": "yes" }, body: "{}", signal: never } as const;
    expect(await callHttps(call, local)).toEqual({ status: 202, retryAfter: "7" });
    expect(seen).toEqual(["POST", "/path?query=1", "yes", `localhost:${port}`, "{}"]);
  });

  test("follows no redirect", async () => {
    let asked = 0;
    const port = await serve((_request, response) => {
      asked += 1;
      response.writeHead(302, { location: "/elsewhere" }).end();
    });
    expect(await callHttps(get(`https://localhost:${port}/`), local)).toEqual({ status: 302 });
    expect(asked).toBe(1);
  });

  test("reads no body, however long it is", async () => {
    const broken = Promise.withResolvers<undefined>();
    const port = await serve((_request, response) => {
      response.on("close", () => broken.resolve(undefined));
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write("x".repeat(65_536)));
      };
      response.on("drain", more);
      more();
    });
    expect(await callHttps(get(`https://localhost:${port}/`), local)).toEqual({ status: 200 });
    await broken.promise;
  });

  test("ends when its time is over, whether or not somebody is connected", async () => {
    const asked = Promise.withResolvers<undefined>();
    const port = await serve(() => asked.resolve(undefined));
    const cut = new AbortController();
    const silent = callHttps(get(`https://localhost:${port}/`, cut.signal), local);
    await asked.promise;
    cut.abort();
    await expect(silent).rejects.toThrow("no answer in time");

    const slowNames = { ...local, resolve: () => new Promise<never>(() => undefined) };
    await expect(callHttps(get("https://hooks.example.com/", cut.signal), slowNames)).rejects.toThrow(
      "no answer in time",
    );
  });

  test("trusts no certificate that it does not know", async () => {
    const port = await serve((_request, response) => response.end());
    await expect(callHttps(get(`https://localhost:${port}/`), { privateHosts: ["localhost"] })).rejects.toMatchObject({
      code: "DEPTH_ZERO_SELF_SIGNED_CERT",
    });
  });

  test("leaves for no http address", async () => {
    await expect(callHttps(get("http://hooks.example.com/"), local)).rejects.toThrow(ForbiddenAddress);
  });

  test.each([
    ["https://127.0.0.1:1/", undefined],
    ["https://[::1]/", undefined],
    ["https://169.254.169.254/metadata/identity/oauth2/token", undefined],
    ["https://168.63.129.16/machine", undefined],
    // Other spellings of 127.0.0.1, which URL reads as browsers do.
    ["https://2130706433/", undefined],
    ["https://0x7f.1/", undefined],
    ["https://hooks.example.com/", ["10.1.2.3"]],
    ["https://hooks.example.com/", ["::ffff:10.1.2.3"]],
    // One public address does not make the other one harmless.
    ["https://hooks.example.com/", ["20.1.2.3", "192.168.1.1"]],
  ])("does not reach %s (%p)", async (url, addresses) => {
    const rules = { ...local, ...(addresses && { resolve: at(...addresses) }) };
    await expect(callHttps(get(url), rules)).rejects.toThrow(/is no public address: add it to GOLDPATCH_HOOK_HOSTS/);
  });

  test("goes to the address that was looked at, though the name means another one the next time", async () => {
    const port = await serve((_request, response) => response.end());
    const answers = [["127.0.0.1"], ["20.1.2.3"]];
    const rules = {
      privateHosts: ["hooks.example.com"],
      ca: certificate,
      resolve: () => at(...(answers.shift() ?? []))(),
    };
    expect(await callHttps(get(`https://hooks.example.com:${port}/`), rules)).toEqual({ status: 200 });
    expect(answers).toHaveLength(1);
  });

  test("says so when a name has no address", async () => {
    const nowhere = { ...local, resolve: at() };
    await expect(callHttps(get("https://hooks.example.com/"), nowhere)).rejects.toThrow("has no address");
  });
});

describe("an address on the internet", () => {
  test.each(["20.50.2.1", "8.8.8.8", "172.32.0.1", "2603:1030::1", "2a00:1450::1"])("%s is one", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  test.each([
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.53",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:20.50.2.1",
    "64:ff9b::a00:1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "ff02::1",
    "2001:db8::1",
    "2001::1",
    "2002:7f00:1::",
    "hooks.example.com",
  ])("%s is none", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
