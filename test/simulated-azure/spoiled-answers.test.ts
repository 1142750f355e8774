import { afterEach, describe, expect, it } from "@jest/globals";
import { connect } from "node:net";
import { parseFleet, serveSimulatedAzure, SimulatedAzure } from "../../src/local/simulated-azure";
import { API, at, type Causes, cloud, closeClouds, fleetFile, vmIdOf } from "./cloud";

afterEach(closeClouds);

const spoiled = (on: string, how: Causes) => cloud({}, { faults: [{ on, times: 1, ...how }] });
const raw = (made: ReturnType<typeof cloud>, method: string, path: string) =>
  made.azure.handle({ method, url: `${path}?${API}`, headers: { authorization: "Bearer token" } });
const VM = vmIdOf("vm1");

describe("a spoiled body", () => {
  it("that is truncated ends in the middle, under the head of a success", async () => {
    const made = spoiled("vm", { body: "truncated" });
    const broken = await raw(made, "GET", VM);
    const whole = await raw(made, "GET", VM);
    expect([broken.status, whole.status]).toEqual([200, 200]);
    expect(whole.body.startsWith(broken.body)).toBe(true);
    expect(broken.body).toHaveLength(Math.floor(whole.body.length / 2));
  });

  it.each([
    ["malformed", "application/json", /^\{.*,\}/],
    ["page", "text/html", /^<!DOCTYPE html>/],
    ["empty", "application/json", /^$/],
  ])("that is %s", async (body, type, shape) => {
    const answer = await raw(spoiled("vm", { body }), "GET", VM);
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toContain(type);
    expect(answer.body).toMatch(shape);
  });

  it("does not take the operation back, and leaves its addresses in the head", async () => {
    const made = spoiled("assessPatches", { body: "malformed" });
    const { status, headers } = await raw(made, "POST", `${VM}/assessPatches`);
    expect([status, headers["azure-asyncoperation"] !== undefined]).toEqual([202, true]);
    expect(made.azure.truth.map(({ operations }) => operations.map(({ kind }) => kind))).toEqual([["assess"]]);
  });

  it("spoils a refusal as well", async () => {
    const made = cloud({ power: { state: "stopped" } }, { faults: [{ on: "assessPatches", body: "empty" }] });
    expect(await raw(made, "POST", `${VM}/assessPatches`)).toMatchObject({ status: 409, body: "" });
  });
});

describe("an answer given after the effect", () => {
  const answer = { status: 504, code: "GatewayTimeout", message: "m" };

  it("says trouble although the operation runs", async () => {
    const made = spoiled("assessPatches", { answer, answered: "afterEffect" });
    expect((await made.assess()).status).toBe(504);
    expect(made.azure.truth[0]?.operations).toHaveLength(1);
    expect(made.transcript.at(-1)).toMatchObject({ status: 504, operationId: made.azure.truth[0]?.operations[0]?.id });
  });

  it("comes instead of the effect unless told", async () => {
    const made = spoiled("assessPatches", { answer });
    expect((await made.assess()).status).toBe(504);
    expect(made.azure.truth[0]?.operations).toEqual([]);
  });
});

describe("a connection cut in the middle of the body", () => {
  const fleet = { faults: [{ on: "vm", times: 1, cut: "midBody" }] };

  it("is a reset to a client in process", async () => {
    const made = cloud({}, fleet);
    await expect(made.vm()).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(made.transcript.at(-1)).toMatchObject({ status: null });
    expect((await made.vm()).status).toBe(200);
  });

  it("promises the whole and sends half over loopback", async () => {
    const made = cloud({}, fleet);
    const served = await serveSimulatedAzure(made.azure, { clock: made.clock });
    try {
      const text = await new Promise<string>((resolve, reject) => {
        const socket = connect(Number(new URL(served.url).port), "127.0.0.1", () =>
          socket.write(`GET ${VM}?${API} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer t\r\n\r\n`),
        );
        let got = "";
        socket.setEncoding("utf8").on("data", (part: string) => (got += part));
        socket.on("close", () => resolve(got)).on("error", reject);
      });
      const [head = "", body = ""] = text.split("\r\n\r\n");
      expect(head).toMatch(/^HTTP\/1\.1 200 /);
      const promised = Number(/content-length: (\d+)/i.exec(head)?.[1]);
      expect(body).toHaveLength(Math.ceil(promised / 2));
    } finally {
      await served.close();
    }
  });
});

it("every fault that a request meets is told, those of machines too", async () => {
  const met: string[] = [];
  const made = cloud();
  const azure = new SimulatedAzure({
    fleet: parseFleet(
      fleetFile(
        { assess: { cut: { when: "beforeEffect" } } },
        {
          faults: [
            { on: "vm", times: 1, body: "page" },
            { on: "vm", times: 1, fromSeconds: 0, cut: "midBody" },
          ],
        },
      ),
    ),
    clock: made.clock,
    seed: 1,
    faultMet: (fault) => met.push(fault),
  });
  const send = (method: string, path: string) =>
    azure.handle({ method, url: `${path}?${API}`, headers: { authorization: "Bearer token" } });
  await send("GET", VM);
  await expect(send("GET", VM)).rejects.toThrow();
  await expect(send("POST", `${VM}/assessPatches`)).rejects.toThrow();
  await send("GET", VM);
  expect(met).toEqual(["vm body page", "vm cut midBody", "assessPatches cut beforeEffect"]);
});

describe("the agent lost in mid-operation", () => {
  const duration = { durationSeconds: 600 };

  it("lets the operation hang until Azure's patience for the agent is over", async () => {
    const made = cloud({ install: { ...duration, agentLost: { afterSeconds: 100 } }, pending: { Security: 1 } });
    const accepted = await made.install();
    const poll = () => made.get(accepted.headers["azure-asyncoperation"] ?? "");
    await made.until(100 + 24 * 60);
    expect((await poll()).json).toMatchObject({ status: "InProgress" });
    expect(at((await made.view()).json, "vmAgent.statuses.0.displayStatus")).toBe("Not Ready");
    await made.until(100 + 46 * 60);
    expect((await poll()).json).toMatchObject({ status: "Failed", error: { code: "VMAgentStatusCommunicationError" } });
    expect(at((await made.view()).json, "patchStatus.lastPatchInstallationSummary.status")).toBe("Failed");
  });

  it("only delays it when the agent comes back in time", async () => {
    const made = cloud({ assess: { ...duration, agentLost: { afterSeconds: 100, forSeconds: 300 } } });
    const accepted = await made.assess();
    const poll = () => made.get(accepted.headers["azure-asyncoperation"] ?? "");
    await made.until(899);
    expect((await poll()).json).toMatchObject({ status: "InProgress" });
    await made.until(900);
    expect((await poll()).json).toMatchObject({ status: "Succeeded" });
    expect(at((await made.view()).json, "vmAgent.statuses.0.displayStatus")).toBe("Ready");
  });
});

describe("a VM created anew under its name", () => {
  const vmIdNow = async (made: ReturnType<typeof cloud>) => at((await made.vm()).json, "properties.vmId");

  it("is gone for a minute, then another machine without patches of its own", async () => {
    const made = cloud({ recreatedAfterSeconds: 600, assess: { durationSeconds: 60 } });
    await made.assess();
    const before = await vmIdNow(made);
    await made.until(570);
    expect((await made.vm()).status).toBe(404);
    await made.until(900);
    const after = await vmIdNow(made);
    expect(after).not.toBe(before);
    expect(at((await made.view()).json, "patchStatus")).toBeUndefined();
    expect(made.azure.truth.map(({ vmId, operations }) => [vmId, operations.length])).toEqual([
      [before, 1],
      [after, 0],
    ]);
    expect(made.azure.vmIds).toEqual([VM]);
  });

  it("ends what runs on the first, and has an event of its own", async () => {
    const made = cloud({ recreatedAfterSeconds: 600, install: { durationSeconds: 3000 } });
    made.azure.start();
    const accepted = await made.install();
    await made.until(1000);
    expect((await made.get(accepted.headers["azure-asyncoperation"] ?? "")).json).toMatchObject({
      status: "Failed",
      error: { code: "OperationPreempted" },
    });
    expect(made.events).toHaveLength(1);
  });
});

it("a row beside the one that it replaced is shown with it", async () => {
  const made = cloud({
    graph: { lagSeconds: 0, row: "besideOlder", showsInProgress: false, readiness: ["Supported", "Unsupported"] },
    assess: { durationSeconds: 60 },
  });
  await made.assess();
  await made.until(61);
  await made.assess();
  await made.until(122);
  const rows = await made.rows("patchassessmentresources | project id, properties");
  const STATE = "properties.configurationStatus.vmGuestPatchReadiness.detectedVMGuestPatchSupportState";
  expect(rows.map((row) => at(row, STATE))).toEqual(["Supported", "Unsupported"]);
});
