import { afterEach, describe, expect, it } from "@jest/globals";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { realClock } from "../../src/local/clock/real-clock";
import { parseFleet, type ServedAzure, serveSimulatedAzure, SimulatedAzure } from "../../src/local/simulated-azure";
import { API, type Causes, cloud, closeClouds, type Cloud, fleetFile, vmIdOf } from "./cloud";

const open: ServedAzure[] = [];
afterEach(async () => {
  for (const served of open.splice(0)) await served.close();
  closeClouds();
});

async function serve(made: Cloud): Promise<string> {
  const served = await serveSimulatedAzure(made.azure, { clock: made.clock });
  open.push(served);
  return served.url;
}

/** A client that Node's diagnostics do not show to the clock, as one in another process. */
const rawPost = (url: string, path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname, () =>
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer t\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
      ),
    );
    let text = "";
    socket.setEncoding("utf8").on("data", (part: string) => (text += part));
    socket.on("close", () => resolve(text)).on("error", reject);
  });

describe("serving over loopback", () => {
  let made: Cloud;
  const begin = async (vm: Causes = {}) => serve((made = cloud(vm)));

  const get = (url: string): Promise<{ status: number | undefined; body: string; date: string | undefined }> =>
    new Promise((resolve, reject) => {
      const sent = httpRequest(url, { headers: { authorization: "Bearer t" } }, (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (part: string) => (body += part));
        response.on("end", () => resolve({ status: response.statusCode, body, date: response.headers.date }));
      });
      sent.on("error", reject).end();
    });

  it("listens on 127.0.0.1 and answers as in process", async () => {
    const url = await begin();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const { status, body, date } = await get(`${url}${vmIdOf("vm1")}?${API}`);
    expect([status, JSON.parse(body)]).toEqual([200, (await made.vm()).json]);
    expect(date).toBe("Mon, 23 Nov 2026 08:00:00 GMT");
  });

  it("destroys the socket of a cut connection", async () => {
    const url = await begin({ assess: { cut: { when: "afterEffect" } } });
    expect(await rawPost(url, `${vmIdOf("vm1")}/assessPatches?${API}`)).toBe("");
    expect(made.transcript).toMatchObject([{ status: null }]);
  });

  it("lets time pass while an answer waits, and holds it otherwise", async () => {
    const url = await begin({ assess: { late: { answerAfterSeconds: 45 } } });
    const text = await rawPost(url, `${vmIdOf("vm1")}/assessPatches?${API}`);
    expect(text).toMatch(/^HTTP\/1\.1 202 /);
    expect(made.seconds).toBe(45);
    await made.until(46);
    expect(made.seconds).toBe(46);
  });

  it("takes a request up whose client hung up, and records that nobody was answered", async () => {
    const url = await begin({ assess: { late: { answerAfterSeconds: 1e6 } } });
    const { hostname, port } = new URL(url);
    const release = made.clock.hold();
    const socket = connect(Number(port), hostname, () =>
      socket.write(
        `POST ${vmIdOf("vm1")}/assessPatches?${API} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer t\r\nContent-Length: 0\r\n\r\n`,
      ),
    );
    while ((await made.view()).json["patchStatus"] === undefined) await new Promise((turn) => setImmediate(turn));
    socket.destroy();
    await new Promise((closed) => socket.once("close", closed));
    release();
    await made.until(1e6 + 1);
    expect(made.transcript.find(({ method }) => method === "POST")).toMatchObject({
      status: null,
      operationId: expect.any(String),
    });
  });

  it("works on the wall clock too", async () => {
    const azure = new SimulatedAzure({
      fleet: parseFleet(fleetFile({}, { start: new Date().toISOString() })),
      clock: realClock,
      seed: 1,
    });
    const served = await serveSimulatedAzure(azure, { clock: realClock });
    open.push(served);
    expect((await get(`${served.url}${vmIdOf("vm1")}?${API}`)).status).toBe(200);
  });

  it("tells when the port is taken", async () => {
    const url = await begin();
    const taken = serveSimulatedAzure(made.azure, { clock: made.clock, port: Number(new URL(url).port) });
    await expect(taken).rejects.toMatchObject({ code: "EADDRINUSE" });
  });
});
